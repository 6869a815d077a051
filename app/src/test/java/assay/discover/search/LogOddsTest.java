package assay.discover.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogOddsTest {
    private static final List<String> PLAIN = List.of("rain", "falls", "from", "clouds", "when", "air", "cools");

    @Test
    void aWordOfMoreTextsIsMoreTelling() {
        List<List<String>> texts = texts(16);
        add(texts, 10, "arr");
        add(texts, 5, "sea");
        assertThat(LogOdds.standingOut(texts, texts(32))).containsExactly("arr", "sea");
    }

    @Test
    void aWordOfOneTextDoesNotStandOutHoweverOftenItSaysIt() {
        List<List<String>> texts = texts(16);
        texts.getFirst().addAll(Collections.nCopies(30, "arr"));
        assertThat(LogOdds.standingOut(texts, texts(16))).isEmpty();
    }

    @Test
    void whatOthersSayAsOftenDoesNotStandOut() {
        List<List<String>> texts = texts(16);
        List<List<String>> others = texts(32);
        add(texts, 8, "sea");
        add(others, 16, "sea");
        assertThat(LogOdds.standingOut(texts, others)).isEmpty();
        add(others, 32, "land");
        assertThat(LogOdds.standingOut(texts, others)).isEmpty();
        assertThat(LogOdds.standingOut(others, texts)).containsExactly("land");
    }

    @Test
    void withoutAnyTextNothingStandsOut() {
        assertThat(LogOdds.standingOut(List.<List<String>>of(), texts(3))).isEmpty();
    }

    private static List<List<String>> texts(int count) {
        List<List<String>> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(new ArrayList<>(PLAIN));
        }
        return texts;
    }

    private static void add(List<List<String>> texts, int count, String word) {
        texts.subList(0, count).forEach(text -> text.add(word));
    }
}
