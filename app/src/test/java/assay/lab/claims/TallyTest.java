package assay.lab.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.base.sparse.Interval;
import assay.measure.judge.Cause;
import assay.measure.judge.Ruling;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TallyTest {
    private static final Ruling YES = Ruling.YES;
    private static final Ruling SPARSE = Ruling.no(Cause.NOT_SPARSE);
    private static final Ruling LACKS = Ruling.no(Cause.DICTIONARY_LACKS);
    private static final Ruling OPEN = Ruling.undecided(Cause.UNSETTLED);

    @Test
    void seedsSpeakOnlyWithOneVoice() {
        assertThat(Tally.agreed(List.of(YES, YES))).isEqualTo(YES);
        assertThat(Tally.agreed(List.of(SPARSE, LACKS, LACKS))).isEqualTo(LACKS);
        assertThat(Tally.agreed(List.of(YES, SPARSE))).isEqualTo(OPEN);
        assertThat(Tally.agreed(List.of(YES, Ruling.NOT_MEASURED))).isEqualTo(OPEN);
        assertThat(Tally.agreed(List.of(Ruling.NOT_MEASURED))).isEqualTo(Ruling.NOT_MEASURED);
    }

    @Test
    void halfOfTheCasesIsNotMostOfThem() {
        assertThat(Tally.most(List.of(YES, YES, SPARSE))).isEqualTo(YES);
        assertThat(Tally.most(List.of(YES, SPARSE))).isEqualTo(OPEN);
        assertThat(Tally.most(List.of(SPARSE, LACKS, LACKS, YES))).isEqualTo(LACKS);
        assertThat(Tally.most(List.of(YES, OPEN))).isEqualTo(OPEN);
        assertThat(Tally.most(List.of(Ruling.NOT_MEASURED, Ruling.NOT_MEASURED)))
                .isEqualTo(Ruling.NOT_MEASURED);
        assertThat(Tally.most(List.of())).isEqualTo(Ruling.NOT_MEASURED);
    }

    @Test
    void ofConditionsTheWorstDecidesWhicheverComesFirst() {
        assertThat(Tally.all(List.of(YES, YES))).isEqualTo(YES);
        assertThat(Tally.all(List.of(OPEN, YES, SPARSE))).isEqualTo(SPARSE);
        assertThat(Tally.all(List.of(YES, OPEN))).isEqualTo(OPEN);
        assertThat(Tally.all(List.of(LACKS, SPARSE))).isEqualTo(LACKS);
    }

    @Test
    void aShareHoldsByItsOwnValueAndFailsByItsInterval() {
        assertThat(Tally.share(new Interval(0.9, 0.7, 1), 0.9, Cause.NOT_READABLE))
                .isEqualTo(YES);
        assertThat(Tally.share(new Interval(0.89, 0.7, 1), 0.9, Cause.NOT_READABLE))
                .isEqualTo(OPEN);
        assertThat(Tally.share(new Interval(0.5, 0.4, 0.6), 0.9, Cause.NOT_READABLE))
                .isEqualTo(Ruling.no(Cause.NOT_READABLE));
        assertThat(Tally.share(Interval.NONE, 0.9, Cause.NOT_READABLE)).isEqualTo(Ruling.NOT_MEASURED);
    }

    @Test
    void aFigureWithoutAnIntervalIsAboveOrBelow() {
        assertThat(Tally.figure(0.5, 0.5, LACKS)).isEqualTo(YES);
        assertThat(Tally.figure(0.499, 0.5, LACKS)).isEqualTo(LACKS);
        assertThat(Tally.figure(Double.NaN, 0.5, LACKS)).isEqualTo(Ruling.NOT_MEASURED);
        assertThat(Tally.figure(Double.POSITIVE_INFINITY, 0.5, LACKS)).isEqualTo(Ruling.NOT_MEASURED);
    }

    @Test
    void countsAndFiguresAreWrittenOut() {
        assertThat(Tally.written(List.of(YES, SPARSE, YES, OPEN))).isEqualTo("2 yes, 1 no, 1 undecided of 4");
        assertThat(Tally.number(0.456)).isEqualTo("0.46");
        assertThat(Tally.number(Double.NaN)).isEqualTo("not measured");
        assertThat(Tally.number(new Interval(0.5, 0.25, 0.75))).isEqualTo("0.50 [0.25, 0.75]");
        assertThat(Tally.number(Interval.NONE)).isEqualTo("not measured");
    }

    @Test
    void runFoldersSpellKindsOfTargetsAsTheyAlwaysDid() {
        assertThat(TargetKind.spellings())
                .containsExactly(
                        "prompt",
                        "planted",
                        "soft",
                        "adapter",
                        "random-soft",
                        "gibberish",
                        "null-shuffled",
                        "null-noise",
                        "null-untrained");
        JsonMapper json = JsonMapper.shared();
        TargetEvidence.Target noise = new TargetEvidence.Target("noise", TargetKind.NULL_NOISE, "x");
        String row = "{\"kind\":\"null-noise\",\"name\":\"noise\",\"text\":\"x\"}";
        assertThat(json.readValue(row, TargetEvidence.Target.class)).isEqualTo(noise);
        assertThat(json.writeValueAsString(noise)).contains("\"kind\":\"null-noise\"");
        for (TargetKind kind : TargetKind.values()) {
            assertThat(TargetKind.spelled(kind.toString())).isEqualTo(kind);
            assertThat(kind.words()).isNotBlank();
        }
        assertThatThrownBy(() -> TargetKind.spelled("promt")).hasMessageContaining("expected one of [prompt, planted");
    }

    @Test
    void nullsMeanNothingAndOnlyWhatMeansSomethingCounts() {
        assertThat(Arrays.stream(TargetKind.values()).filter(TargetKind::isNull))
                .containsExactly(TargetKind.NULL_SHUFFLED, TargetKind.NULL_NOISE, TargetKind.NULL_UNTRAINED);
        assertThat(Arrays.stream(TargetKind.values()).filter(TargetKind::isMeaningful))
                .containsExactly(TargetKind.PROMPT, TargetKind.PLANTED, TargetKind.SOFT, TargetKind.ADAPTER);
        assertThat(Arrays.stream(TargetKind.values()).filter(TargetKind::isCounted))
                .containsExactly(TargetKind.PROMPT, TargetKind.SOFT);
    }
}
