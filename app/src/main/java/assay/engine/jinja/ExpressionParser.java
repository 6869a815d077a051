package assay.engine.jinja;

import assay.InputException;
import assay.engine.jinja.Node.Arguments;
import assay.engine.jinja.Node.Expression;
import assay.engine.jinja.TemplateLexer.Kind;
import assay.engine.jinja.TemplateLexer.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads expressions, with Jinja's precedence, from a stream of template tokens.
final class ExpressionParser {
    private static final int DEEPEST = 100;
    private static final Expression NOTHING = new Node.Literal(Values.NONE);

    /// Operators between two values, those that bind loosest first.
    private static final List<Set<String>> RANKS =
            List.of(Set.of("or"), Set.of("and"), Set.of("+", "-"), Set.of("~"), Set.of("*", "/", "//", "%"));

    /// The rank whose operands may start with `not` and compare.
    private static final int AND = 1;

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=", "in");
    private static final Set<String> AFTER_TEST = Set.of("else", "or", "and", "not", "in", "if");
    private static final Set<String> CLOSING = Set.of(")", "]", "}}", "%}");

    private final List<Token> tokens;
    private int at;
    private int depth;

    ExpressionParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    private Token ahead() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = peek();
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    /// Notes that an expression within an expression begins, until `depth` falls again.
    private void enter() {
        if (++depth > DEEPEST) {
            throw Values.fault("at most " + DEEPEST + " nested expressions", "more", peek().line());
        }
    }

    /// Where the cursor is, for [#mentions].
    int place() {
        return at;
    }

    /// Whether a name stands between a place and here, other than as an attribute.
    boolean mentions(String name, int from) {
        for (int i = from; i < at; i++) {
            if (tokens.get(i).is(name) && !tokens.get(i - 1).is(".")) {
                return true;
            }
        }
        return false;
    }

    /// Whether this word or sign is next.
    boolean at(String text) {
        return peek().is(text);
    }

    /// Whether this word or sign was next and has been passed.
    boolean accept(String text) {
        boolean there = at(text);
        if (there) {
            next();
        }
        return there;
    }

