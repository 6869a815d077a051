package assay.measure.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitContexts;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Lists and their controls on planted truths of a tiny random model: what algebra says they must close.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JudgeTest {
    private static final List<String> PLANTED = List.of("You are a cook.", "Talk about rain.");
    private static final List<String> OTHERS =
            List.of("Be sad.", "Count to ten.", "Answer in rhyme.", "Say no.", "Sell a boat.");

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @BeforeAll
    void open() {
        chat = TinyModel.open("untied-bf16");
    }

    @AfterAll
    void close() {
        chat.close();
    }

    @Test
    void aPlantedMixtureIsClosedByItsPromptsAndByNothingElse() {
        judged(planted(0.7, 0.5), (decomposer, judge) -> {
            Judge.Fitted fitted = judge.refitted(prompts(PLANTED));
            assertThat(fitted.weights()[0]).isCloseTo(0.7, within(0.01));
            assertThat(fitted.weights()[1]).isCloseTo(0.5, within(0.01));
            assertThat(judge.closed(fitted.left()).value()).isGreaterThan(0.999);
            assertThat(judge.closed(judge.refitted(prompts(OTHERS)).left()).value())
                    .isLessThan(0.95);
        });
    }

    @Test
    void theBaseClosesNothingAndTheTargetEverything() {
        judged(prompts(PLANTED).getFirst(), (decomposer, judge) -> {
            assertThat(judge.closed(decomposer.left(List.of(), new double[0]))).isEqualTo(new Interval(0, 0, 0));
            double[] itself = judge.unscaled(prompts(PLANTED).getFirst());
            assertThat(judge.closed(itself).value()).isCloseTo(1, within(1e-6));
            assertThat(judge.perToken(itself)).isCloseTo(0, within(1e-6));
            assertThat(judge.perToken(decomposer.left(List.of(), new double[0])))
                    .isEqualTo(judge.divergence().foreign());
        });
    }

    @Test
    void divergenceIsTheMeanOverPlacesAndOwnContextsAreApart() {
        judged(planted(0.7, 0.5), (decomposer, judge) -> {
            double[] places = decomposer.perTestPlace(List.of(), new double[0]);
            int border = decomposer.test().foreignPlaces();
            assertThat(judge.divergence().foreign())
                    .isCloseTo(Arrays.stream(places).limit(border).average().orElseThrow(), within(1e-9));
            assertThat(judge.divergence().own())
                    .isCloseTo(Arrays.stream(places).skip(border).average().orElseThrow(), within(1e-9));
        });
    }

    @Test
    void theNullOfAPoolThatHoldsTheTruthClosesAllOfItAndTheExcessIsNothing() {
        judged(planted(0.7, 0.5), (decomposer, judge) -> {
            Explanation.Curve curve = judge.curve(decomposer.decompose(prompts(PLANTED), 2), prompts(PLANTED), 3);
            assertThat(curve.at(2).closed().value()).isGreaterThan(0.999);
            assertThat(curve.at(2).random().value()).isGreaterThan(0.999);
            assertThat(curve.at(2).excess().value()).isCloseTo(0, within(1e-3));
            assertThat(curve.at(2).own().value()).isGreaterThan(0.999);
            assertThat(curve.at(2).absoluteWeights()).isCloseTo(1.2, within(0.02));
        });
    }

    @Test
    void excessIsClosedMinusTheMeanOfTheDraws() {
        judged(planted(0.7, 0.5), (decomposer, judge) -> {
            double[] left = judge.refitted(prompts(PLANTED)).left();
            List<double[]> draws = judge.random(prompts(OTHERS), List.of(2), 4).getFirst();
            double mean = draws.stream()
                    .mapToDouble(draw -> judge.closed(draw).value())
                    .average()
                    .orElseThrow();
            assertThat(judge.mean(draws).value()).isCloseTo(mean, within(1e-12));
            assertThat(judge.excess(left, draws).value())
                    .isCloseTo(judge.closed(left).value() - mean, within(1e-12));
            assertThat(judge.excess(left, List.of(left))).isEqualTo(new Interval(0, 0, 0));
        });
    }

    @Test
    void ceilingsReachAKnownOptimumOfThreePrompts() {
        Mixture target = new Mixture(
                "three",
                List.of(
                        new Mixture.Weighted(prompts(PLANTED).get(0), 0.6),
                        new Mixture.Weighted(prompts(PLANTED).get(1), -0.4),
                        new Mixture.Weighted(prompts(OTHERS).get(0), 0.5)));
        List<HardPrompt> three = List.of(
                prompts(PLANTED).get(0),
                prompts(PLANTED).get(1),
                prompts(OTHERS).get(0));
        judged(target, (decomposer, judge) -> {
            assertThat(judge.closed(judge.dense(three)).value()).isGreaterThan(0.99);
            double[] byRank = new double[4];
            for (int rank = 1; rank <= 3; rank++) {
                byRank[rank] = judge.closed(judge.directions(three, rank)).value();
            }
            assertThat(byRank[3]).isGreaterThan(0.99);
            assertThat(byRank[1]).isLessThan(byRank[3]);
            assertThat(judge.closed(judge.directions(three, 9)).value()).isEqualTo(byRank[3]);
            assertThat(judge.condition(three)).isGreaterThan(1);
            assertThat(judge.condition(three.subList(0, 1))).isEqualTo(1);
        });
    }

    @Test
    void aConstantOffsetClosesPartOfAMixtureAndNeverAllOfIt() {
        judged(planted(0.7, 0.5), (decomposer, judge) -> {
            for (int directions : new int[] {1, 2, 20}) {
                assertThat(judge.closed(judge.constant(directions)).value()).isBetween(0.01, 0.99);
            }
        });
    }

    @Test
    void controlsAreMeasuredInOneListAndHaveTheirSizes() {
        judged(planted(0.7, 0.5), (decomposer, judge) -> {
            Decomposition decomposition = decomposer.decompose(prompts(PLANTED), 2);
            List<HardPrompt> all = Judge.union(List.of(prompts(PLANTED), prompts(OTHERS)));
            List<Control> controls = judge.controls(decomposition, all);
            assertThat(controls)
                    .extracting(Control::kind)
                    .containsExactly(
                            ControlKind.SINGLE, ControlKind.CONSTANT, ControlKind.DENSE, ControlKind.DIRECTIONS);
            assertThat(controls).extracting(Control::k).containsExactly(1, 2, 7, 2);
            assertThat(Control.closed(controls, ControlKind.SINGLE))
                    .isEqualTo(judge.closed(decomposition.at(1).test().foreign()));
            assertThat(Control.closed(controls, ControlKind.DENSE).value()).isGreaterThan(0.95);
        });
    }

    @Test
    void listsChosenOneByOneFindWhatWasPlantedInEitherHalf() {
        judged(planted(0.7, 0.5), (decomposer, judge) -> {
            List<HardPrompt> all = Judge.union(List.of(prompts(OTHERS), prompts(PLANTED)));
            assertThat(texts(judge.greedy(all, 2).atoms())).containsExactlyInAnyOrderElementsOf(PLANTED);
            assertThat(judge.chosen(all, 2))
                    .extracting(one -> one.prompt().text())
                    .containsExactlyInAnyOrderElementsOf(PLANTED);
            for (List<Mixture.Weighted> half : judge.halves(all, 2)) {
                assertThat(half).extracting(one -> one.prompt().text()).containsExactlyInAnyOrderElementsOf(PLANTED);
            }
        });
    }

    @Test
    void longListsBeginWithTheShortOneAndEndWithThePool() {
        judged(planted(0.7, 0.5), (decomposer, judge) -> {
            List<HardPrompt> all = Judge.union(List.of(prompts(OTHERS), prompts(PLANTED)));
            Decomposition.Step brief = decomposer.decompose(all, 2).at(2);
            List<Judge.Fitted> lists = judge.longLists(brief, all, List.of(3, 7, 50));
            assertThat(lists).extracting(list -> list.atoms().size()).containsExactly(3, 7, 7);
            for (Judge.Fitted list : lists) {
                assertThat(texts(list.atoms()).subList(0, 2)).isEqualTo(texts(brief.atoms()));
                assertThat(judge.closed(list.left()).value()).isGreaterThan(0.95);
            }
            List<Judge.Fitted> random = judge.longRandom(all, List.of(2, 7));
            assertThat(texts(random.getFirst().atoms())).isEqualTo(OTHERS.subList(0, 2));
            assertThat(random.getLast().atoms()).hasSize(7);
            assertThat(judge.longLists(brief, all, List.of())).isEmpty();
            assertThat(judge.longRandom(all, List.of())).isEmpty();
        });
    }

    @Test
    void contextsOfOneUserTurnAreSummed() {
        List<Context> contexts = List.of(context(4), context(4), context(9));
        assertThat(Judge.byTurn(new double[] {1, 2, 5}, contexts)).containsExactly(3, 5);
        assertThat(Judge.byTurn(new double[] {0.1, 0.2}, contexts.subList(1, 3)))
                .containsExactly(0.1, 0.2);
    }

    @Test
    void aUnionKeepsEveryPromptOnceInItsFirstPlace() {
        List<HardPrompt> all = Judge.union(List.of(prompts(List.of("b", "a")), prompts(List.of("c", "b"))));
        assertThat(texts(all)).containsExactly("b", "a", "c");
    }

    private static Context context(int turn) {
        return new Context(turn, new int[] {1}, 1);
    }

    private Mixture planted(double first, double second) {
        return new Mixture(
                "planted",
                List.of(
                        new Mixture.Weighted(prompts(PLANTED).get(0), first),
                        new Mixture.Weighted(prompts(PLANTED).get(1), second)));
    }

    private List<HardPrompt> prompts(List<String> texts) {
        return texts.stream().map(text -> HardPrompt.of(text, chat.tokenizer())).toList();
    }

    private static List<String> texts(List<HardPrompt> prompts) {
        return prompts.stream().map(HardPrompt::text).toList();
    }

    private void judged(Behaviour target, BiConsumer<Decomposer, Judge> checks) {
        try (TensorScope _ = TensorScope.withoutGradients();
                Decomposer decomposer = new Decomposer(
                        new Runner(chat), target, this::contexts, Decomposer.Options.defaults(0), new Silent())) {
            checks.accept(decomposer, new Judge(decomposer, 0));
        }
    }

    private SplitContexts contexts(Probe.Split split) {
        return new SplitContexts(contexts(split, 1), contexts(split, 2));
    }

    private List<Context> contexts(Probe.Split split, int seed) {
        SplittableRandom random = new SplittableRandom(10L * split.ordinal() + seed);
        List<Context> contexts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int[] user = random.ints(4, 40, 200).toArray();
            int[] answer = random.ints(4, 40, 200).toArray();
            contexts.add(new Context(i, chat.slot().tail(user, answer), 4));
        }
        return contexts;
    }

    private record Silent() implements Decomposer.Listener {
        @Override
        public void ran(Probe.Split split) {}

        @Override
        public void added(int k, HardPrompt prompt, double weight) {}

        @Override
        public void measuring(int prompts) {}
    }
}
