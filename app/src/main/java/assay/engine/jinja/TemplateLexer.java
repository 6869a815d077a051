package assay.engine.jinja;

import assay.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a chat template into tokens, with the whitespace rules transformers sets: `trim_blocks`,
/// `lstrip_blocks`, one trailing newline dropped.
final class TemplateLexer {
    enum Kind {
        TEXT,
        PRINT_BEGIN,
        BLOCK_BEGIN,
        NAME,
        STRING,
        NUMBER,
        OPERATOR,
        END
    }

    /// A token and the line it starts on.
    record Token(Kind kind, String text, int line) {
        /// Whether it is this word or sign, and not the same in quotes or between tags.
        boolean is(String wanted) {
            return text.equals(wanted) && kind != Kind.STRING && kind != Kind.TEXT;
        }

        /// How to name it in a message.
        String shown() {
            return kind == Kind.END ? "the end of the template" : "'" + text + "'";
        }
    }

    private static final String SPACE = Texts.SPACE;
    private static final Pattern TAG = Pattern.compile("\\{[{%#]");
    private static final Pattern NUMBER =
            Pattern.compile("(?<!\\.)(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|0|[1-9]\\d*");
    private static final Pattern STRING =
            Pattern.compile("'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{Mn}\\p{Mc}\\p{Nd}_]*+");
    private static final Pattern ESCAPE = Pattern.compile(
            "\\\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U(?:000[0-9a-fA-F]|0010)[0-9a-fA-F]{4}|.)", Pattern.DOTALL);
    private static final Pattern OPERATOR = Pattern.compile("==|!=|<=|>=|//|\\*\\*|[-+/*%~\\[\\](){}<>=.:|,;]");
    private static final Pattern BLANK = Pattern.compile(SPACE + "*+");
    private static final Pattern RAW =
            Pattern.compile("\\{%[-+]?" + SPACE + "*+raw" + SPACE + "*+(-%\\}" + SPACE + "*+|%\\})");
    private static final Pattern END_RAW =
            Pattern.compile("\\{%([-+]?)" + SPACE + "*+endraw" + SPACE + "*+(\\+%\\}|-%\\}" + SPACE + "*+|%\\}\\n?)");
    private static final Pattern PRINT_END = Pattern.compile("-\\}\\}" + SPACE + "*+|\\}\\}");
    private static final Pattern BLOCK_END = Pattern.compile("\\+%\\}|-%\\}" + SPACE + "*+|%\\}\\n?");
    private static final Pattern COMMENT_END = Pattern.compile("\\+#\\}|-#\\}" + SPACE + "*+|#\\}\\n?");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineCounted;
    private boolean lineStarting = true;
    private int open;

