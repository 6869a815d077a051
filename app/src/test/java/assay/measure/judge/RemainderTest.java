package assay.measure.judge;

import static assay.measure.judge.TinyTarget.OTHERS;
import static assay.measure.judge.TinyTarget.PLANTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.SplitContexts;
import assay.measure.probe.Probe;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What stand-ins leave of a planted target of a tiny random model, part by part.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RemainderTest {
    private static final List<String> WAYS = List.of("kind", "frequency", "position");

    @SuppressWarnings("NullAway.Init")
    private TinyTarget tiny;

    @BeforeAll
    void open() {
        tiny = TinyTarget.open();
    }

    @AfterAll
    void close() {
        tiny.close();
    }

    @Test
    void thePartsOfEverySplitAddUpToTheWhole() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            Lacking lacking = lacking(decomposer, judge);
            assertThat(lacking.sides()).extracting(Lacking.Side::contexts).containsExactly("foreign", "own");
            for (Lacking.Side side : lacking.sides()) {
                assertThat(side.models()).extracting(Lacking.Left::model).containsExactly("list", "truth", "base");
                for (Lacking.Left left : side.models()) {
                    for (String way : WAYS) {
                        double sum = left.by(way).stream()
                                .mapToDouble(part -> part.left().value())
                                .sum();
                        assertThat(sum).as(way).isCloseTo(left.left().value(), within(1e-9));
                        assertThat(left.by(way)).allMatch(part -> part.left().value() > -1e-6);
                    }
                }
            }
        });
    }

    @Test
    void theWholeIsWhatIsLeftAsTheCurveMeasuresIt() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            Lacking.Side foreign = lacking(decomposer, judge).sides().getFirst();
            List<HardPrompt> list = tiny.prompts(OTHERS.subList(0, 1));
            double left = judge.perToken(decomposer.left(list, new double[] {0.4}));
            assertThat(foreign.models().getFirst().left().value()).isCloseTo(left, within(1e-5));
            assertThat(foreign.models().getLast().left().value())
                    .isCloseTo(judge.divergence().foreign(), within(1e-5));
            assertThat(foreign.models().get(1).left().value()).isCloseTo(0, within(1e-5));
            assertThat(foreign.models().getFirst().alike()).isCloseTo(1, within(1e-9));
            assertThat(foreign.models().getFirst().left().low())
                    .isLessThan(foreign.models().getFirst().left().value());
        });
    }

    @Test
    void examplesAreTheWorstPlacesOfDifferentAnswers() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            List<Lacking.Example> examples = lacking(decomposer, judge).examples();
            assertThat(examples).hasSize(6);
            for (int i = 1; i < examples.size(); i++) {
                assertThat(examples.get(i).left())
                        .isLessThanOrEqualTo(examples.get(i - 1).left());
            }
            assertThat(examples.stream().map(one -> one.contexts() + one.user()).distinct())
                    .hasSize(6);
            for (Lacking.Wanted wanted : examples.getFirst().wanted().subList(0, 1)) {
                assertThat(wanted.target()).isGreaterThan(wanted.model());
            }
        });
    }

    @Test
    void withoutOwnContextsOnlyForeignOnesAreSplit() {
        tiny.judged(
                tiny.planted(0.7, 0.5),
                split -> new SplitContexts(tiny.contexts(split, 1), List.of()),
                (decomposer, judge) ->
                        assertThat(lacking(decomposer, judge).sides()).hasSize(1));
    }

    /// A list that has little to do with the target, and the truth.
    private Lacking lacking(Decomposer decomposer, Judge judge) {
        return new Remainder(judge, probe("foreign"), probe("own"))
                .of(List.of(
                        new Remainder.StandIn(
                                "list", decomposer.onTest(tiny.prompts(OTHERS.subList(0, 1)), new double[] {0.4})),
                        new Remainder.StandIn(
                                "truth", decomposer.onTest(tiny.prompts(PLANTED), new double[] {0.7, 0.5}))));
    }

    private static Probe probe(String name) {
        return new Probe(
                name,
                IntStream.range(0, TinyTarget.TURNS)
                        .mapToObj(turn -> new Probe.Turn("turn " + turn, Probe.Split.TEST, "", new int[] {1}))
                        .toList());
    }
}
