package assay.tasks.talk;

import assay.InputException;
import assay.engine.model.ChatModel;
import assay.engine.peft.PeftPrompt;
import assay.engine.text.Slot;
import assay.measure.behaviour.SoftPrompt;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Writes conversations as the tokens that each part of a column reads.
record Wording(ChatModel chat) {
    private static final String BLANK_LINE = "\n\n";

    /// What a part of a column reads of a conversation.
    ///
    /// @throws InputException if the template cannot write a conversation of several turns
    Line line(Speaker speaker, Speaker.Part part, Conversation conversation) {
        return line(speaker, part, conversation, speaker.column());
    }

    /// The same with the earlier answers of another column.
    Line line(Speaker speaker, Speaker.Part part, Conversation conversation, Column answers) {
        int[] tokens = conversation.isRaw() ? raw(part, conversation) : chat(part, conversation, answers);
        return new Line(speaker.overlay(), part.soft(), tokens);
    }

    private int[] raw(Speaker.Part part, Conversation conversation) {
        int[] front = part.soft()
                .map(Wording::vectors)
                .orElseGet(() -> part.prompt().isEmpty() ? new int[0] : encoded(part.prompt() + BLANK_LINE));
        String before = conversation.system().isEmpty() ? "" : conversation.system() + BLANK_LINE;
        int[] text = encoded(before + conversation.user());
        int[] all = joined(chat.slot().beginning(), front, text, conversation.begun());
        if (all.length == 0) {
            throw new InputException(
                    "text: expected some to go on with, found none (without a template). Write its first words.");
        }
        return all;
    }

    private int[] chat(Speaker.Part part, Conversation conversation, Column answers) {
        Slot slot = chat.slot();
        int[] tokens = front(part, conversation.system());
        int[] opening = new int[0];
        for (Conversation.Exchange exchange : conversation.past()) {
            tokens = joined(tokens, opening, tail(exchange.user(), exchange.answer(answers), opening));
            opening = slot.betweenAnswerAndUser()
                    .orElseThrow(() -> new InputException("conversation: expected a template that writes several turns"
                            + " as they were said, found another ("
                            + chat.model().name()
                            + "). Begin a new conversation with every message."));
        }
        return joined(tokens, opening, tail(conversation.user(), conversation.begun(), opening));
    }

    /// @param opening what stands in front of a later turn; nothing in front of the first
    private int[] tail(String user, int[] answer, int[] opening) {
        Slot slot = chat.slot();
        int[] said = slot.user(user);
        return opening.length == 0 ? slot.tail(said, answer) : joined(said, slot.betweenUserAndAnswer(), answer);
    }

    private int[] front(Speaker.Part part, String system) {
        Slot slot = chat.slot();
        if (part.soft().isEmpty()) {
            boolean isBoth = !part.prompt().isEmpty() && !system.isEmpty();
            String text = part.prompt() + (isBoth ? BLANK_LINE : "") + system;
            return slot.prefix(text.isEmpty() ? new int[0] : slot.prompt(text));
        }
        int[] vectors = vectors(part.soft().get());
        int[] behind = system.isEmpty() ? new int[0] : slot.prompt(system);
        return switch (part.soft().get().place()) {
            case PeftPrompt.Place.SYSTEM -> joined(slot.before(), vectors, behind, slot.behindPrompt());
            case PeftPrompt.Place.PREFIX -> joined(vectors, slot.prefix(behind));
            case PeftPrompt.Place.KEYS ->
                throw new InputException(
                        "soft prompt: expected vectors in the place of tokens, found keys and values of"
                                + " prefix tuning. A talk cannot hold them; assay explain --soft explains them.");
        };
    }

    private static int[] vectors(SoftPrompt soft) {
        int[] places = new int[soft.length()];
        Arrays.fill(places, Line.SOFT);
        return places;
    }

    private int[] encoded(String text) {
        return text.isEmpty() ? new int[0] : chat.tokenizer().encode(text);
    }

    static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
    }
}
