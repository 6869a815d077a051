package assay.engine.jinja;

import assay.InputException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a chat template into tokens, with the whitespace rules transformers sets: `trim_blocks`,
/// `lstrip_blocks`, one trailing newline dropped.
final class TemplateLexer {
    enum Kind {
        TEXT,
        PRINT_BEGIN,
        PRINT_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    /// A token and the line it starts on.
    record Token(Kind kind, String text, int line) {
        boolean is(Kind wantedKind, String wantedText) {
            return kind == wantedKind && text.equals(wantedText);
        }

        /// How to name it in a message.
        String shown() {
            return kind == Kind.END ? "the end of the template" : "'" + text + "'";
        }
    }

    private static final String SPACE = "[\\s\\x1c-\\x1f\\x85\\p{Z}]";
    private static final Pattern NUMBER = Pattern.compile("0[bB](_?[01])++|0[oO](_?[0-7])++|0[xX](_?[0-9a-fA-F])++"
            + "|(?<!\\.)DIGITS((\\.DIGITS)?[eE][+-]?DIGITS|\\.DIGITS)|0(_?0)*+|[1-9](_?\\d)*+"
                    .replace("DIGITS", "\\d+(_\\d+)*+"));
    private static final Pattern STRING =
            Pattern.compile("'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{Mn}\\p{Mc}\\p{Nd}_]*+");
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

    private TemplateLexer(String source) {
        this.source = source;
    }

    /// @throws InputException if a tag, string or comment is not closed, or a character belongs to no token
    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        TemplateLexer lexer =
                new TemplateLexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.run();
        return List.copyOf(lexer.tokens);
    }

    private void run() {
        while (at < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                add(Kind.TEXT, source.substring(at), at);
                at = source.length();
                break;
            }
            char kind = source.charAt(tag + 1);
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            String text = stripped(source.substring(at, tag), sign, kind != '{');
            add(Kind.TEXT, text, at);
            at = tag;
            switch (kind) {
                case '#' -> comment();
                case '{' -> tag(sign, Kind.PRINT_BEGIN, Kind.PRINT_END, PRINT_END);
                default -> block(sign);
            }
        }
        tokens.add(new Token(Kind.END, "", lineAt(source.length())));
    }

    private int nextTag() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /// Text in front of a tag after the tag's say on whitespace: `-` takes all of it, a block takes its own
    /// indentation.
    private String stripped(String text, char sign, boolean block) {
        if (sign == '-') {
            return Values.stripRight(text);
        }
        if (block && sign != '+') {
            int start = text.lastIndexOf('\n') + 1;
            if ((start > 0 || lineStarting)
                    && Values.strip(text.substring(start)).isEmpty()) {
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
            tag(sign, Kind.BLOCK_BEGIN, Kind.BLOCK_END, BLOCK_END);
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

    private void tag(char sign, Kind begin, Kind endKind, Pattern endPattern) {
        int start = at;
        add(begin, source.substring(at, at + 2), at);
        at += sign == '-' || sign == '+' ? 3 : 2;
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            Matcher end = endPattern.matcher(source).region(at, source.length());
            if (open.isEmpty() && end.lookingAt()) {
                add(endKind, begin == Kind.PRINT_BEGIN ? "}}" : "%}", at);
                close(end);
                return;
            }
            if (at >= source.length()) {
                throw fault("a closing " + (begin == Kind.PRINT_BEGIN ? "}}" : "%}"), "none", start);
            }
            inner(open);
        }
    }

    private void inner(Deque<Character> open) {
        if (skip(BLANK)) {
            return;
        }
        if (take(NUMBER, Kind.INTEGER) || take(NAME, Kind.NAME) || take(STRING, Kind.STRING)) {
            return;
        }
        if (!take(OPERATOR, Kind.OPERATOR)) {
            throw fault("a Jinja expression", "'" + Character.toString(source.codePointAt(at)) + "'", at);
        }
        char bracket = tokens.getLast().text().charAt(0);
        if ("([{".indexOf(bracket) >= 0) {
            open.push(bracket == '(' ? ')' : bracket == '[' ? ']' : '}');
        } else if (")]}".indexOf(bracket) >= 0) {
            if (open.isEmpty() || open.pop() != bracket) {
                throw fault("matching brackets", "'" + bracket + "'", at - 1);
            }
        }
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
        Kind exact = kind == Kind.INTEGER && !text.matches("[\\d_]+|0[bBoOxX].+") ? Kind.FLOAT : kind;
        add(exact, exact == Kind.STRING ? unescaped(text.substring(1, text.length() - 1), start) : text, start);
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
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char escape = text.charAt(++i);
            int simple = "ntrbfav\n'\"\\".indexOf(escape);
            if (simple >= 0) {
                plain.append(simple == 7 ? "" : String.valueOf("\n\t\r\b\f\u0007\u000b '\"\\".charAt(simple)));
            } else if (escape == 'u' || escape == 'x' || escape == 'U') {
                int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : 8;
                plain.appendCodePoint(hex(text, i + 1, digits, start));
                i += digits;
            } else if (escape >= '0' && escape <= '7') {
                int end = i + 1;
                while (end < Math.min(i + 3, text.length()) && "01234567".indexOf(text.charAt(end)) >= 0) {
                    end++;
                }
                plain.appendCodePoint(Integer.parseInt(text.substring(i, end), 8));
                i = end - 1;
            } else if (escape == 'N') {
                int end = text.indexOf('}', i);
                plain.appendCodePoint(named(end < 0 ? "" : text.substring(i + 1, end), start));
                i = end;
            } else {
                plain.append('\\').append(escape);
            }
        }
        return plain.toString();
    }

    private int named(String name, int start) {
        try {
            return Character.codePointOf(name.startsWith("{") ? name.substring(1) : "");
        } catch (IllegalArgumentException unknown) {
            throw fault("the name of a character behind \\N", "'" + name + "'", start);
        }
    }

    private int hex(String text, int from, int digits, int start) {
        String number = text.substring(Math.min(from, text.length()), Math.min(from + digits, text.length()));
        if (!number.matches("[0-9a-fA-F]{" + digits + "}")
                || !Character.isValidCodePoint(Integer.parseUnsignedInt(number, 16))) {
            throw fault(digits + " hexadecimal digits after a backslash", "'" + number + "'", start);
        }
        return Integer.parseUnsignedInt(number, 16);
    }

    private InputException fault(String expected, String found, int index) {
        return Values.fault(expected, found, lineAt(Math.max(index, lineCounted)));
    }
}