    void expect(String text) {
        if (!accept(text)) {
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

    /// Like [#expression], but `a, b` makes a list, as in Python.
    Expression tuple() {
        Expression first = expression();
        if (!at(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (accept(",") && !isOneOf(CLOSING)) {
            items.add(expression());
        }
        return new Node.Items(items, true);
    }

    Expression expression() {
        enter();
        Expression value = or();
        while (accept("if")) {
            Expression condition = or();
            Expression otherwise = accept("else") ? expression() : Node.Literal.undefined("the else of an inline if");
            value = new Node.Conditional(value, condition, otherwise);
        }
        depth--;
        return value;
    }

    /// An expression without an `if` behind it.
    Expression or() {
        return ranked(0);
    }

    private boolean isOneOf(Set<String> texts) {
        return texts.contains(peek().text()) && at(peek().text());
    }

    private Expression ranked(int rank) {
        Expression left = operand(rank);
        while (isOneOf(RANKS.get(rank))) {
            left = new Node.Binary(next().text(), left, operand(rank));
        }
        return left;
    }

    private Expression operand(int rank) {
        if (rank == AND) {
            return not();
        }
        return rank + 1 < RANKS.size() ? ranked(rank + 1) : unary(true);
    }

    private Expression not() {
        if (!at("not") || ahead().is("in")) {
            return comparison();
        }
        enter();
        next();
        Expression operand = not();
        depth--;
        return new Node.Unary("not", operand);
    }

    private Expression comparison() {
        Expression first = ranked(AND + 1);
        List<Node.Step> steps = new ArrayList<>();
        while (true) {
            boolean not = at("not") && ahead().is("in");
            if (not) {
                next();
            } else if (!isOneOf(COMPARISONS)) {
                return steps.isEmpty() ? first : new Node.Comparison(first, steps);
            }
            String operator = (not ? "not " : "") + next().text();
            steps.add(new Node.Step(operator, ranked(AND + 1)));
        }
    }

    private Expression unary(boolean filters) {
        Expression value;
        if (at("-") || at("+")) {
            enter();
            value = new Node.Unary(next().text(), unary(false));
            depth--;
        } else {
            value = primary();
        }
        value = postfix(value);
        return filters ? filtered(value) : value;
    }

    private Expression primary() {
        return switch (peek().kind()) {
            case NAME -> {
                Expression value = switch (peek().text()) {
                    case "true", "True" -> new Node.Literal(true);
                    case "false", "False" -> new Node.Literal(false);
                    case "none", "None" -> NOTHING;
                    case "varargs", "kwargs" -> throw fault("a name this version knows");
                    default -> new Node.Name(peek().text());
                };
                next();
                yield value;
            }
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (peek().kind() == Kind.STRING) {
                    text.append(next().text());
                }
                yield new Node.Literal(text.toString());
            }
            case NUMBER -> number();
            case OPERATOR -> bracketed();
            default -> throw fault("an expression");
        };
    }

    private Expression number() {
        Token token = next();
        try {
            return new Node.Literal(
                    token.text().matches("\\d+") ? (Object) Long.valueOf(token.text()) : Double.valueOf(token.text()));
        } catch (NumberFormatException tooLarge) {
            throw Values.fault("a number of at most 64 bits", token.shown(), token.line());
        }
    }

    private Expression bracketed() {
        if (accept("(")) {
            Expression inner = at(")") ? new Node.Items(List.of(), true) : tuple();
            expect(")");
            return inner;
        }
        if (accept("[")) {
            List<Expression> items = new ArrayList<>();
            until("]", () -> items.add(expression()));
            return new Node.Items(items, false);
        }
        if (!accept("{")) {
            throw fault("an expression");
        }
        List<Node.Pair> pairs = new ArrayList<>();
        until("}", () -> {
            Expression key = expression();
            expect(":");
            pairs.add(new Node.Pair(key, expression()));
        });
        return new Node.Pairs(pairs);
    }

    /// Reads items with commas between and perhaps behind them, up to a closing bracket and with it.
    private void until(String close, Runnable item) {
        while (!accept(close)) {
            item.run();
            if (!at(close)) {
                expect(",");
            }
        }
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (accept(".")) {
                value = peek().kind() == Kind.NUMBER
                        ? new Node.Index(value, number())
                        : new Node.Attribute(value, name());
            } else if (accept("[")) {
                value = subscript(value);
            } else if (accept("(")) {
                value = new Node.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression owner) {
        Expression start = at(":") ? NOTHING : tuple();
        if (accept("]")) {
            return new Node.Index(owner, start);
        }
        expect(":");
        Expression stop = bound();
        Expression step = accept(":") ? bound() : NOTHING;
        expect("]");
        return new Node.Slice(owner, start, stop, step);
    }

    private Expression bound() {
        return at(":") || at("]") ? NOTHING : expression();
    }

    Arguments arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        until(")", () -> {
            if (accept("*")) {
                positional.add(new Node.Spread(expression()));
            } else if (accept("**")) {
                named.put(Arguments.MORE, expression());
            } else if (peek().kind() == Kind.NAME && ahead().is("=")) {
                String name = name();
                next();
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
        });
        return new Arguments(positional, named);
    }

    private Expression filtered(Expression start) {
        Expression value = start;
        while (true) {
            if (accept("|")) {
                value = filter(value);
            } else if (accept("is")) {
                value = test(value);
            } else if (accept("(")) {
                value = new Node.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    /// The name of a filter and what it is given, behind the `|`.
    Expression filter(Expression input) {
        return new Node.Filter(input, name(), accept("(") ? arguments() : Arguments.NONE);
    }

    private Expression test(Expression input) {
        boolean negated = accept("not");
        String name = name();
        if (accept("(")) {
            return new Node.Test(input, name, arguments().positional(), negated);
        }
        if (at("is")) {
            throw fault("one test at a time");
        }
        boolean argument = switch (peek().kind()) {
            case NAME -> !isOneOf(AFTER_TEST);
            case STRING, NUMBER -> true;
            default -> at("[") || at("{");
        };
        return new Node.Test(input, name, argument ? List.of(postfix(primary())) : List.of(), negated);
    }
}
