package assay.measure.probe;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class LogitOffsetTest {
    private static final int PLACES = 400;
    private static final int WIDTH = 8;
    private static final int VOCABULARY = 60;

    @Test
    void aTargetThatIsAnOffsetIsClosedAndOneThatIsNotStays() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Unembedding unembedding = new Unembedding(random(1, VOCABULARY));
            Tensor base = random(2, PLACES).mul(new Scalar(0.5));
            Tensor same = base.add(random(3, 1).mul(new Scalar(0.7)));
            Tensor moving = base.add(random(4, PLACES).mul(new Scalar(0.7)));
            assertThat(closed(same, base, unembedding)).isGreaterThan(0.95);
            assertThat(closed(moving, base, unembedding)).isBetween(-0.05, 0.35);
        }
    }

    @Test
    void theBaseItselfNeedsNone() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Unembedding unembedding = new Unembedding(random(1, VOCABULARY));
            Tensor base = random(2, PLACES);
            for (float offset : LogitOffset.fit(base, base, unembedding).offsets()) {
                assertThat(Math.abs(offset)).isLessThan(1e-4f);
            }
        }
    }

    /// Fitted on the first half of the places, measured on the second.
    private static double closed(Tensor target, Tensor base, Unembedding unembedding) {
        int half = PLACES / 2;
        LogitOffset offset = LogitOffset.fit(target.narrow(0, 0, half), base.narrow(0, 0, half), unembedding);
        Tensor held = target.narrow(0, half, half);
        Tensor plain = base.narrow(0, half, half);
        double left = Arrays.stream(offset.kl(held, plain, unembedding)).sum();
        return 1 - left / Arrays.stream(Divergence.kl(held, plain, unembedding)).sum();
    }

    private static Tensor random(long seed, int rows) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Torch.floats(values, rows, WIDTH);
    }
}
