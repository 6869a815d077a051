package assay.engine.text;

import assay.InputException;
import assay.engine.jinja.Arguments;
import assay.engine.jinja.Evaluator.Scope;
import assay.engine.jinja.Node.Statement;
import assay.engine.jinja.Renderer;
import assay.engine.jinja.TemplateParser;
import assay.engine.jinja.Values;
import assay.engine.jinja.Values.Callable;
import assay.engine.jinja.Values.Namespace;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Writes a conversation the way a model was trained to read it.
///
/// A chat template is a small Jinja program that comes with the model. This reads the part of Jinja such
/// programs use, with the settings transformers has (`trim_blocks`, `lstrip_blocks`), and refuses the rest
/// by name; it runs nothing outside the template and stops after a fixed number of steps.
public final class ChatTemplate {
    private static final int LONGEST = 1_000_000;
    private static final long LONGEST_RANGE = 100_000;

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
    ///     lists, maps and null. A `LocalDateTime` under `strftime_now` is the clock; without it that
    ///     function is undefined, which makes templates fall back to a fixed date
    /// @throws InputException if the template refuses the conversation, or uses something that does not exist
    public String render(List<Message> messages, boolean addGenerationPrompt, Map<String, Object> variables) {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("range", (Callable) (positional, named) -> range(new Arguments("range", positional, named)));
        names.put("namespace", (Callable) (_, named) -> new Namespace(new LinkedHashMap<>(named)));
        names.put("dict", (Callable) (_, named) -> new LinkedHashMap<Object, Object>(named));
        names.put("raise_exception", (Callable) ChatTemplate::refuse);
        names.put("tools", Values.NONE);
        names.put("documents", Values.NONE);
        variables.forEach((name, value) -> names.put(
                name,
                value instanceof LocalDateTime now ? (Callable) (given, _) -> date(given, now) : Values.of(value)));
        names.put("add_generation_prompt", addGenerationPrompt);
        List<Object> turns = new ArrayList<>();
        for (Message message : messages) {
            Map<Object, Object> turn = new LinkedHashMap<>();
            turn.put("role", message.role());
            turn.put("content", message.content());
            turns.add(turn);
        }
        names.put("messages", turns);
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

    private static List<Object> range(Arguments given) {
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
        return numbers;
    }

    private static String date(List<Object> given, LocalDateTime now) {
        String format = Values.string(
                new Arguments("strftime_now", given, Map.of()).allow("format").required(0, "format"));
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            out.append(c != '%' ? String.valueOf(c) : field(++i < format.length() ? format.charAt(i) : ' ', now));
        }
        return out.toString();
    }

    private static String field(char code, LocalDateTime now) {
        String pattern = switch (code) {
            case 'Y' -> "uuuu";
            case 'y' -> "uu";
            case 'm' -> "MM";
            case 'd' -> "dd";
            case 'B' -> "MMMM";
            case 'b' -> "MMM";
            case 'A' -> "EEEE";
            case 'a' -> "EEE";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'p' -> "a";
            case 'j' -> "DDD";
            case '%' -> "'%'";
            default -> throw Values.fault("a date field this version knows", "'%" + code + "'");
        };
        try {
            return DateTimeFormatter.ofPattern(pattern, Locale.US).format(now);
        } catch (DateTimeException outOfRange) {
            throw Values.fault("a date that can be written", outOfRange.getMessage() + "");
        }
    }
}
