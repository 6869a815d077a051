package assay.measure.behaviour;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TokenBatch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// How natural a prompt reads to the base model.
public final class Fluency {
    private Fluency() {}

    /// Perplexity of the prompt's tokens where they stand in the slot, each predicted from what precedes it.
    public static double perplexity(HardPrompt prompt, ChatModel chat) {
        int[] sequence = chat.slot().prefix(prompt.tokens());
        int count = prompt.tokens().length;
        int first = sequence.length - count;
        int[] columns = new int[count];
        long[] next = new long[count];
        for (int i = 0; i < count; i++) {
            columns[i] = first + i - 1;
            next[i] = sequence[first + i];
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor hidden = chat.model()
                    .hidden(TokenBatch.of(sequence), null, Overlay.NONE, new Positions(new int[count], columns));
            Tensor logProbabilities = torch.log_softmax(chat.model().logits(hidden, Overlay.NONE), -1)
                    .gather(1, Torch.longs(next, count, 1));
            return Math.exp(-logProbabilities.mean().item_double());
        }
    }
}
