package assay.engine.jinja;

import assay.engine.jinja.Node.Arguments;
import assay.engine.jinja.Node.Expression;
import assay.engine.jinja.TemplateLexer.Kind;
import assay.engine.jinja.TemplateLexer.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads expressions, with Jinja's precedence, from a stream of template tokens.
final class ExpressionParser extends TokenCursor {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> AFTER_TEST = Set.of("else", "or", "and", "not", "in", "if");

    ExpressionParser(List<Token> tokens) {
        super(tokens);
    }

    /// Like [#expression], but `a, b` makes a list, as in Python.
    Expression tuple() {
        Expression first = expression();
        if (!peek().is(Kind.OPERATOR, ",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (operator(",")) {
            if (ends() || peek().is(Kind.OPERATOR, ")") || peek().is(Kind.OPERATOR, "]")) {
                break;
            }
            items.add(expression());
        }
        return new Node.Items(items, true);
    }

    Expression expression() {
        enter();
        Expression value = or();
        while (word("if")) {
            Expression condition = or();
            Optional<Expression> otherwise = word("else") ? Optional.of(expression()) : Optional.empty();
            value = new Node.Conditional(value, condition, otherwise);
        }
        leave();
        return value;
    }

    Expression or() {
        Expression left = and();
        while (word("or")) {
            left = new Node.Binary("or", left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (word("and")) {
            left = new Node.Binary("and", left, not());
        }
        return left;
    }

    private Expression not() {
        if (!peek().is(Kind.NAME, "not") || ahead().is(Kind.NAME, "in")) {
            return comparison();
        }
        enter();
        next();
        Expression operand = not();
        leave();
        return new Node.Unary("not", operand);
    }

    private Expression comparison() {
        Expression first = sum();
        List<Node.Step> steps = new ArrayList<>();
        while (true) {
            if (peek().kind() == Kind.OPERATOR && COMPARISONS.contains(peek().text())) {
                String operator = next().text();
                steps.add(new Node.Step(operator, sum()));
            } else if (word("in")) {
                steps.add(new Node.Step("in", sum()));
            } else if (words("not", "in")) {
                steps.add(new Node.Step("not in", sum()));
            } else {
                return steps.isEmpty() ? first : new Node.Comparison(first, steps);
            }
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        while (peek().is(Kind.OPERATOR, "+") || peek().is(Kind.OPERATOR, "-")) {
            String operator = next().text();
            left = new Node.Binary(operator, left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (operator("~")) {
            left = new Node.Binary("~", left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (peek().kind() == Kind.OPERATOR && Set.of("*", "/", "//", "%").contains(peek().text())) {
            String operator = next().text();
            left = new Node.Binary(operator, left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (operator("**")) {
            left = new Node.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean filters) {
        Expression value;
        if (peek().is(Kind.OPERATOR, "-") || peek().is(Kind.OPERATOR, "+")) {
            enter();
            String sign = next().text();
            value = new Node.Unary(sign, unary(false));
            leave();
        } else {
            value = primary();
        }
        value = postfix(value);
        return filters ? filtered(value) : value;
    }

    private Expression primary() {
        Token token = peek();
        return switch (token.kind()) {
            case NAME -> {
                next();
                yield switch (token.text()) {
                    case "true", "True" -> new Node.Literal(true);
                    case "false", "False" -> new Node.Literal(false);
                    case "none", "None" -> new Node.Literal(Values.NONE);
                    default -> new Node.Name(token.text());
                };
            }
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (peek().kind() == Kind.STRING) {
                    text.append(next().text());
                }
                yield new Node.Literal(text.toString());
            }
            case INTEGER, FLOAT -> new Node.Literal(number(next()));
            case OPERATOR -> bracketed();
            default -> throw fault("an expression");
        };
    }

    private Expression bracketed() {
        if (operator("(")) {
            Expression inner = peek().is(Kind.OPERATOR, ")") ? new Node.Items(List.of(), true) : tuple();
            expect(Kind.OPERATOR, ")");
            return inner;
        }
        if (operator("[")) {
            return new Node.Items(until("]"), false);
        }
        if (!operator("{")) {
            throw fault("an expression");
        }
        List<Node.Pair> pairs = new ArrayList<>();
        while (!operator("}")) {
            Expression key = expression();
            expect(Kind.OPERATOR, ":");
            pairs.add(new Node.Pair(key, expression()));
            if (!peek().is(Kind.OPERATOR, "}")) {
                expect(Kind.OPERATOR, ",");
            }
        }
        return new Node.Pairs(pairs);
    }

    private List<Expression> until(String close) {
        List<Expression> items = new ArrayList<>();
        while (!operator(close)) {
            items.add(expression());
            if (!peek().is(Kind.OPERATOR, close)) {
                expect(Kind.OPERATOR, ",");
            }
        }
        return items;
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (operator(".")) {
                value = peek().kind() == Kind.INTEGER
                        ? new Node.Index(value, new Node.Literal(number(next())))
                        : new Node.Attribute(value, name());
            } else if (operator("[")) {
                value = subscript(value);
            } else if (operator("(")) {
                value = new Node.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression owner) {
        Optional<Expression> start = peek().is(Kind.OPERATOR, ":") ? Optional.empty() : Optional.of(tuple());
        if (operator("]")) {
            return new Node.Index(owner, start.orElseThrow());
        }
        expect(Kind.OPERATOR, ":");
        Optional<Expression> stop = bound();
        Optional<Expression> step = operator(":") ? bound() : Optional.empty();
        expect(Kind.OPERATOR, "]");
        return new Node.Slice(owner, start, stop, step);
    }

    private Optional<Expression> bound() {
        return peek().is(Kind.OPERATOR, ":") || peek().is(Kind.OPERATOR, "]")
                ? Optional.empty()
                : Optional.of(expression());
    }

    Arguments arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!operator(")")) {
            if (operator("*")) {
                positional.add(new Node.Spread(expression()));
            } else if (operator("**")) {
                named.put(Arguments.MORE, expression());
            } else if (peek().kind() == Kind.NAME && ahead().is(Kind.OPERATOR, "=")) {
                String name = next().text();
                next();
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
            if (!peek().is(Kind.OPERATOR, ")")) {
                expect(Kind.OPERATOR, ",");
            }
        }
        return new Arguments(positional, named);
    }

    private Expression filtered(Expression start) {
        Expression value = start;
        while (true) {
            if (operator("|")) {
                String name = name();
                value = new Node.Filter(value, name, operator("(") ? arguments() : Arguments.NONE);
            } else if (word("is")) {
                value = test(value);
            } else if (operator("(")) {
                value = new Node.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression test(Expression input) {
        boolean negated = word("not");
        String name = name();
        if (operator("(")) {
            return new Node.Test(input, name, arguments().positional(), negated);
        }
        Token token = peek();
        if (token.is(Kind.NAME, "is")) {
            throw fault("one test at a time");
        }
        boolean argument = switch (token.kind()) {
            case NAME -> !AFTER_TEST.contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            default -> false;
        };
        return new Node.Test(input, name, argument ? List.of(postfix(primary())) : List.of(), negated);
    }
}
