package assay.discover.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpellingTest {
    @SuppressWarnings("NullAway.Init")
    private TinySearch tiny;

    @BeforeAll
    void open(@TempDir java.nio.file.Path folder) throws java.io.IOException {
        tiny = TinySearch.open(folder);
    }

    @AfterAll
    void close() {
        tiny.close();
    }

    @Test
    void aPieceIsSpelledOut() {
        assertThat(whole("Red", "beard")).isEqualTo("Redbeard");
        assertThat(whole("Coca", "-Cola")).isEqualTo("Coca-Cola");
        assertThat(whole("Cath", "éri")).isEqualTo("Cathéri");
    }

    @Test
    void whatIsAWholeWordStays() {
        assertThat(whole("sea", "")).isEqualTo("sea");
        assertThat(whole("pirate", "s")).isEqualTo("pirate");
        assertThat(whole("sail", "ing")).isEqualTo("sail");
        assertThat(whole("sea", "-")).isEqualTo("sea");
        assertThat(whole("cat", "aaaaaa")).isEqualTo("cat");
    }

    @Test
    void twoPiecesOfOneWordAreOneWord() {
        Keyness.Telling red = new Keyness.Telling("Red", "Red", 1);
        Keyness.Telling redb = new Keyness.Telling("Redb", "Redb", 2);
        List<Keyness.Telling> whole =
                new Spelling(tiny.chat.tokenizer()).whole(List.of(red, redb), behind("beard", "eard"));
        assertThat(whole).containsExactly(new Keyness.Telling("Redbeard", "Redbeard", 1));
        assertThat(new Spelling(tiny.chat.tokenizer()).whole(List.of(), behind()))
                .isEmpty();
    }

    @Test
    void marksAndNewWordsEndAWord() {
        Spelling spelling = new Spelling(tiny.chat.tokenizer());
        for (String mark : List.of(".", " be", "\n", "'", "3")) {
            assertThat(spelling.ends(only(mark))).as(mark).isTrue();
        }
        for (String piece : List.of("b", "Z", "-")) {
            assertThat(spelling.ends(only(piece))).as(piece).isFalse();
        }
    }

    @Test
    void halfALetterGoesOn() {
        int[] tokens = tiny.chat.tokenizer().encode("é");
        assertThat(tokens).hasSize(2);
        assertThat(new Spelling(tiny.chat.tokenizer()).ends(tokens[0])).isFalse();
    }

    private int only(String text) {
        int[] tokens = tiny.chat.tokenizer().encode(text);
        assertThat(tokens).as(text).hasSize(1);
        return tokens[0];
    }

    private String whole(String piece, String behind) {
        return new Spelling(tiny.chat.tokenizer())
                .whole(List.of(new Keyness.Telling(piece, piece, 7)), behind(behind))
                .getFirst()
                .text();
    }

    private Function<int[], List<int[]>> behind(String... texts) {
        return tokens -> {
            assertThat(tokens).hasSize(texts.length);
            return Arrays.stream(texts).map(tiny.chat.tokenizer()::encode).toList();
        };
    }
}
