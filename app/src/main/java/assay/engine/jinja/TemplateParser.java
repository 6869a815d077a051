package assay.engine.jinja;

import assay.InputException;
import assay.engine.jinja.Node.Expression;
import assay.engine.jinja.Node.Statement;
import assay.engine.jinja.TemplateLexer.Kind;
import assay.engine.jinja.TemplateLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Reads the statements of a chat template.
public final class TemplateParser {
    private static final int DEEPEST = 100;
    private static final Set<String> CONSTANTS = Set.of("true", "false", "none", "True", "False", "None");

    private final ExpressionParser in;
    private int depth;
    private int loops;

    private TemplateParser(List<Token> tokens) {
        this.in = new ExpressionParser(tokens);
    }

    /// Reads a template into statements.
    ///
    /// @throws InputException naming the first thing that is broken or that this version does not know
    public static List<Statement> parse(String template) {
        TemplateParser parser = new TemplateParser(TemplateLexer.tokens(template));
        List<Statement> statements = parser.body(Set.of());
        if (parser.in.peek().kind() != Kind.END) {
            throw parser.in.fault("an opening tag first");
        }
        return statements;
    }

    /// Statements up to a block that starts with one of `ends` (its begin and its name consumed), or to the
    /// end.
    private List<Statement> body(Set<String> ends) {
        if (++depth > DEEPEST) {
            throw Values.fault(
                    "at most " + DEEPEST + " nested blocks", "more", in.peek().line());
        }
        List<Statement> statements = new ArrayList<>();
        while (in.peek().kind() != Kind.END) {
            Token token = in.next();
            switch (token.kind()) {
                case TEXT -> statements.add(new Node.Text(token.text()));
                case PRINT_BEGIN -> {
                    statements.add(new Node.Print(in.tuple()));
                    in.expect(Kind.PRINT_END, "}}");
                }
                default -> {
                    if (in.peek().kind() == Kind.NAME && ends.contains(in.peek().text())) {
                        depth--;
                        return statements;
                    }
                    if (in.peek().kind() == Kind.NAME && in.peek().text().startsWith("end")) {
                        throw in.fault(ends.isEmpty() ? "an opening tag first" : "one of " + sorted(ends));
                    }
                    statements.add(statement());
                }
            }
        }
        if (!ends.isEmpty()) {
            throw in.fault("one of " + sorted(ends));
        }
        depth--;
        return statements;
    }

    private static List<String> sorted(Set<String> ends) {
        return ends.stream().sorted().toList();
    }

    private void close() {
        in.expect(Kind.BLOCK_END, "%}");
    }

    private Statement statement() {
        Token token = in.peek();
        String keyword = in.name();
        return switch (keyword) {
            case "if" -> conditional();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> macro(in.name());
            case "call" -> call();
            case "filter" -> filter();
            case "with" -> with();
            case "generation" -> generation();
            case "break", "continue" -> jump(token);
            default ->
                throw Values.fault(
                        "one of if, for, set, macro, call, filter, with, generation, break, continue, raw",
                        token.shown(),
                        token.line());
        };
    }

    private Statement conditional() {
        List<Node.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        String keyword = "if";
        while (!keyword.equals("endif")) {
            if (keyword.equals("else")) {
                close();
                otherwise = body(Set.of("endif"));
            } else {
                Expression condition = in.tuple();
                close();
                branches.add(new Node.Branch(condition, body(Set.of("elif", "else", "endif"))));
            }
            keyword = in.name();
        }
        close();
        return new Node.If(branches, otherwise);
    }

    private Statement loop() {
        Expression target = targets(false);
        in.expect(Kind.NAME, "in");
        Expression items = looped();
        Optional<Expression> filter = in.word("if") ? Optional.of(in.expression()) : Optional.empty();
        boolean recursive = in.word("recursive");
        close();
        loops++;
        List<Statement> body = body(Set.of("else", "endfor"));
        loops--;
        List<Statement> otherwise = List.of();
        if (in.name().equals("else")) {
            close();
            otherwise = body(Set.of("endfor"));
            in.name();
        }
        close();
        return new Node.For(target, items, filter, recursive, body, otherwise);
    }

    /// What is looped over: unlike elsewhere, an `if` behind it belongs to the loop.
    private Expression looped() {
        Expression first = in.or();
        List<Expression> items = new ArrayList<>(List.of(first));
        while (in.operator(",")) {
            items.add(in.or());
        }
        return items.size() == 1 ? first : new Node.Items(items, true);
    }

