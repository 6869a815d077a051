package assay.measure.decompose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.KlFit;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Divergence;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The oracle that weighs prompts anew in every context.
class ContextWeightsTest {
    private static final int FOREIGN = 5;

    private final ChatModel chat = TinyModel.open("untied-bf16");
    private final TensorScope scope = TensorScope.withoutGradients();
    private final Runner runner = new Runner(chat);
    private final List<HardPrompt> prompts = TinyContexts.prompts(chat);

    @AfterEach
    void close() {
        scope.close();
        chat.close();
    }

    private Decomposer decomposer(Behaviour target) {
        return new Decomposer(
                runner,
                target,
                split -> TinyContexts.of(chat, split, FOREIGN, 2),
                Decomposer.Options.defaults(0),
                new TinyContexts.Heard());
    }

    @Test
    void aMixtureOfThePromptsLeavesNothingInAnyContext() {
        Mixture target = new Mixture(
                "two", List.of(new Mixture.Weighted(prompts.get(0), 0.8), new Mixture.Weighted(prompts.get(1), -0.5)));
        try (Decomposer decomposer = decomposer(target)) {
            double[] left = new ContextWeights(decomposer).divergences(prompts.subList(0, 2));
            double base =
                    Arrays.stream(decomposer.left(List.of(), new double[0])).sum();
            assertThat(left).hasSize(FOREIGN);
            assertThat(Arrays.stream(left).sum()).isLessThan(2e-3 * base);
        }
    }

    /// The tiny vocabulary is looked at whole, so every context's fit can be made by itself here.
    @Test
    void everyContextHasTheWeightsOfAFitToItAlone() {
        try (Decomposer decomposer = decomposer(prompts.get(7))) {
            List<HardPrompt> two = prompts.subList(0, 2);
            double[] left = new ContextWeights(decomposer).divergences(two);
            List<Tensor> deltas = decomposer.foreignTestDeltas(two);
            SplitStates test = decomposer.test();
            long from = 0;
            for (int i = 0; i < FOREIGN; i++) {
                long count = test.foreign().get(i).places();
                Tensor base = test.base().narrow(0, from, count);
                Tensor target = test.target().narrow(0, from, count);
                Tensor first = deltas.get(0).narrow(0, from, count);
                Tensor second = deltas.get(1).narrow(0, from, count);
                double[] weights = KlFit.of(
                                RestrictedVocabulary.choose(base, target, decomposer.unembedding(), 5)
                                        .problem(base, target, List.of(first, second)),
                                new int[] {0, 1},
                                new double[2],
                                decomposer.ridge())
                        .weights();
                Tensor mixed = base.add(first.mul(new Scalar(weights[0]))).add(second.mul(new Scalar(weights[1])));
                double expected = Arrays.stream(Divergence.kl(target, mixed, decomposer.unembedding()))
                        .sum();
                assertThat(left[i]).isCloseTo(expected, within(1e-3 * expected + 1e-5));
                from += count;
            }
        }
    }

    @Test
    void freeWeightsAreNoWorseThanAnyFixedOnes() {
        try (Decomposer decomposer = decomposer(prompts.get(7))) {
            List<HardPrompt> two = prompts.subList(0, 2);
            double[] free = new ContextWeights(decomposer).divergences(two);
            for (double[] weights : new double[][] {{0, 0}, {0.5, 0.5}, {1, 0}, {0.2, -0.2}}) {
                double[] fixed = decomposer.left(two, weights);
                for (int i = 0; i < FOREIGN; i++) {
                    assertThat(free[i]).isLessThanOrEqualTo(fixed[i] + 1e-3);
                }
            }
        }
    }

    @Test
    void withoutPromptsTheOracleIsTheBase() {
        try (Decomposer decomposer = decomposer(prompts.get(7))) {
            assertThat(new ContextWeights(decomposer).divergences(List.of()))
                    .containsExactly(decomposer.left(List.of(), new double[0]), within(1e-5));
        }
    }
}
