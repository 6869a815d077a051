package assay.discover.predict;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Says of any text what it would add to a mixture, without running it: reads it and asks the predictor.
public record GainPredictor(ChatModel chat, PromptReader reader, Predictor predictor) {
    /// Predictions of one text.
    ///
    /// @param gain what it would add, as a share of the target's energy
    public record Sighting(String text, double gain, float[] sketch, float[] reading) {}

    /// Reads texts and predicts what each would add.
    public List<Sighting> sight(List<String> texts, SketchFit.Lack lack) {
        if (texts.isEmpty()) {
            return List.of();
        }
        float[][] readings = read(texts);
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Predictor.Guess guess = predictor.guess(readings);
            float[] gains = Torch.toFloats(lack.gains(guess));
            float[] sketches = Torch.toFloats(guess.sketches());
            int numbers = predictor.numbers();
            return IntStream.range(0, texts.size())
                    .mapToObj(i -> new Sighting(
                            texts.get(i),
                            gains[i],
                            Arrays.copyOfRange(sketches, i * numbers, (i + 1) * numbers),
                            readings[i]))
                    .toList();
        }
    }

    /// What each text would add, as a share of the target's energy.
    public double[] gains(List<String> texts, SketchFit.Lack lack) {
        return gains(read(texts), lack);
    }

    /// The same for texts that have been read.
    ///
    /// @param readings `[text width]`
    public double[] gains(float[][] readings, SketchFit.Lack lack) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            float[] gains = Torch.toFloats(lack.gains(predictor.guess(readings)));
            return IntStream.range(0, gains.length).mapToDouble(i -> gains[i]).toArray();
        }
    }

    private float[][] read(List<String> texts) {
        return reader.read(texts.stream().map(chat.tokenizer()::encode).toList());
    }
}
