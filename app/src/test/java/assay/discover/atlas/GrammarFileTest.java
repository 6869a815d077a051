package assay.discover.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrammarFileTest {
    private static GrammarFile parse(String text) {
        return GrammarFile.parse("test", text, Map.of());
    }

    private static List<String> all(GrammarFile file, long seed) {
        CategoryDraw draw = new CategoryDraw(file, seed);
        Set<String> seen = new HashSet<>();
        List<String> texts = new ArrayList<>();
        Optional<String> text = draw.next(seen);
        while (text.isPresent()) {
            texts.add(text.get());
            text = draw.next(seen);
        }
        return texts;
    }

    @Test
    void commentsListsAndTemplatesAreToldApart() {
        GrammarFile file = parse("# A comment.\njob = baker | nurse\n    | owl\n\nYou are {a job}.\nHello there.\n");
        assertThat(file.lists()).containsOnlyKeys("job");
        assertThat(file.lists().get("job")).hasSize(3);
        assertThat(all(file, 1))
                .containsExactlyInAnyOrder("You are a baker.", "You are a nurse.", "You are an owl.", "Hello there.");
    }

    @Test
    void everyPhraseOfASmallGrammarIsDrawnOnce() {
        GrammarFile file = parse("x = one | two | three\ny = red | blue\nSay {x} and {y}.\n");
        for (long seed = 0; seed < 20; seed++) {
            assertThat(all(file, seed)).hasSize(6).doesNotHaveDuplicates();
        }
    }

    @Test
    void aListNamedTwiceGivesTwoDifferentFillers() {
        GrammarFile file = parse("x = one | two | three\nSay {x} and {x}.\n");
        assertThat(all(file, 3))
                .containsExactlyInAnyOrder(
                        "Say one and two.",
                        "Say two and one.",
                        "Say one and three.",
                        "Say three and one.",
                        "Say two and three.",
                        "Say three and two.");
    }

    @Test
    void fillersMayHoldSlotsAndSentencesStartWithACapital() {
        GrammarFile file = parse("pet = cat\nact = feed {a pet}\n{act}. go again.\n{act} now.\n");
        assertThat(all(file, 1)).containsExactlyInAnyOrder("Feed a cat. Go again.", "Feed a cat now.");
    }

    @Test
    void fillersAreDealtLikeCards() {
        GrammarFile file = parse("x = a1 | a2 | a3 | a4 | a5\nSay {x} now.\nSay {x} later.\n");
        List<String> firstFive = all(file, 9).subList(0, 5).stream()
                .map(text -> text.split(" ", -1)[1])
                .toList();
        assertThat(firstFive).doesNotHaveDuplicates();
    }

    @Test
    void tooFewFillersForOneTemplateAreNamed() {
        assertThatThrownBy(() -> all(parse("x = one\nSay {x} and {x}.\n"), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "grammar list: expected enough fillers for one template, found 1 (x in test.txt). Add fillers.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "You are {job}.; grammar slot: expected a list above this line, found job (test.txt line 1). Write the list first.",
                "You are {Job}.; grammar slot: expected {list} or {a list}, found You are {Job}. (test.txt line 1). Mend the slot.",
                "x = {x}; grammar slot: expected a list above this line, found x (test.txt line 1). Write the list first."
            })
    void slotsThatCannotBeFilledAreRefused(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aListNamedTwiceAndAStrayIndentedLineAreRefused() {
        assertThatThrownBy(() -> parse("x = one\nx = two"))
                .hasMessage("grammar list: expected a new name, found x again (test.txt line 2). Choose another name.");
        assertThatThrownBy(() -> parse("Say this.\n    | two"))
                .hasMessage(
                        "grammar line: expected a list above an indented line, found none (test.txt line 2). Remove the indentation.");
    }

    @ParameterizedTest
    @CsvSource({
        "owl,an",
        "wolf,a",
        "honest man,an",
        "hour,an",
        "house,a",
        "heir,an",
        "unicorn,a",
        "university,a",
        "unusual way,an",
        "uninvited guest,an",
        "unimpressed cat,an",
        "useful tool,a",
        "usher,an",
        "utopian novel,a",
        "European,a",
        "one-liner,a",
        "onion,an",
        "ukulele,a",
        "umbrella,an",
        "Italian,an",
        "ewe,a",
        "yoga teacher,a",
        "Ostrich,an"
    })
    void articlesFollowTheSound(String filler, String article) {
        assertThat(Article.of(filler)).isEqualTo(article);
    }
}
