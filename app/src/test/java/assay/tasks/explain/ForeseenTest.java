package assay.tasks.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.discover.search.TargetSearch;
import assay.measure.behaviour.Pace;
import org.junit.jupiter.api.Test;

class ForeseenTest {
    private static final Explain.Options USUAL = Explain.Options.defaults(20, 0);

    @Test
    void twiceAsSlowAMachineTakesTwiceAsLong() {
        Foreseen fast = Foreseen.of(new Pace(1e-4), USUAL, 0, 1L << 32);
        Foreseen slow = Foreseen.of(new Pace(2e-4), USUAL, 0, 1L << 32);
        assertThat(slow.dictionary()).isCloseTo(2 * fast.dictionary(), within(1e-6));
        assertThat(slow.explanation()).isCloseTo(2 * fast.explanation(), within(1e-6));
    }

    @Test
    void aSoftPromptAndASearchTakeMoreAndATimedSearchItsTime() {
        Pace pace = new Pace(1e-4);
        double usual = Foreseen.of(pace, USUAL, 0, 0).explanation();
        double alone =
                Foreseen.of(pace, USUAL.within(TargetSearch.Budget.NONE), 0, 0).explanation();
        double timed = Foreseen.of(pace, USUAL.within(new TargetSearch.Budget(7, 10_000)), 0, 0)
                .explanation();
        assertThat(Foreseen.of(pace, USUAL, 16, 0).explanation()).isGreaterThan(2 * usual);
        assertThat(usual).isGreaterThan(alone);
        assertThat(timed).isCloseTo(alone + 7, within(1e-6));
    }

    @Test
    void itIsToldInALine() {
        assertThat(new Foreseen(130, 245, 4_700_000_000L).words())
                .isEqualTo("Foreseen: about 2 min 10 s for a quick dictionary, once, then about 4 min 05 s for the"
                        + " explanation; 4.7 GB of memory.");
    }
}
