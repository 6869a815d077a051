package assay.engine.model;

import assay.base.tensor.Dtype;
import assay.base.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Rotary position embedding (Su et al., arXiv 2104.09864) with the frequency scalings of the Llama family.
///
/// @param theta base of the geometric frequency progression
/// @param scaling how frequencies are changed for long contexts
record Rope(double theta, Scaling scaling) {
    /// A change of the rotary frequencies.
    sealed interface Scaling {
        /// Frequencies as they are.
        record None() implements Scaling {}

        /// No rotation at all: the block does not know where tokens stand.
        record Still() implements Scaling {}

        /// Every frequency divided by `factor`.
        record Linear(double factor) implements Scaling {}

        /// Llama 3's rule: low frequencies divided by `factor`, high ones kept, a smooth ramp between.
        record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalContext)
                implements Scaling {}

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
    record Angles(Tensor cosine, Tensor sine) {
        /// Rotates each head of `x` `[place head·headDim]` (Hugging Face layout: halves, not pairs).
        Tensor rotate(Tensor x, int headDim) {
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
    Angles angles(int[] positions, int headDim, Dtype dtype) {
        int first = Arrays.stream(positions).min().orElseThrow();
        int count = Arrays.stream(positions).max().orElseThrow() - first + 1;
        int half = headDim / 2;
        float[] cosine = new float[Math.multiplyExact(count, half)];
        float[] sine = new float[cosine.length];
        for (int i = 0; i < half; i++) {
            float frequency = (float) scaled(1.0 / Math.pow(theta, 2.0 * i / headDim), i);
            for (int position = 0; position < count; position++) {
                float angle = (first + position) * frequency;
                cosine[position * half + i] = (float) Math.cos(angle);
                sine[position * half + i] = (float) Math.sin(angle);
            }
        }
        long[] rows =
                Arrays.stream(positions).mapToLong(position -> position - first).toArray();
        Tensor at = Torch.longs(rows, rows.length);
        return new Angles(spread(cosine, count, half, at, dtype), spread(sine, count, half, at, dtype));
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
