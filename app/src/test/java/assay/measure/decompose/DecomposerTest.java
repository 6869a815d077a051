package assay.measure.decompose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.KlFit;
import assay.base.sparse.KlProblem;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.ModelGolden;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Divergence;
import assay.measure.probe.Probe;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A planted mixture of a tiny random model's prompts, taken apart again.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecomposerTest {
    private static final double[] PLANTED = {0.9, -0.4, 0.6};
    private static final int FOREIGN = 6;
    private static final int OWN = 3;

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @SuppressWarnings("NullAway.Init")
    private Runner runner;

    @SuppressWarnings("NullAway.Init")
    private List<HardPrompt> prompts;

    @SuppressWarnings("NullAway.Init")
    private TensorScope scope;

    @SuppressWarnings("NullAway.Init")
    private TinyContexts.Heard heard;

    @SuppressWarnings("NullAway.Init")
    private Decomposer decomposer;

    @BeforeAll
    void load() {
        chat = TinyModel.open("untied-bf16");
        runner = new Runner(chat);
        prompts = TinyContexts.prompts(chat);
    }

    @AfterAll
    void unload() {
        chat.close();
    }

    @BeforeEach
    void open() {
        scope = TensorScope.withoutGradients();
        heard = new TinyContexts.Heard();
        decomposer = new Decomposer(
                runner,
                planted(),
                split -> TinyContexts.of(chat, split, FOREIGN, OWN),
                Decomposer.Options.defaults(0),
                heard);
    }

    @AfterEach
    void close() {
        decomposer.close();
        scope.close();
    }

    private Mixture planted() {
        return new Mixture(
                "planted",
                IntStream.range(0, 3)
                        .mapToObj(i -> new Mixture.Weighted(prompts.get(2 * i), PLANTED[i]))
                        .toList());
    }

    private List<HardPrompt> atoms() {
        return List.of(prompts.get(0), prompts.get(2), prompts.get(4));
    }

    @Test
    void aPlantedMixtureIsFoundWithItsWeightsAndLeavesNothing() {
        Decomposition.Step step = decomposer.decompose(prompts, 3).at(3);
        assertThat(step.atoms()).containsExactlyInAnyOrderElementsOf(atoms());
        for (int i = 0; i < 3; i++) {
            assertThat(step.weights()[step.atoms().indexOf(atoms().get(i))]).isCloseTo(PLANTED[i], within(0.01));
        }
        double base = sum(decomposer.left(List.of(), new double[0]));
        assertThat(sum(step.test().foreign())).isLessThan(1e-3 * base);
        assertThat(sum(step.test().own())).isLessThan(1e-3 * base);
    }

    @Test
    void everyStepIsMeasuredOnBothSplitsAsItsMixtureWouldBe() {
        Decomposition decomposition = decomposer.decompose(prompts, 3);
        for (Decomposition.Step step : decomposition.steps()) {
            Mixture mixture = step.mixture("step");
            double[] test = perPlace(decomposer.test(), mixture);
            assertThat(step.test().foreign())
                    .containsExactly(Divergence.perTurn(test, decomposer.test().foreign()), within(1e-4));
            assertThat(step.test().own()).hasSize(OWN);
            assertThat(step.test().total()).isCloseTo(sum(test), within(1e-3));
            double[] search = perPlace(decomposer.search(), mixture);
            assertThat(step.search()).isCloseTo(sum(search) / search.length, within(1e-5));
        }
        double[] base = perPlace(decomposer.search(), Behaviour.BASE);
        assertThat(decomposition.searchBase()).isCloseTo(sum(base) / base.length, within(1e-5));
        double[] curve = decomposition.steps().stream()
                .mapToDouble(Decomposition.Step::search)
                .toArray();
        assertThat(decomposition.chosen())
                .isEqualTo(Decomposition.stop(curve, decomposition.searchBase(), Decomposer.TOLERANCE));
    }

    @Test
    void promptsAreRunOnceAndOnlyTheChosenOnesAreMeasured() {
        Decomposition decomposition = decomposer.decompose(prompts, 3);
        assertThat(heard.runs().get(Probe.Split.FIT)).isEqualTo(prompts.size());
        long used = decomposition.steps().stream()
                .flatMap(step -> step.atoms().stream())
                .distinct()
                .count();
        assertThat(heard.measured()).containsExactly((int) used);
        assertThat(heard.runs().get(Probe.Split.TEST)).isEqualTo((int) used);
        assertThat(heard.runs().get(Probe.Split.SEARCH)).isEqualTo((int) used);
        assertThat(heard.added()).hasSize(3);
        assertThat(heard.added().getFirst())
                .startsWith("1 " + decomposition.at(1).added().text() + " ");
        assertThat(heard.added().getLast()).startsWith("3 ");
        decomposer.decompose(prompts, 2);
        assertThat(heard.runs().get(Probe.Split.FIT)).isEqualTo(prompts.size());
    }

    @Test
    void theProblemOfThePlantedPromptsIsSolvedByThePlantedWeights() {
        KlProblem problem = decomposer.problem(atoms());
        int[] all = {0, 1, 2};
        assertThat(problem.value(all, PLANTED)).isCloseTo(0, within(1e-5));
        assertThat(problem.value(new int[0], new double[0])).isGreaterThan(0.01);
        assertThat(problem.places()).isEqualTo((int) decomposer.fit().base().size(0));
        // The same problem from the deltas themselves.
        KlProblem same = decomposer.problemOf(decomposer.fitDeltas(atoms()));
        double[] weights = {0.1, 0.7, -0.2};
        assertThat(same.value(all, weights)).isCloseTo(problem.value(all, weights), within(1e-9));
    }

    @Test
    void leftoversAreThoseOfTheMixtureOnForeignTestContextsAndTheBasesForNone() {
        double[] weights = {0.3, 0.2};
        List<HardPrompt> two = prompts.subList(0, 2);
        Mixture mixture = new Mixture(
                "two", List.of(new Mixture.Weighted(two.get(0), 0.3), new Mixture.Weighted(two.get(1), 0.2)));
        double[] places = decomposer.perTestPlace(two, weights);
        assertThat(places).containsExactly(perPlace(decomposer.test(), mixture), within(1e-4));
        double[] turns = Divergence.perTurn(places, decomposer.test().foreign());
        assertThat(decomposer.left(two, weights)).hasSize(FOREIGN).containsExactly(turns, within(1e-4));
        assertThat(decomposer.leftBy(decomposer.foreignTestDeltas(two), weights))
                .containsExactly(turns, within(1e-4));
        double[] base = perPlace(decomposer.test(), Behaviour.BASE);
        assertThat(decomposer.left(List.of(), new double[0]))
                .containsExactly(Divergence.perTurn(base, decomposer.test().foreign()), within(1e-4));
    }

    @Test
    void aPromptAloneClosesWhatItsFittedWeightCloses() {
        double[] closed = decomposer.alone(prompts);
        double base = sum(decomposer.left(List.of(), new double[0]));
        KlProblem problem = decomposer.problem(prompts);
        for (int i = 0; i < prompts.size(); i++) {
            double[] weight = KlFit.of(problem, new int[] {i}, new double[1], decomposer.ridge())
                    .weights();
            double left = sum(decomposer.left(List.of(prompts.get(i)), weight));
            assertThat(closed[i]).isCloseTo(1 - left / base, within(1e-4));
        }
        // The heaviest planted prompt says more than any that was not planted.
        assertThat(closed[0]).isGreaterThan(Math.max(closed[1], closed[3]));
    }

    @Test
    void anotherTargetSharesThePromptsThatWereRun() {
        decomposer.decompose(prompts, 2);
        TinyContexts.Heard news = new TinyContexts.Heard();
        try (Decomposer other = decomposer.towards(prompts.get(5), news)) {
            assertThat(other.test().base()).isSameAs(decomposer.test().base());
            Decomposition decomposition = other.decompose(prompts, 1);
            assertThat(decomposition.best().atoms()).containsExactly(prompts.get(5));
            assertThat(decomposition.best().weights()[0]).isCloseTo(1, within(0.01));
            assertThat(news.runs()).doesNotContainKey(Probe.Split.FIT);
            assertThat(news.measured()).hasSize(1);
        }
        // Closing the other one frees nothing of this one.
        decomposer.fitDeltas(prompts);
        decomposer.decompose(prompts, 1);
        assertThat(heard.runs().get(Probe.Split.FIT)).isEqualTo(prompts.size());
    }

    @Test
    void aShuffledTargetIsExplainedWorseByThePromptsItIsMadeOf() {
        double planted = closed(decomposer);
        try (Decomposer shuffled = decomposer.shuffled(4, new TinyContexts.Heard())) {
            assertThat(ModelGolden.difference(
                            shuffled.test().base(), decomposer.test().base()))
                    .isZero();
            assertThat(ModelGolden.difference(
                            shuffled.fit().target(), decomposer.fit().target()))
                    .isPositive();
            assertThat(closed(shuffled)).isLessThan(planted - 0.05);
        }
    }

    private double closed(Decomposer one) {
        double base = sum(one.left(List.of(), new double[0]));
        return 1 - sum(one.decompose(atoms(), 3).at(3).test().foreign()) / base;
    }

    @Test
    void deltasCoverTheirSplitAndForeignOnesTheForeignPlaces() {
        HardPrompt first = prompts.getFirst();
        HardPrompt second = prompts.get(1);
        decomposer.perTestPlace(List.of(first), new double[] {1});
        List<Tensor> foreign = decomposer.foreignTestDeltas(List.of(first, second));
        // The first has been run everywhere; the second is run on foreign contexts, and heard of.
        assertThat(heard.runs().get(Probe.Split.TEST)).isEqualTo(1);
        for (int i = 0; i < 2; i++) {
            Tensor hidden = runner.hidden(
                    List.of(first, second).get(i), decomposer.test().foreign());
            Tensor base =
                    decomposer.test().base().narrow(0, 0, decomposer.test().foreignPlaces());
            assertThat(ModelGolden.difference(foreign.get(i), hidden.sub(base))).isLessThan(1e-4);
        }
        assertThat(decomposer.searchDeltas(List.of(first)).getFirst().size(0))
                .isEqualTo(decomposer.search().base().size(0));
    }

    @Test
    void whatIsNotKeptIsRunAgain() {
        decomposer.problem(prompts.subList(0, 3));
        decomposer.keepOnly(Set.of(prompts.get(1).text()));
        decomposer.problem(prompts.subList(0, 3));
        assertThat(heard.runs().get(Probe.Split.FIT)).isEqualTo(5);
    }

    @Test
    void closingFreesWhatWasRunUnlessItIsBorrowed() {
        Tensor delta = decomposer.fitDeltas(prompts.subList(0, 1)).getFirst();
        decomposer.towards(prompts.get(5), new TinyContexts.Heard()).close();
        assertThat(delta.isNull()).isFalse();
        decomposer.close();
        assertThat(delta.isNull()).isTrue();
    }

    @Test
    void aProbeGivesItsOwnContextsToEverySplit() {
        Probe foreign = probe("foreign", 3);
        Probe own = probe("own", 5);
        try (Decomposer probed =
                new Decomposer(runner, planted(), foreign, own, Decomposer.Options.defaults(1), heard)) {
            assertThat(tails(probed.fit().foreign())).isEqualTo(tails(foreign.contexts(Probe.Split.FIT, runner)));
            assertThat(tails(probed.fit().own())).isEqualTo(tails(own.contexts(Probe.Split.FIT, runner)));
            assertThat(probed.test().foreignPlaces()).isEqualTo(3);
            assertThat(probed.search().contexts()).hasSize(2);
            assertThat(Torch.toFloats(probed.unembedding().matrix()))
                    .isEqualTo(Torch.toFloats(runner.unembedding().matrix()));
            assertThat(probed.ridge()).isEqualTo(1e-4);
        }
    }

    private static List<List<Integer>> tails(List<assay.measure.behaviour.Context> contexts) {
        return contexts.stream()
                .map(context -> Arrays.stream(context.tail()).boxed().toList())
                .toList();
    }

    private static Probe probe(String name, int tokens) {
        return new Probe(
                name,
                Arrays.stream(Probe.Split.values())
                        .map(split -> new Probe.Turn(
                                "Turn " + split + "?",
                                split,
                                "",
                                IntStream.range(50, 50 + tokens).toArray()))
                        .toList());
    }

    private double[] perPlace(SplitStates split, Behaviour behaviour) {
        try (TensorScope _ = new TensorScope()) {
            return Divergence.kl(split.target(), runner.hidden(behaviour, split.contexts()), runner.unembedding());
        }
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }
}
