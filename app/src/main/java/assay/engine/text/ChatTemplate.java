package assay.engine.text;

import assay.InputException;
import assay.engine.jinja.Arguments;
import assay.engine.jinja.Dicts;
import assay.engine.jinja.Evaluator.Scope;
import assay.engine.jinja.Formats;
import assay.engine.jinja.Functions;
import assay.engine.jinja.Node.Statement;
import assay.engine.jinja.Renderer;
import assay.engine.jinja.Sequences;
import assay.engine.jinja.TemplateParser;
import assay.engine.jinja.Values;
import assay.engine.jinja.Values.Callable;
import assay.engine.jinja.Values.Namespace;
import java.time.LocalDateTime;
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
    private static final long LONGEST_RANGE = 100_000;
    private static final LocalDateTime STANDSTILL = LocalDateTime.of(2024, 7, 26, 12, 0);

    /// Undefined to a template that asks; the day of [#STANDSTILL] to one that does not.
    private static final Values.Undefined WITHOUT_CLOCK =
            new Values.Undefined("'strftime_now'", (given, named) -> date(given, named, STANDSTILL));

    private final List<Statement> statements;

    private ChatTemplate(List<Statement> statements) {
        this.statements = statements;
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
        return new ChatTemplate(TemplateParser.parse(jinja));
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
            Map<Object, Object> turn = new LinkedHashMap<>();
            turn.put("role", message.role());
            turn.put("content", message.content());
            turns.add(turn);
        }
        all.put("messages", turns);
        return render(all);
    }

    /// Like the other, for messages that hold more than a role and a text: everything the template may read.
    public String render(Map<String, Object> variables) {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("range", (Callable) (positional, named) -> range(new Arguments("range", positional, named)));
        names.put("namespace", (Callable) (given, named) -> new Namespace(Dicts.of("namespace", given, named)));
        names.put("dict", (Callable) (given, named) -> Dicts.of("dict", given, named));
        names.put("joiner", (Callable) (given, named) -> Functions.joiner(new Arguments("joiner", given, named)));
        names.put("strftime_now", WITHOUT_CLOCK);
        names.put("raise_exception", (Callable) ChatTemplate::refuse);
        names.put("tools", Values.NONE);
        names.put("documents", Values.NONE);
        variables.forEach((name, value) -> names.put(
                name,
                value instanceof LocalDateTime now
                        ? (Callable) (given, named) -> date(given, named, now)
                        : Values.of(value)));
        try {
            return new Renderer().render(statements, new Scope(names, null));
        } catch (StackOverflowError tooDeep) {
            throw Values.fault("at most some hundred lists within lists", "more");
        }
    }

    private static Object refuse(List<Object> positional, Map<String, Object> named) {
        Object message = new Arguments("raise_exception", positional, named).required(0, "message");
        throw new InputException("chat template: expected a conversation it accepts, found one it refuses with \""
                + Values.text(message) + "\" (raise_exception). Change the roles, or use another model.");
    }

    private static List<?> range(Arguments given) {
        List<Object> bounds = given.allow("start", "stop", "step").positional();
        long start = bounds.size() < 2 ? 0 : Values.integer(bounds.getFirst());
        long stop = Values.integer(bounds.size() < 2 ? given.required(0, "stop") : bounds.get(1));
        long step = bounds.size() < 3 ? 1 : Values.integer(bounds.get(2));
        if (step == 0) {
            throw Values.fault("a range step other than 0", "0");
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (numbers.size() == LONGEST_RANGE) {
                throw Values.fault("a range of at most " + LONGEST_RANGE + " numbers", "more");
            }
            numbers.add(i);
        }
        return Sequences.Special.range(start, stop, step, numbers);
    }

    private static String date(List<Object> given, Map<String, Object> named, LocalDateTime now) {
        String format = Values.string(
                new Arguments("strftime_now", given, named).allow("format").required(0, "format"));
        return Formats.date(format, now);
    }
}