    private TemplateLexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        TemplateLexer lexer =
                new TemplateLexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.run();
        return List.copyOf(lexer.tokens);
    }

    private void run() {
        while (at < source.length()) {
            Matcher found = TAG.matcher(source);
            if (!found.find(at)) {
                add(Kind.TEXT, source.substring(at), at);
                break;
            }
            int tag = found.start();
            char kind = source.charAt(tag + 1);
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            String text = stripped(source.substring(at, tag), sign, kind != '{');
            add(Kind.TEXT, text, at);
            at = tag;
            switch (kind) {
                case '#' -> comment();
                case '{' -> tag(sign, Kind.PRINT_BEGIN, PRINT_END);
                default -> block(sign);
            }
        }
        tokens.add(new Token(Kind.END, "", lineAt(source.length())));
    }

    /// Text in front of a tag after the tag's say on whitespace: `-` takes all of it, a block takes its own
    /// indentation.
    private String stripped(String text, char sign, boolean block) {
        if (sign == '-') {
            return Texts.stripped(text, false, true, Texts::isSpace);
        }
        if (block && sign != '+') {
            int start = text.lastIndexOf('\n') + 1;
            if ((start > 0 || lineStarting) && text.chars().skip(start).allMatch(Texts::isSpace)) {
                return text.substring(0, start);
            }
        }
        return text;
    }

    private void comment() {
        Matcher end = COMMENT_END.matcher(source);
        if (!end.find(at + 2)) {
            throw fault("a closing #}", "none", at);
        }
        close(end);
    }

    private void block(char sign) {
        Matcher raw = RAW.matcher(source).region(at, source.length());
        if (!raw.lookingAt()) {
            tag(sign, Kind.BLOCK_BEGIN, BLOCK_END);
            return;
        }
        Matcher end = END_RAW.matcher(source);
        if (!end.find(raw.end())) {
            throw fault("{% endraw %}", "none", at);
        }
        lineStarting = false;
        char endSign = end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0);
        add(Kind.TEXT, stripped(source.substring(raw.end(), end.start()), endSign, true), raw.end());
        close(end);
    }

    private void close(Matcher end) {
        at = end.end();
        lineStarting = end.group().endsWith("\n");
    }

    private void tag(char sign, Kind begin, Pattern endPattern) {
        int start = at;
        String close = begin == Kind.PRINT_BEGIN ? "}}" : "%}";
        add(begin, source.substring(at, at + 2), at);
        at += sign == '-' || sign == '+' ? 3 : 2;
        open = 0;
        while (true) {
            Matcher end = endPattern.matcher(source).region(at, source.length());
            if (open <= 0 && end.lookingAt()) {
                add(Kind.OPERATOR, close, at);
                close(end);
                return;
            }
            if (at >= source.length()) {
                throw fault("a closing " + close, "none", start);
            }
            inner();
        }
    }

    private void inner() {
        if (skip(BLANK)) {
            return;
        }
        if (take(NUMBER, Kind.NUMBER) || take(NAME, Kind.NAME) || take(STRING, Kind.STRING)) {
            return;
        }
        if (!take(OPERATOR, Kind.OPERATOR)) {
            throw fault("a Jinja expression", "'" + Character.toString(source.codePointAt(at)) + "'", at);
        }
        String sign = tokens.getLast().text();
        open += "([{".contains(sign) ? 1 : ")]}".contains(sign) ? -1 : 0;
    }

    private boolean skip(Pattern pattern) {
        Matcher found = pattern.matcher(source).region(at, source.length()).useTransparentBounds(true);
        if (!found.lookingAt() || found.end() == at) {
            return false;
        }
        at = found.end();
        return true;
    }

    private boolean take(Pattern pattern, Kind kind) {
        int start = at;
        if (!skip(pattern)) {
            return false;
        }
        String text = source.substring(start, at);
        add(kind, kind == Kind.STRING ? unescaped(text.substring(1, text.length() - 1), start) : text, start);
        return true;
    }

    private void add(Kind kind, String text, int start) {
        if (kind != Kind.TEXT || !text.isEmpty()) {
            tokens.add(new Token(kind, text, lineAt(start)));
        }
    }

    private int lineAt(int index) {
        for (; lineCounted < index; lineCounted++) {
            if (source.charAt(lineCounted) == '\n') {
                line++;
            }
        }
        return line;
    }

    private String unescaped(String text, int start) {
        return ESCAPE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(escaped(found.group(1), start)));
    }

    /// What stands for an escape; a backslash that means nothing stays.
    private String escaped(String escape, int start) {
        int simple = "ntrbfav'\"\\".indexOf(escape);
        if (simple >= 0) {
            return "\n\t\r\b\f\u0007\u000b'\"\\".substring(simple, simple + 1);
        }
        if (escape.length() > 1) {
            return Character.toString(Integer.parseInt(escape.substring(1), 16));
        }
        if ("xuUN01234567".contains(escape)) {
            throw fault("an escape like \\n, \\x41 or \\u00e9", "'\\" + escape + "'", start);
        }
        return escape.equals("\n") ? "" : "\\" + escape;
    }

    private InputException fault(String expected, String found, int index) {
        return Values.fault(expected, found, lineAt(Math.max(index, lineCounted)));
    }
}
