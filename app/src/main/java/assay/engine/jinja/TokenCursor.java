package assay.engine.jinja;

import assay.InputException;
import assay.engine.jinja.TemplateLexer.Kind;
import assay.engine.jinja.TemplateLexer.Token;
import java.util.List;

/// A place in a stream of template tokens that ends with one of kind `END`.
class TokenCursor {
    private final List<Token> tokens;
    private int at;

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

    boolean accept(Kind kind, String text) {
        if (!peek().is(kind, text)) {
            return false;
        }
        next();
        return true;
    }

    boolean operator(String text) {
        return accept(Kind.OPERATOR, text);
    }

    boolean word(String text) {
        return accept(Kind.NAME, text);
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
            return token.kind() == Kind.FLOAT ? (Object) Double.valueOf(digits) : (Object) Long.valueOf(digits);
        } catch (NumberFormatException tooLarge) {
            throw Values.fault("a number of at most 64 bits", token.shown(), token.line());
        }
    }
}
