package assay.measure.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeTest {
    @Test
    void aUserTurnThatLeaksIntoASecondSplitIsRefusedWhateverItsCaseAndPunctuation() {
        assertThatThrownBy(() -> new Probe(
                        "foreign",
                        List.of(
                                turn("How do I boil an egg?", Probe.Split.FIT),
                                turn("how do I boil an egg", Probe.Split.TEST))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected every user turn once");
    }

    @Test
    void splitsKeepTheirTurnsAndCountTheirPositions() {
        Probe probe = new Probe(
                "foreign",
                List.of(turn("A?", Probe.Split.FIT), turn("B?", Probe.Split.TEST), turn("C?", Probe.Split.FIT)));
        assertThat(probe.turns(Probe.Split.FIT)).extracting(Probe.Turn::user).containsExactly("A?", "C?");
        assertThat(probe.positions(Probe.Split.FIT)).isEqualTo(4);
        assertThat(probe.turns(Probe.Split.SEARCH)).isEmpty();
    }

    @Test
    void otherAnswersKeepTurnsAndSplits() {
        Probe probe = new Probe("foreign", List.of(turn("A?", Probe.Split.FIT), turn("B?", Probe.Split.TEST)));
        Probe own = probe.withAnswers("own", "target", List.of(new int[] {9}, new int[] {8, 7}));
        assertThat(own.turns().get(1).answer()).containsExactly(8, 7);
        assertThat(own.turns().get(1).split()).isEqualTo(Probe.Split.TEST);
        assertThat(own.turns().get(1).writer()).isEqualTo("target");
    }

    private static Probe.Turn turn(String user, Probe.Split split) {
        return new Probe.Turn(user, split, "", new int[] {1, 2});
    }
}
