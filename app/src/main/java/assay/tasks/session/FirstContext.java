package assay.tasks.session;

import assay.base.tensor.Unembedding;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.engine.peft.PeftPrompt;
import assay.engine.text.Slot;
import assay.measure.behaviour.Behaviour;
import assay.measure.judge.Setup;
import java.util.Locale;

/// What a target reads in front of an answer, as the model is given it: with special tokens as they are written.
public final class FirstContext {
    /// Characters kept of the text, at either end.
    private static final int KEPT = 2_000;

    private FirstContext() {}

    /// How a target is run on a model.
    ///
    /// @param user a user turn
    public static Setup setup(Target target, ChatModel chat, String user) {
        return new Setup(
                target.behaviour().overlay().sha256().orElse(target.sha256()),
                chat.card().templateSha256(),
                chat.slot().basePrompt().words(),
                chat.slot().thinking().words(),
                numbers(chat.model()),
                of(target.behaviour(), chat, user));
    }

    private static String numbers(LanguageModel model) {
        Unembedding unembedding = model.unembedding();
        return model.dtype().name()
                + (unembedding.isCapped()
                        ? String.format(Locale.ROOT, ", mixed in front of the cap of logits at %.3g", unembedding.cap())
                        : "");
    }

    /// Of a mixture, what its base reads.
    private static String of(Behaviour behaviour, ChatModel chat, String user) {
        Slot slot = chat.slot();
        Behaviour.Filling filling = behaviour.terms().size() == 1
                ? behaviour.terms().getFirst().filling()
                : Behaviour.BASE.terms().getFirst().filling();
        int[] tail = slot.tail(slot.user(user), new int[0]);
        return shortened(
                switch (filling) {
                    case Behaviour.Filling.Text(int[] tokens) -> written(chat, slot.prefix(tokens), tail);
                    case Behaviour.Filling.Soft(var embeddings, PeftPrompt.Place place) -> {
                        String soft = "⟨" + embeddings.size(0) + " soft tokens⟩";
                        yield switch (place) {
                            case KEYS ->
                                "⟨" + embeddings.size(0) + " tokens' keys and values⟩"
                                        + written(chat, slot.prefix(new int[0]), tail);
                            case PREFIX -> soft + written(chat, slot.prefix(new int[0]), tail);
                            case SYSTEM ->
                                written(chat, slot.before()) + soft + written(chat, slot.behindPrompt(), tail);
                        };
                    }
                });
    }

    private static String written(ChatModel chat, int[]... pieces) {
        int[] all = java.util.Arrays.stream(pieces)
                .flatMapToInt(java.util.Arrays::stream)
                .toArray();
        return all.length == 0 ? "" : chat.tokenizer().written(all);
    }

    private static String shortened(String text) {
        return text.length() <= 2 * KEPT
                ? text
                : text.substring(0, KEPT) + " … " + text.substring(text.length() - KEPT);
    }
}
