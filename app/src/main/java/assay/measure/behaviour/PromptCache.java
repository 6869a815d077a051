package assay.measure.behaviour;

import assay.engine.model.ChatModel;
import assay.engine.model.KeyValueCache;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TokenBatch;
import assay.engine.peft.PeftPrompt;
import assay.measure.behaviour.Behaviour.Filling;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// What stands in front of every context: the slot with its filling and the tokens all contexts begin with,
/// read once.
final class PromptCache {
    private PromptCache() {}

    /// Keys and values of the opening, one row, owned by the caller's scope; differentiable in a soft
    /// filling and in the overlay inside a scope with gradients.
    ///
    /// @param shared tokens behind the filling
    static KeyValueCache read(ChatModel chat, Filling filling, int[] shared, Overlay overlay) {
        int[] before = chat.slot().before();
        return switch (filling) {
            case Filling.Text(int[] tokens) ->
                chat.model().prefill(TokenBatch.of(joined(chat.slot().prefix(tokens), shared)), overlay);
            case Filling.Soft(Tensor embeddings, PeftPrompt.Place place) ->
                switch (place) {
                    case SYSTEM ->
                        soft(chat, before, embeddings, joined(chat.slot().behindPrompt(), shared), overlay);
                    case PREFIX ->
                        soft(chat, new int[0], embeddings, joined(chat.slot().prefix(new int[0]), shared), overlay);
                    case KEYS -> {
                        KeyValueCache trained = chat.model().cacheOf(embeddings);
                        TokenBatch behind = TokenBatch.of(joined(chat.slot().prefix(new int[0]), shared));
                        yield chat.model()
                                .step(behind, trained, overlay, Positions.last(behind))
                                .cache();
                    }
                };
        };
    }

    private static KeyValueCache soft(ChatModel chat, int[] front, Tensor soft, int[] back, Overlay overlay) {
        TensorVector parts = new TensorVector();
        if (front.length > 0) {
            parts.push_back(chat.model().embed(TokenBatch.of(front), overlay));
        }
        parts.push_back(soft.unsqueeze(0));
        if (back.length > 0) {
            parts.push_back(chat.model().embed(TokenBatch.of(back), overlay));
        }
        return chat.model().prefillOfEmbeddings(torch.cat(parts, 1), overlay);
    }

    static int[] joined(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }
}
