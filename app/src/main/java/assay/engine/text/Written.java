package assay.engine.text;

import assay.engine.text.ChatTemplate.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Conversations as a chat template writes them for a tokenizer, without thinking where it can.
record Written(ChatTemplate template, Tokenizer tokenizer) {
    /// What Qwen 3, SmolLM 3 and others look at.
    private static final String THINKS = "enable_thinking";

    private static final String OPEN = "<think>";
    private static final String CLOSED = "</think>";

    /// With an answer opened behind it, and the beginning token in front.
    String asked(List<Message> messages) {
        return withBeginning(template.render(messages, true, variables(false)));
    }

    /// As it stands.
    String told(List<Message> messages) {
        return template.render(messages, false, variables(false));
    }

    private Map<String, Object> variables(boolean thinks) {
        Map<String, Object> variables = new LinkedHashMap<>(tokenizer.named());
        variables.put(THINKS, thinks);
        return variables;
    }

    /// What becomes of thinking in a conversation.
    Thinking thinking(List<Message> messages) {
        String off = template.render(messages, true, variables(false));
        String end = messages.getLast().content();
        String opened = off.substring(off.lastIndexOf(end) + end.length());
        if (opened.lastIndexOf(OPEN) > opened.lastIndexOf(CLOSED)) {
            return Thinking.ON;
        }
        if (opened.contains(CLOSED)) {
            return Thinking.EMPTY_BLOCK;
        }
        return off.equals(template.render(messages, true, variables(true))) ? Thinking.NONE : Thinking.OFF;
    }

    /// The rendered text with the beginning token in front exactly once, if the tokenizer wants it there.
    private String withBeginning(String rendered) {
        String beginning = beginning();
        if (beginning.isEmpty()) {
            return rendered;
        }
        if (rendered.startsWith(beginning + beginning)) {
            throw Slot.fault("the beginning token " + beginning + " once", "it twice");
        }
        return !rendered.startsWith(beginning) && tokenizer.addsBeginning() ? beginning + rendered : rendered;
    }

    /// The token a text begins with, as it is written; empty if there is none.
    String beginning() {
        return tokenizer.named().getOrDefault("bos_token", "");
    }
}
