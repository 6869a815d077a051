package assay.measure.behaviour;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TokenBatch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// How natural a prompt reads to the base model.
public final class Fluency {
    /// Prompts read in one pass.
    private static final int TOGETHER = 20;

    private Fluency() {}

    /// Perplexity of the prompt's tokens where they stand in the slot, each predicted from what precedes it.
    public static double perplexity(HardPrompt prompt, ChatModel chat) {
        return perplexities(List.of(prompt), chat)[0];
    }

    /// The same for several prompts, read some at a time.
    public static double[] perplexities(List<HardPrompt> prompts, ChatModel chat) {
        List<List<HardPrompt>> parts = IntStream.range(0, (prompts.size() + TOGETHER - 1) / TOGETHER)
                .mapToObj(i -> prompts.subList(i * TOGETHER, Math.min(prompts.size(), (i + 1) * TOGETHER)))
                .toList();
        return SideBySide.map(parts, part -> together(part, chat)).stream()
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    private static double[] together(List<HardPrompt> prompts, ChatModel chat) {
        List<int[]> sequences = prompts.stream()
                .map(prompt -> chat.slot().prefix(prompt.tokens()))
                .toList();
        int[] counts =
                prompts.stream().mapToInt(prompt -> prompt.tokens().length).toArray();
        int total = Arrays.stream(counts).sum();
        int[] rows = new int[total];
        int[] columns = new int[total];
        long[] next = new long[total];
        int at = 0;
        for (int row = 0; row < counts.length; row++) {
            int[] sequence = sequences.get(row);
            for (int i = sequence.length - counts[row]; i < sequence.length; i++, at++) {
                rows[at] = row;
                columns[at] = i - 1;
                next[at] = sequence[i];
            }
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor hidden =
                    chat.model().hidden(new TokenBatch(sequences), null, Overlay.NONE, new Positions(rows, columns));
            float[] logProbabilities =
                    Torch.toFloats(torch.log_softmax(chat.model().logits(hidden, Overlay.NONE), -1)
                            .gather(1, Torch.longs(next, total, 1)));
            double[] perplexities = new double[counts.length];
            int first = 0;
            for (int row = 0; row < counts.length; row++) {
                double sum = 0;
                for (int i = first; i < first + counts[row]; i++) {
                    sum += logProbabilities[i];
                }
                perplexities[row] = Math.exp(-sum / counts[row]);
                first += counts[row];
            }
            return perplexities;
        }
    }
}
