package assay.lab.predicates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.sparse.Interval;
import assay.lab.predicates.PredicateEvidence.OnContexts;
import assay.lab.predicates.PredicateEvidence.Step;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a predicate must say of itself, and what its evidence says.
class PredicateSpecTest {
    private static final PredicateSpec.Turns TURNS =
            new PredicateSpec.Turns(List.of("Go."), List.of("Now.", "Well?"), List.of("Begin."));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void everyPartIsNeeded(int missing) {
        List<String> some = List.of("Ada");
        assertThatThrownBy(() -> new PredicateSpec(
                        "cooks",
                        missing == 0 ? " " : "Name a cook.",
                        missing == 1 ? "" : "Name someone.",
                        missing == 2 ? List.of() : some,
                        missing == 3 ? List.of() : List.of("Bob"),
                        "Say {answer}.",
                        missing == 4 ? List.of() : List.of(""),
                        TURNS))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("predicate cooks: expected a prompt, a category, answers of both kinds");
    }

    @Test
    void twoAnswersThatAreTheSameAreRefusedAmongEitherKind() {
        assertThatThrownBy(() -> new PredicateSpec(
                        "cooks", "p", "c", List.of("Ada", "Ada"), List.of("Bob"), "Say {answer}.", List.of(""), TURNS))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found Ada and Ada");
    }

    @Test
    void anAnswerStandsWhereverItsPlaceIs() {
        assertThat(TinyPredicate.RAIN.saying("Ada")).isEqualTo("Say Ada now.");
    }

    @Test
    void turnsBelongToTheirSplits() {
        assertThat(TURNS.of(Probe.Split.SEARCH)).containsExactly("Go.");
        assertThat(TURNS.of(Probe.Split.FIT)).containsExactly("Now.", "Well?");
        assertThat(TURNS.of(Probe.Split.TEST)).containsExactly("Begin.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aSplitWithoutTurnsIsRefused(int empty) {
        assertThatThrownBy(() -> new PredicateSpec.Turns(
                        empty == 0 ? List.of() : List.of("a"),
                        empty == 1 ? List.of() : List.of("b"),
                        empty == 2 ? List.of() : List.of("c")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found a split without any");
    }

    @Test
    void aSpecKeepsItsOwnLists() {
        List<String> starts = new ArrayList<>(List.of("It is"));
        PredicateSpec spec = TinyPredicate.of("Be sad.", starts);
        starts.clear();
        assertThat(spec.starts()).containsExactly("It is");
    }

    @Test
    void aQuickStudyRunsLessOfEverythingAndTheTruthIsOnlyAdded() {
        PredicateOptions full = PredicateOptions.full();
        PredicateOptions quick = PredicateOptions.quick();
        assertThat(quick.atoms()).isLessThan(full.atoms());
        assertThat(quick.nullPrompts()).isLessThan(full.nullPrompts());
        assertThat(quick.special().candidates()).isLessThan(full.special().candidates());
        assertThat(full.planted()).isFalse();
        assertThat(full.withTruth().planted()).isTrue();
        assertThat(full.withTruth().ordinary()).isEqualTo(full.ordinary());
        assertThat(full.withTruth())
                .isEqualTo(new PredicateOptions(
                        full.ordinary(), full.special(), full.atoms(), full.said(), 26, 3, 2, true));
    }

    @Test
    void theFirstStepThatReachesAGateIsCounted() {
        OnContexts contexts = contexts(0.3, 0.6, 0.5, 0.8);
        assertThat(contexts.promptsToReach(0.2)).hasValue(1);
        assertThat(contexts.promptsToReach(0.6)).hasValue(2);
        assertThat(contexts.promptsToReach(0.61)).hasValue(4);
        assertThat(contexts.promptsToReach(0.9)).isEmpty();
    }

    private static OnContexts contexts(double... closed) {
        List<Step> curve = new ArrayList<>();
        for (double value : closed) {
            Interval interval = new Interval(value, value, value);
            curve.add(new Step(curve.size() + 1, interval, Interval.NONE));
        }
        return new OnContexts(1, 1, curve, Interval.NONE, Interval.NONE, Interval.NONE, 1);
    }
}
