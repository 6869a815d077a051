package assay.discover.search;

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
        assertThat(told(here, 5, there)).containsExactly("bee", "honey", "stones");
        assertThat(told(here, 1, there)).containsExactly("bee");
    }

    @Test
    void formsOfAWordCountTogetherAndTheCommonestIsShown() {
        double[] here = {3, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0};
        double[] there = {.9, .5, .5, 0, 0, 0, 0, 0, 0, 0, 0};
        assertThat(told(here, 5, there)).containsExactly("honey", "Bees");
        assertThat(KEYNESS.telling(here, List.of(there), 5).getLast().singular())
                .isEqualTo("bee");
        assertThat(KEYNESS.telling(here, List.of(there), 5).getFirst().singular())
                .isEqualTo("honey");
    }

    @Test
    void whatAnyOfTheOthersWritesAsOftenDoesNotTell() {
        double[] here = {3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 3};
        double[] known = {0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        double[] usual = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4};
        assertThat(told(here, 5, known, usual)).containsExactly("honey");
    }

    @Test
    void differencesOfNoWeightDoNotTell() {
        double[] here = {1.05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        double[] there = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        assertThat(told(here, 5, there)).isEmpty();
    }

    @Test
    void piecesFunctionWordsAndMarksAreNoWords() {
        double[] here = {0, 0, 0, 9, 9, 9, 0, 9, 9, 9, 0};
        assertThat(told(here, 9, new double[TOKENS.size()])).containsExactly("hon");
    }

    private static List<String> told(double[] here, int most, double[]... others) {
        return KEYNESS.telling(here, List.of(others), most).stream()
                .map(Keyness.Telling::text)
                .toList();
    }
}
