package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.family.Design;
import assay.engine.family.ModelConfig;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Norms, gated layers and what overlays do to a linear layer.
final class BlockTest {
    private final TensorScope scope = TensorScope.withoutGradients();
    private final Tensor x = RandomTensors.random(1, 3, 6);
    private final Block.Norm norm = new Block.Norm("norm", torch.ones(6), 1e-9);
    private final Linear linear = new Linear("layer", RandomTensors.random(2, 4, 6), RandomTensors.random(3, 4));

    @AfterEach
    void close() {
        scope.close();
    }

    private static Overlay lowRank(double scale) {
        Overlay.LowRank factors =
                new Overlay.LowRank(RandomTensors.random(4, 2, 6), RandomTensors.random(5, 4, 2), scale);
        return new Overlay(Map.of("layer", factors), Optional.empty(), Map.of(), Map.of());
    }

    private static Overlay replaced(String name, Tensor weight) {
        return new Overlay(Map.of(), Optional.empty(), Map.of(name, weight), Map.of());
    }

    private Tensor normed(Tensor input, Overlay overlay) {
        return norm.apply(input, overlay, torch.ScalarType.Float);
    }

    @Test
    void normedRowsHaveAMeanSquareOfOneWhateverTheirLength() {
        for (float[] row : Torch.toRows(normed(x, Overlay.NONE))) {
            double squares = 0;
            for (float value : row) {
                squares += value * value;
            }
            assertThat(squares / row.length).isCloseTo(1, within(1e-5));
        }
        RandomTensors.assertSame(normed(x.mul(new Scalar(30)), Overlay.NONE), normed(x, Overlay.NONE));
        RandomTensors.assertSame(
                normed(x.neg(), Overlay.NONE), normed(x, Overlay.NONE).neg());
    }

    @Test
    void aRowOfNothingStaysNothing() {
        RandomTensors.assertSame(normed(torch.zeros(1, 6), Overlay.NONE), torch.zeros(1, 6));
    }

    @Test
    void anEpsilonHoldsBackRowsNearNothing() {
        Block.Norm careful = new Block.Norm("norm", torch.ones(6), 3);
        Tensor ones = torch.ones(1, 6);
        // 1 / √(1 + 3)
        RandomTensors.assertSame(careful.apply(ones, Overlay.NONE, torch.ScalarType.Float), ones.mul(new Scalar(0.5)));
    }

    @Test
    void anAdapterMayReplaceTheNormsWeight() {
        Tensor weight = RandomTensors.random(8, 6);
        Tensor expected = normed(x, Overlay.NONE).mul(weight);
        RandomTensors.assertSame(normed(x, replaced("norm.weight", weight)), expected);
        RandomTensors.assertSame(normed(x, replaced("other.weight", weight)), normed(x, Overlay.NONE));
    }

    @Test
    void theGateIsASiluAndTheLayerItsProduct() {
        Linear gate = new Linear("gate", RandomTensors.random(11, 5, 6), null);
        Linear up = new Linear("up", RandomTensors.random(12, 5, 6), null);
        Linear down = new Linear("down", RandomTensors.random(13, 6, 5), null);
        Tensor opened = gate.apply(x, Overlay.NONE);
        Tensor silu = opened.div(opened.neg().exp().add(new Scalar(1)));
        Tensor expected = down.apply(silu.mul(up.apply(x, Overlay.NONE)), Overlay.NONE);
        Block.FeedForward layer = new Block.FeedForward(gate, up, down, Design.Activation.SILU);
        RandomTensors.assertSame(layer.apply(x, Overlay.NONE), expected);

        Attention unused = new Attention(gate, gate, gate, gate, new ModelConfig.Heads(1, 1, 2));
        Tensor attended = RandomTensors.random(14, 3, 6);
        Tensor sum = x.add(attended);
        Block.Norms before = new Block.Norms(Optional.of(norm), Optional.empty(), Optional.of(norm), Optional.empty());
        RandomTensors.assertSame(
                new Block(before, unused, layer, 1).finish(x, attended, Overlay.NONE),
                sum.add(layer.apply(normed(sum, Overlay.NONE), Overlay.NONE)));
    }

    @Test
    void whatALowRankAdapterAddsIsLinearInItsScaleAndEqualToItsProduct() {
        Tensor plain = linear.apply(x, Overlay.NONE);
        Tensor once = linear.apply(x, lowRank(1)).sub(plain);
        Tensor product = RandomTensors.random(5, 4, 2).matmul(RandomTensors.random(4, 2, 6));
        RandomTensors.assertSame(once, x.matmul(product.t()));
        for (double scale : new double[] {0, 0.5, -2}) {
            RandomTensors.assertSame(linear.apply(x, lowRank(scale)).sub(plain), once.mul(new Scalar(scale)));
        }
    }

    @Test
    void anAdapterOfAnotherLayerChangesNothing() {
        Overlay.LowRank factors = new Overlay.LowRank(RandomTensors.random(4, 2, 6), RandomTensors.random(5, 4, 2), 1);
        Overlay other = new Overlay(
                Map.of("another", factors), Optional.empty(), Map.of(), Map.of("another", RandomTensors.random(6, 4)));
        RandomTensors.assertSame(linear.apply(x, other), linear.apply(x, Overlay.NONE));
    }

    @Test
    void biasesAreAddedAndWeightsAndBiasesReplaced() {
        Tensor plain = linear.apply(x, Overlay.NONE);
        Tensor bias = RandomTensors.random(6, 4);
        Overlay adding = new Overlay(Map.of(), Optional.empty(), Map.of(), Map.of("layer", bias));
        RandomTensors.assertSame(linear.apply(x, adding), plain.add(bias));
        RandomTensors.assertSame(
                linear.apply(x, replaced("layer.bias", bias)),
                plain.sub(RandomTensors.random(3, 4)).add(bias));
        Tensor matrix = RandomTensors.random(7, 4, 6);
        RandomTensors.assertSame(
                linear.apply(x, replaced("layer.weight", matrix)),
                x.matmul(matrix.t()).add(RandomTensors.random(3, 4)));
        RandomTensors.assertSame(
                new Linear("layer", matrix, null).apply(x, adding),
                x.matmul(matrix.t()).add(bias));
    }

    @Test
    void anOverlayOfNothingIsEmptyAndAnyOtherIsNot() {
        assertThat(Overlay.NONE.isEmpty()).isTrue();
        assertThat(lowRank(1).isEmpty()).isFalse();
        assertThat(replaced("layer.bias", x).isEmpty()).isFalse();
        assertThat(new Overlay(Map.of(), Optional.empty(), Map.of(), Map.of("layer", x)).isEmpty())
                .isFalse();
        Overlay embedding = new Overlay(Map.of(), Optional.of(new Overlay.LowRank(x, x, 1)), Map.of(), Map.of());
        assertThat(embedding.isEmpty()).isFalse();
    }
}
