package assay.base.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A W of 16 bits says what its copy in float32 says.
final class UnembeddingTest {
    /// So many that W is widened in three pieces, the last one shorter.
    private static final int TOKENS = 20_000;
    private static final int WIDTH = 512;

    private final TensorScope scope = TensorScope.withoutGradients();
    private final Tensor half = random(1, TOKENS, WIDTH).to(Dtype.BFLOAT16.scalarType());
    private final Unembedding narrow = new Unembedding(half);
    private final Unembedding wide = new Unembedding(half.to(torch.ScalarType.Float));

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor random(long seed, int... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] sizes = new long[shape.length];
        int count = 1;
        for (int i = 0; i < shape.length; i++) {
            sizes[i] = shape[i];
            count *= shape[i];
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Torch.floats(values, sizes);
    }

    private static void assertSame(Tensor found, Tensor expected) {
        assertThat(found.numel()).isEqualTo(expected.numel());
        assertThat(found.element_size()).isEqualTo(Float.BYTES);
        double scale = expected.abs().max().item_double();
        assertThat(found.sub(expected).abs().max().item_double() / scale).isCloseTo(0, within(2e-6));
    }

    @Test
    void logitsAreExact() {
        Tensor states = random(2, 2, 3, WIDTH);
        assertSame(narrow.logits(states), wide.logits(states));
        assertSame(
                narrow.part(700, 9_000).products(states), wide.part(700, 9_000).products(states));
        Tensor few = random(3, 2, WIDTH);
        assertSame(wide.products(few), torch.linear(few, wide.matrix()));
        assertSame(narrow.products(few), wide.products(few));
        assertSame(new Unembedding(half, 30).logits(states), new Unembedding(wide.matrix(), 30).logits(states));
    }

    @Test
    void rowsAndSumsOfThemAreExact() {
        Tensor ids = Torch.longs(new long[] {0, 19_999, 8_192, 8_191}, 4);
        assertThat(Torch.toFloats(narrow.rows(ids))).isEqualTo(Torch.toFloats(wide.rows(ids)));
        assertThat(Torch.toFloats(narrow.whole())).isEqualTo(Torch.toFloats(wide.matrix()));
        Tensor shares = torch.softmax(random(3, 5, TOKENS), -1);
        assertSame(narrow.pull(shares), wide.pull(shares));
        assertSame(narrow.weightedSum(shares.select(0, 0)), wide.weightedSum(shares.select(0, 0)));
        assertSame(narrow.moment(shares.select(0, 0)), wide.moment(shares.select(0, 0)));
    }

    @Test
    void ofAFloat32WEverythingIsOneProduct() {
        Tensor states = random(2, 4, WIDTH);
        Tensor shares = torch.softmax(random(3, 3, TOKENS), -1);
        Tensor matrix = wide.matrix();
        assertThat(Torch.toFloats(wide.products(states))).isEqualTo(Torch.toFloats(torch.linear(states, matrix)));
        assertThat(Torch.toFloats(wide.pull(shares))).isEqualTo(Torch.toFloats(shares.matmul(matrix)));
        Tensor weights = shares.select(0, 0);
        assertThat(Torch.toFloats(wide.weightedSum(weights)))
                .isEqualTo(Torch.toFloats(matrix.mul(weights.unsqueeze(1)).sum(0)));
        assertThat(Torch.toFloats(wide.moment(weights)))
                .isEqualTo(Torch.toFloats(matrix.transpose(0, 1).matmul(matrix.mul(weights.unsqueeze(1)))));
        assertThat(wide.whole().data_ptr()).isEqualTo(matrix.data_ptr());
    }
}
