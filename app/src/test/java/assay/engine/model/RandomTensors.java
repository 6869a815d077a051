package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.Torch;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/// Random tensors, and whether two are the same.
public final class RandomTensors {
    private RandomTensors() {}

    /// Gaussian numbers.
    public static Tensor random(long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Torch.floats(values, shape);
    }

    /// To four digits.
    public static void assertSame(Tensor one, Tensor other) {
        assertThat(one.sizes().vec().get()).isEqualTo(other.sizes().vec().get());
        assertThat(ModelGolden.difference(one, other)).isLessThan(1e-4);
    }

    /// By more than rounding.
    public static void assertDifferent(Tensor one, Tensor other) {
        assertThat(ModelGolden.difference(one, other)).isGreaterThan(1e-3);
    }
}
