package assay.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeynessTest {
    private static final List<String> TOKENS =
            List.of(" honey", " bee", " Bees", " the", "honey", " hon", " stones", " is", ".", " a2z", " weather");
    private static final Keyness KEYNESS = new Keyness(TOKENS);

    @Test
    void wordsThatHoldMoreOfTheDivergenceComeFirst() {
        // G²: 4·log 4 − 3 = 2.5, 1·log 100 − .99 = 3.6, 8·log(8/6) − 2 = .3.
        double[] here = {4, 1, 0, 50, 0, 0, 8, 0, 0, 0, 0};
        double[] there = {1, .01, 0, 1, 0, 0, 6, 0, 0, 0, 0};
        assertThat(KEYNESS.telling(here, List.of(there), 5)).containsExactly("bee", "honey", "stones");
        assertThat(KEYNESS.telling(here, List.of(there), 1)).containsExactly("bee");
    }

    @Test
    void formsOfAWordCountTogetherAndTheCommonestIsShown() {
        double[] here = {3, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0};
        double[] there = {.9, .5, .5, 0, 0, 0, 0, 0, 0, 0, 0};
        assertThat(KEYNESS.telling(here, List.of(there), 5)).containsExactly("honey", "Bees");
    }

    @Test
    void whatAnyOfTheOthersWritesAsOftenDoesNotTell() {
        double[] here = {3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 3};
        double[] known = {0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        double[] usual = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4};
        assertThat(KEYNESS.telling(here, List.of(known, usual), 5)).containsExactly("honey");
    }

    @Test
    void piecesFunctionWordsAndMarksAreNoWords() {
        double[] here = {0, 0, 0, 9, 9, 9, 0, 9, 9, 9, 0};
        assertThat(KEYNESS.telling(here, List.of(new double[TOKENS.size()]), 9)).containsExactly("hon");
    }
}
