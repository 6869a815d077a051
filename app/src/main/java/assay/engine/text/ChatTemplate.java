package assay.engine.text;

import assay.InputException;
import assay.engine.jinja.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes a conversation the way a model was trained to read it.
///
/// A chat template is a small Jinja program that comes with the model. This reads the part of Jinja such
/// programs use, with the settings transformers has (`trim_blocks`, `lstrip_blocks`), and refuses the rest
/// by name; it runs nothing outside the template and stops after a fixed number of steps.
public final class ChatTemplate {
    private static final int LONGEST = 1_000_000;

    private final Template template;

    private ChatTemplate(Template template) {
        this.template = template;
    }

    /// One turn of a conversation.
    ///
    /// @param role `system`, `user` or `assistant`
    /// @param content what was said
    public record Message(String role, String content) {}

    /// Reads a template.
    ///
    /// @throws InputException naming the first thing in the template that is broken or that this version does
    ///     not read
    public static ChatTemplate parse(String jinja) {
        if (jinja.length() > LONGEST) {
            throw new InputException("chat template: expected at most " + LONGEST + " characters, found "
                    + jinja.length() + " (whole template). Is it a chat template?");
        }
        return new ChatTemplate(Template.parse(jinja));
    }

    /// The conversation as text.
    ///
    /// @param addGenerationPrompt whether to open an answer of the assistant at the end
    /// @param variables what else the template may read, such as `bos_token`: texts, numbers, booleans,
    ///     lists, maps and null. A `LocalDateTime` under `strftime_now` is the clock. Without it that
    ///     function is not defined, which makes templates that ask fall back to a date of their own; for
    ///     those that do not ask, it is always 26 July 2024, so that a conversation is the same text on
    ///     every day
    /// @throws InputException if the template refuses the conversation, or uses something that does not exist
    public String render(List<Message> messages, boolean addGenerationPrompt, Map<String, Object> variables) {
        Map<String, Object> all = new LinkedHashMap<>(variables);
        all.put("add_generation_prompt", addGenerationPrompt);
        List<Object> turns = new ArrayList<>();
        for (Message message : messages) {
            Map<String, Object> turn = new LinkedHashMap<>();
            turn.put("role", message.role());
            turn.put("content", message.content());
            turns.add(turn);
        }
        all.put("messages", turns);
        return render(all);
    }

    /// Like the other, for messages that hold more than a role and a text: everything the template may read.
    public String render(Map<String, Object> variables) {
        return template.render(variables);
    }
}