    /// `a`, `a, b`, `a, (b, c)`.
    ///
    /// @param attributes whether `namespace.a` may be among them
    private Expression targets(boolean attributes) {
        Expression first = target(attributes);
        List<Expression> targets = new ArrayList<>(List.of(first));
        while (in.operator(",")) {
            targets.add(target(attributes));
        }
        return targets.size() == 1 ? first : new Node.Items(targets, true);
    }

    private Expression target(boolean attributes) {
        if (in.operator("(")) {
            Expression inner = targets(attributes);
            in.expect(Kind.OPERATOR, ")");
            return inner;
        }
        if (CONSTANTS.contains(in.peek().text())) {
            throw in.fault("a name to set");
        }
        Node.Name name = new Node.Name(in.name());
        return attributes && in.operator(".") ? new Node.Attribute(name, in.name()) : name;
    }

    private Statement assignment() {
        Expression target = targets(true);
        if (in.operator("=")) {
            Expression value = in.tuple();
            close();
            return new Node.Assign(target, value);
        }
        if (target instanceof Node.Items) {
            throw in.fault("'='");
        }
        Expression inside = new Node.Name(Node.Capture.INSIDE);
        Expression filtered = in.operator("|") ? filters(inside) : inside;
        if (in.peek().kind() != Kind.BLOCK_END) {
            throw in.fault("'='");
        }
        return new Node.Capture(Optional.of(target), filtered, apart("endset"));
    }

    private Statement filter() {
        Expression filtered = filters(new Node.Name(Node.Capture.INSIDE));
        return new Node.Capture(Optional.empty(), filtered, apart("endfilter"));
    }

    private Expression filters(Expression inside) {
        Expression value = inside;
        do {
            value = new Node.Filter(value, in.name(), in.operator("(") ? in.arguments() : Node.Arguments.NONE);
        } while (in.operator("|"));
        return value;
    }

    /// What stands inside a block that is rendered by itself, so that no loop around it can be left from there.
    private List<Statement> apart(String end) {
        close();
        int outside = loops;
        loops = 0;
        List<Statement> body = body(Set.of(end));
        loops = outside;
        in.name();
        close();
        return body;
    }

    private Statement with() {
        List<Node.Assign> assigned = new ArrayList<>();
        while (in.peek().kind() != Kind.BLOCK_END) {
            if (!assigned.isEmpty()) {
                in.expect(Kind.OPERATOR, ",");
            }
            Expression target = target(false);
            in.expect(Kind.OPERATOR, "=");
            assigned.add(new Node.Assign(target, in.expression()));
        }
        close();
        List<Statement> body = body(Set.of("endwith"));
        in.name();
        close();
        return new Node.With(assigned, body);
    }

    private Node.Macro macro(String name) {
        in.expect(Kind.OPERATOR, "(");
        return macro(name, parameters(), "endmacro");
    }

    private Node.Macro macro(String name, List<Node.Parameter> parameters, String end) {
        int from = in.place();
        List<Statement> body = apart(end);
        Set<String> uses = new TreeSet<>(Set.of("caller", "varargs", "kwargs"));
        uses.removeIf(word -> !in.mentions(word, from));
        return new Node.Macro(name, parameters, uses, body);
    }

    private List<Node.Parameter> parameters() {
        List<Node.Parameter> parameters = new ArrayList<>();
        while (!in.operator(")")) {
            if (!parameters.isEmpty()) {
                in.expect(Kind.OPERATOR, ",");
            }
            String name = in.name();
            parameters.add(
                    new Node.Parameter(name, in.operator("=") ? Optional.of(in.expression()) : Optional.empty()));
        }
        return parameters;
    }

    private Statement call() {
        List<Node.Parameter> parameters = in.operator("(") ? parameters() : List.of();
        if (!(in.expression() instanceof Node.Call called)) {
            throw in.fault("a call of a macro in front of it");
        }
        return new Node.CallBlock(called, macro("None", parameters, "endcall"));
    }

    private Statement generation() {
        return new Node.Group(apart("endgeneration"));
    }

    private Statement jump(Token token) {
        if (loops == 0) {
            throw Values.fault("a loop around it", token.shown(), token.line());
        }
        close();
        return new Node.Jump(token.text().equals("break"));
    }
}
