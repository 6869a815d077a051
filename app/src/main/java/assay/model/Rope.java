package assay.model;

import assay.tensor.Torch;
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

        /// Every frequency divided by `factor`.
        record Linear(double factor) implements Scaling {}

        /// Llama 3's rule: low frequencies divided by `factor`, high ones kept, a smooth ramp between.
        record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalContext)
                implements Scaling {}
    }

    /// Cosines and sines for positions `0 … positions−1`.
    record Table(Tensor cosine, Tensor sine) {}

    /// Makes the tables, each `[position headDim]` float32, the half-dimension angles written twice (Hugging
    /// Face
    /// layout).
    Table table(int positions, int headDim) {
        int half = headDim / 2;
        float[] cosine = new float[positions * headDim];
        float[] sine = new float[positions * headDim];
        for (int i = 0; i < half; i++) {
            float frequency = (float) scaled(1.0 / Math.pow(theta, 2.0 * i / headDim));
            for (int position = 0; position < positions; position++) {
                float angle = position * frequency;
                int at = position * headDim + i;
                cosine[at] = (float) Math.cos(angle);
                sine[at] = (float) Math.sin(angle);
                cosine[at + half] = cosine[at];
                sine[at + half] = sine[at];
            }
        }
        return new Table(Torch.floats(cosine, positions, headDim), Torch.floats(sine, positions, headDim));
    }

    private double scaled(double frequency) {
        return switch (scaling) {
            case Scaling.None() -> frequency;
            case Scaling.Linear(double factor) -> frequency / factor;
            case Scaling.Llama3 llama -> scaled(frequency, llama);
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
