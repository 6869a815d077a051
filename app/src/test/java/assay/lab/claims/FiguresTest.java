package assay.lab.claims;

import static assay.lab.claims.HandMade.around;
import static assay.lab.claims.HandMade.good;
import static assay.lab.claims.HandMade.only;
import static assay.lab.claims.HandMade.pools;
import static assay.lab.claims.HandMade.predicate;
import static assay.lab.claims.HandMade.reading;
import static assay.lab.claims.HandMade.unread;
import static assay.lab.claims.HandMade.with;
import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import assay.lab.claims.ReadingEvidence.Edit;
import assay.lab.claims.TargetEvidence.Stability;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The figures verdicts rest on: what stands beside which gate, and where exactly a gate lies.
class FiguresTest {
    private static ClaimVerdict reads(StudyEvidence evidence) {
        return Judgement.of(evidence).claims().get(3);
    }

    private static String outcome(StudyEvidence evidence) {
        return reads(evidence).holds().name();
    }

    @ParameterizedTest
    @CsvSource({"0.50, YES", "0.499, NO", "0.51, YES"})
    void anOverlapAtItsGateHolds(double agreement, String expected) {
        assertThat(outcome(with(good(), reading(around(0.97), true, 10, agreement))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0.90, 0.80, YES", "0.899, 0.80, UNDECIDED", "0.85, 0.90, UNDECIDED", "0.85, 0.899, NO"})
    void aShareAtItsGateHoldsAndOneBelowIsOpenUpToTheEndOfItsInterval(double right, double end, String expected) {
        Interval share = new Interval(right, right - 0.1, Math.max(right + 0.01, end));
        Interval exact = expected.equals("NO") ? new Interval(right, right - 0.1, end) : share;
        assertThat(outcome(with(good(), reading(exact, true, 10, 0.7)))).isEqualTo(expected);
    }

    @Test
    void whatCountsStandsBesideItsGateAndNullsBesideChance() {
        List<ClaimVerdict.Figure> figures = reads(good()).evidence();
        assertThat(figures)
                .extracting(ClaimVerdict.Figure::gate)
                .containsExactly("≥ 0.90", "at chance", "at chance", "≥ 0.80", "≥ 0.50", "≥ 0.90", "");
        assertThat(figures.getFirst().value()).isEqualTo("0.97 [0.94, 1.00]");
        assertThat(figures.get(4).value()).isEqualTo("0.70");
        assertThat(figures.get(5).value()).isEqualTo("0.95");
        assertThat(figures.getLast().value()).isEqualTo("not measured");
    }

    @Test
    void editsThatCouldNotBeMadeAreCountedInTheFigure() {
        ReadingEvidence read = reading(0.97, true);
        List<Edit> edits = new ArrayList<>(read.edits());
        edits.add(new Edit("cook", "a → b", "B", Double.NaN, Double.NaN, 0));
        edits.add(new Edit("cook", "a → b", "B", 0.5, 0.2, 0));
        ReadingEvidence more = new ReadingEvidence(
                read.reader(), read.matching(), edits, read.compositions(), read.agreement(), read.wayward());
        assertThat(reads(with(good(), more)).evidence().get(3).name()).contains("12 edits; 2 found no such word");
    }

    @Test
    void withoutEditsTheirShareIsNotMeasured() {
        ReadingEvidence read = reading(0.97, true);
        ReadingEvidence none = new ReadingEvidence(
                read.reader(), read.matching(), List.of(), read.compositions(), read.agreement(), read.wayward());
        ClaimVerdict verdict = reads(with(good(), none));
        assertThat(verdict.cause().name()).isEqualTo("NOT_MEASURED");
        assertThat(verdict.evidence().get(3).value()).isEqualTo("not measured");
        assertThat(reads(with(good(), unread())).because()).startsWith("Nothing was matched");
    }

    /// Prompts of controls may be noise; those of what counts may not.
    @Test
    void onlyPromptsOfWhatCountsMustReadNaturally() {
        assertThat(outcome(fluent(Set.of("shuffled", "noise", "untrained", "planted"), 0.1)))
                .isEqualTo("YES");
        assertThat(outcome(fluent(Set.of("cook"), 0.1))).isEqualTo("NO");
        assertThat(outcome(fluent(Set.of("soft"), 0.1))).isEqualTo("NO");
        assertThat(outcome(fluent(Set.of("cook"), Double.NaN))).isEqualTo("YES");
    }

    private static StudyEvidence fluent(Set<String> names, double share) {
        List<TargetEvidence> targets = good().targets().stream()
                .map(one -> !names.contains(one.target().name())
                        ? one
                        : new TargetEvidence(
                                one.target(),
                                one.seed(),
                                one.kl(),
                                one.curve(),
                                one.controls(),
                                one.search(),
                                one.atoms(),
                                new Stability(5, 0.7, 0.6, 20, share)))
                .toList();
        return with(good(), targets);
    }

    @Test
    void shortListsShowTheirGateAndNullsThatTheyMustNotHold() {
        List<ClaimVerdict.Figure> figures = Judgement.of(good()).claims().get(1).evidence();
        assertThat(figures).hasSize(14);
        for (ClaimVerdict.Figure figure : figures) {
            boolean isNull = figure.name().startsWith("shuffled")
                    || figure.name().startsWith("noise")
                    || figure.name().startsWith("untrained");
            assertThat(figure.gate()).isEqualTo(isNull ? "must not hold" : "≥ 0.90, > 0");
            assertThat(figure.name()).contains("closed by 100");
        }
        assertThat(figures.getFirst().value()).isEqualTo("0.95 [0.92, 0.98], 0.30 [0.27, 0.33]");
    }

    @Test
    void predictionsThatCameTrueAreCounted() {
        assertThat(Judgement.of(good()).claims().getFirst().because()).contains("2 of 3 predictions came true");
    }

    /// The chosen prompts close .50 ± .03; another pool must be ahead by .05 to be called the reason.
    @ParameterizedTest
    @CsvSource({
        "0.54, 0.40, DICTIONARY_LACKS",
        "0.56, 0.40, OR_NOT_AND",
        "0.40, 0.60, DICTIONARY_LACKS",
        "0.40, 0.62, CONTEXT_DEPENDENT",
        "0.56, 0.62, OR_NOT_AND"
    })
    void aReasonMustBeAheadToBeOne(double linear, double oracle, String expected) {
        ClaimVerdict verdict = Judgement.of(only(predicate("odd", "telling", pools(0.5, 0.3, linear, oracle))))
                .claims()
                .get(4);
        assertThat(verdict.cause().name()).isEqualTo(expected);
        assertThat(verdict.because()).doesNotContain("does not do");
    }

    @Test
    void aPredicateThatChangesNothingOrCannotBeDoneIsNoCounterExample() {
        StudyEvidence.Pools bad = pools(0.5, 0.3, 0.4, 0.4);
        ClaimVerdict nothing = Judgement.of(only(predicate("odd", new StudyEvidence.Skill(0.4, 0.8), 0.004, bad)))
                .claims()
                .get(4);
        assertThat(nothing.cause().name()).isEqualTo("NOT_MEASURED");
        ClaimVerdict unable = Judgement.of(only(predicate("odd", new StudyEvidence.Skill(0.4, 0.45), 0.5, bad)))
                .claims()
                .get(4);
        assertThat(unable.because()).contains("The model does not do odd itself");
    }

    @Test
    void aWholeIdeaThatStandsGivesNoReasonsAgainstIt() {
        assertThat(Judgement.of(good()).claims().getLast().because())
                .endsWith("can be found. ")
                .doesNotContain("S1");
        assertThat(Judgement.of(with(good(), reading(0.2, true)))
                        .claims()
                        .getLast()
                        .because())
                .contains("S4 fails: a reader cannot tell")
                .endsWith(".");
    }
}
