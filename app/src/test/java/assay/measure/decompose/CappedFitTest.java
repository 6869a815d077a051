package assay.measure.decompose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Generator;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.behaviour.Sampling;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A mixture of prompts of a model that caps its logits (Gemma 2), whose cap bites: made in front of
/// the cap, found again.
class CappedFitTest {
    private static final double[] PLANTED = {0.9, -0.4, 0.6};

    private final ChatModel chat = TinyModel.open("families/gemma2");
    private final TensorScope scope = TensorScope.withoutGradients();
    private final Runner runner = new Runner(chat);
    private final List<HardPrompt> prompts = TinyContexts.prompts(chat);
    private final Mixture mixture = new Mixture(
            "planted",
            IntStream.range(0, 3)
                    .mapToObj(i -> new Mixture.Weighted(prompts.get(2 * i), PLANTED[i]))
                    .toList());

    @AfterEach
    void close() {
        scope.close();
        chat.close();
    }

    @Test
    void aPlantedMixtureIsFoundWithItsWeightsAndLeavesNothing() {
        try (Decomposer decomposer = new Decomposer(
                runner,
                mixture,
                split -> TinyContexts.of(chat, split, 6, 3),
                Decomposer.Options.defaults(0),
                Decomposer.Listener.NONE)) {
            Decomposition.Step step = decomposer.decompose(prompts, 3).at(3);
            for (int i = 0; i < 3; i++) {
                assertThat(step.atoms()).contains(prompts.get(2 * i));
                assertThat(step.weights()[step.atoms().indexOf(prompts.get(2 * i))])
                        .isCloseTo(PLANTED[i], within(0.01));
            }
            double base =
                    Arrays.stream(decomposer.left(List.of(), new double[0])).sum();
            assertThat(Arrays.stream(step.test().foreign()).sum()).isLessThan(1e-3 * base);
            assertThat(Arrays.stream(step.test().own()).sum()).isLessThan(1e-3 * base);
        }
    }

    @Test
    void theCapBites() {
        Context context = new Context(0, TinyModel.tokens(3, 9), 4);
        Tensor states = runner.hidden(mixture, List.of(context));
        Tensor products = torch.linear(states, runner.unembedding().matrix());
        double cap = runner.unembedding().cap();
        assertThat(products.abs().max().item_double()).isGreaterThan(0.7 * cap);
        assertThat(runner.unembedding().logits(states).abs().max().item_double())
                .isLessThan(cap);
    }

    /// Greedy answers cannot tell, as a cap keeps the order: the shares of the likeliest tokens do.
    @Test
    void tokensOfAMixtureAreDrawnFromTheCappedLogitsOfItsSum() {
        Context context = new Context(0, TinyModel.tokens(3, 9), 1);
        Tensor states = runner.hidden(mixture, List.of(context));
        Tensor shares = torch.softmax(runner.unembedding().logits(states), -1);
        var likeliest = chat.model().likeliest(states, assay.engine.model.Overlay.NONE, 5, 1);
        assertThat(Torch.toFloats(likeliest.shares()))
                .containsExactly(Torch.toFloats(shares.topk(5).get0()), within(1e-5f));
        int[] turn = chat.tokenizer().encode("Why?");
        assertThat(new Generator(chat).answers(mixture, List.of(turn), Sampling.greedy(4)))
                .hasSize(1);
    }
}
