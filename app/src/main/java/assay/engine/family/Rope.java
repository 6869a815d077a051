package assay.engine.family;

import assay.base.tensor.Device;
import assay.base.tensor.Dtype;
import assay.base.tensor.Fused;
import assay.base.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Rotary position embedding (Su et al., arXiv 2104.09864) with the frequency scalings of the Llama family.
///
/// @param theta base of the geometric frequency progression
/// @param scaling how frequencies are changed for long contexts
/// @param share of each head that is rotated, its first numbers; 1 for all
public record Rope(double theta, Scaling scaling, double share) {
    /// Of whole heads.
    public Rope(double theta, Scaling scaling) {
        this(theta, scaling, 1);
    }

    /// A change of the rotary frequencies.
    public sealed interface Scaling {
        /// Frequencies as they are.
        record None() implements Scaling {}

        /// No rotation at all: the block does not know where tokens stand.
        record Still() implements Scaling {}

        /// Every frequency divided by `factor`.
        record Linear(double factor) implements Scaling {}

        /// Llama 3's rule: low frequencies divided by `factor`, high ones kept, a smooth ramp between.
        record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalContext)
                implements Scaling {}

        /// As [Divided], with cosines and sines `magnitude` as long (LongRoPE, arXiv 2402.13753, in contexts no longer
        /// than the original ones).
        record Stretched(List<Double> divisors, double magnitude) implements Scaling {}

        /// Low frequencies divided by `factor`, high ones kept, a linear ramp between the pairs `low` and `high`;
        /// cosines and sines `magnitude` as long (YaRN, arXiv 2309.00071).
        record Yarn(double factor, double low, double high, double magnitude) implements Scaling {
            /// The pair of a head that turns so many times in the original context.
            static double border(double turns, double original, double theta, int rotating) {
                return rotating * Math.log(original / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
            }

            /// Between two borders, as far as they are pairs of a head.
            static Yarn between(double low, double high, int rotating, double factor, double magnitude) {
                double from = Math.max(0, low);
                double to = Math.min(rotating - 1, high);
                return new Yarn(factor, from, from == to ? to + 0.001 : to, magnitude);
            }

            /// The usual one.
            static double magnitude(double factor) {
                return factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1;
            }
        }

        /// What cosines and sines are multiplied with.
        default double magnitude() {
            return 1;
        }

        /// Every frequency divided by a number of its own, one for each pair of a head.
        record Divided(List<Double> divisors) implements Scaling {
            static Divided by(double factor, float[] divisors) {
                return new Divided(IntStream.range(0, divisors.length)
                        .mapToObj(i -> factor * divisors[i])
                        .toList());
            }
        }
    }

    /// Cosines and sines of the places they are multiplied with, each `[place 1 1 headDim/2]`.
    public record Angles(Tensor cosine, Tensor sine) {
        /// Rotates each head of `x` `[place head·headDim]` (Hugging Face layout: halves, not pairs); what lies beyond
        /// the rotated share of a head stays as it is.
        public Tensor rotate(Tensor x, int headDim) {
            long rotating = 2 * cosine.size(3);
            if (rotating < headDim) {
                Tensor heads = x.view(x.size(0), x.size(1) / headDim, headDim);
                Tensor turned = whole(heads.narrow(2, 0, rotating).reshape(x.size(0), -1), Math.toIntExact(rotating))
                        .view(heads.size(0), heads.size(1), rotating);
                Tensor rest = heads.narrow(2, rotating, headDim - rotating);
                return torch.cat(new TensorVector(turned, rest), 2).view(x.size(0), x.size(1));
            }
            return whole(x, headDim);
        }

        /// What [Fused] turns heads by: the same.
        public Fused.Turn turn() {
            return new Fused.Turn(cosine, sine);
        }

        /// The same on a device.
        public Angles on(Device device) {
            return device.isCpu() ? this : new Angles(device.here(cosine), device.here(sine));
        }

        private Tensor whole(Tensor x, int headDim) {
            Tensor halves = x.view(x.size(0), x.size(1) / headDim, 2, headDim / 2);
            Tensor rotated = halves.mul(cosine);
            Tensor flat = sine.squeeze(2);
            rotated.select(2, 0).addcmul_(halves.select(2, 1), flat, new Scalar(-1));
            rotated.select(2, 1).addcmul_(halves.select(2, 0), flat, new Scalar(1));
            return rotated.view(x.size(0), x.size(1));
        }
    }

    /// Angles of tokens at `positions`. Only the positions met are computed, so a long context costs nothing
    /// unused.
    public Angles angles(int[] positions, int headDim, Dtype dtype) {
        int first = Arrays.stream(positions).min().orElseThrow();
        int count = Arrays.stream(positions).max().orElseThrow() - first + 1;
        int rotating = rotating(headDim);
        int half = rotating / 2;
        double magnitude = scaling.magnitude();
        float[] cosine = new float[Math.multiplyExact(count, half)];
        float[] sine = new float[cosine.length];
        for (int i = 0; i < half; i++) {
            float frequency = (float) scaled(1.0 / Math.pow(theta, 2.0 * i / rotating), i);
            for (int position = 0; position < count; position++) {
                float angle = (first + position) * frequency;
                cosine[position * half + i] = (float) (magnitude * Math.cos(angle));
                sine[position * half + i] = (float) (magnitude * Math.sin(angle));
            }
        }
        long[] rows =
                Arrays.stream(positions).mapToLong(position -> position - first).toArray();
        Tensor at = Torch.longs(rows, rows.length);
        return new Angles(spread(cosine, count, half, at, dtype), spread(sine, count, half, at, dtype));
    }

    /// Numbers of a head that are rotated.
    int rotating(int headDim) {
        return (int) (headDim * share);
    }

    private static Tensor spread(float[] table, int count, int half, Tensor at, Dtype dtype) {
        return Torch.floats(table, count, 1, 1, half).to(dtype.scalarType()).index_select(0, at);
    }

    private double scaled(double frequency, int pair) {
        return switch (scaling) {
            case Scaling.None() -> frequency;
            case Scaling.Still() -> 0;
            case Scaling.Linear(double factor) -> frequency / factor;
            case Scaling.Llama3 llama -> scaled(frequency, llama);
            case Scaling.Stretched(List<Double> divisors, double _) -> frequency / divisors.get(pair);
            case Scaling.Yarn yarn -> {
                double ramp = Math.clamp((pair - yarn.low()) / (yarn.high() - yarn.low()), 0.0, 1.0);
                yield frequency / yarn.factor() * ramp + frequency * (1 - ramp);
            }
            case Scaling.Divided(List<Double> divisors) -> frequency / divisors.get(pair);
        };
    }

    private static double scaled(double frequency, Scaling.Llama3 llama) {
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength < llama.originalContext() / llama.highFrequencyFactor()) {
            return frequency;
        }
        if (wavelength > llama.originalContext() / llama.lowFrequencyFactor()) {
            return frequency / llama.factor();
        }
        double smooth = (llama.originalContext() / wavelength - llama.lowFrequencyFactor())
                / (llama.highFrequencyFactor() - llama.lowFrequencyFactor());
        return (1 - smooth) * frequency / llama.factor() + smooth * frequency;
    }
}
