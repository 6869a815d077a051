package assay.engine.jinja;

import assay.InputException;
import assay.engine.jinja.TemplateLexer.Kind;
import assay.engine.jinja.TemplateLexer.Token;
import java.util.List;

/// A place in a stream of template tokens that ends with one of kind `END`.
class TokenCursor {
    private static final int DEEPEST = 100;

    private final List<Token> tokens;
    private int at;
    private int depth;

    TokenCursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token ahead() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    /// Notes that an expression within an expression begins; [#leave] that it is over.
    void enter() {
        if (++depth > DEEPEST) {
            throw Values.fault("at most " + DEEPEST + " nested expressions", "more", peek().line());
        }
    }

    void leave() {
        depth--;
    }

    boolean accept(Kind kind, String text) {
        if (!peek().is(kind, text)) {
            return false;
        }
        next();
        return true;
    }

    /// Where the cursor is, for [#mentions].
    int place() {
        return at;
    }

    /// Whether a name stands between a place and here, other than as an attribute.
    boolean mentions(String name, int from) {
        for (int i = from; i < at; i++) {
            if (tokens.get(i).is(Kind.NAME, name) && !tokens.get(i - 1).is(Kind.OPERATOR, ".")) {
                return true;
            }
        }
        return false;
    }

    boolean operator(String text) {
        return accept(Kind.OPERATOR, text);
    }

    boolean word(String text) {
        return accept(Kind.NAME, text);
    }

    boolean words(String first, String second) {
        if (!peek().is(Kind.NAME, first) || !ahead().is(Kind.NAME, second)) {
            return false;
        }
        next();
        next();
        return true;
    }

    /// Whether the tag ends here.
    boolean ends() {
        return peek().kind() == Kind.BLOCK_END || peek().kind() == Kind.PRINT_END;
    }

    void expect(Kind kind, String text) {
        if (!accept(kind, text)) {
            throw fault("'" + text + "'");
        }
    }

    String name() {
        if (peek().kind() != Kind.NAME) {
            throw fault("a name");
        }
        return next().text();
    }

    InputException fault(String expected) {
        return Values.fault(expected, peek().shown(), peek().line());
    }

    static Object number(Token token) {
        String digits = token.text().replace("_", "");
        try {
            if (token.kind() == Kind.FLOAT) {
                return Double.valueOf(digits);
            }
            int base = switch (digits.length() > 1 ? Character.toLowerCase(digits.charAt(1)) : '0') {
                case 'b' -> 2;
                case 'o' -> 8;
                case 'x' -> 16;
                default -> 10;
            };
            return Long.valueOf(base == 10 ? digits : digits.substring(2), base);
        } catch (NumberFormatException tooLarge) {
            throw Values.fault("a number of at most 64 bits", token.shown(), token.line());
        }
    }
}
