package assay.engine.jinja;

import assay.engine.jinja.Node.Expression;
import assay.engine.jinja.Node.Statement;
import assay.engine.jinja.TemplateLexer.Kind;
import assay.engine.jinja.TemplateLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Reads the statements of a chat template.
final class TemplateParser {
    private static final int DEEPEST = 100;
    private static final Set<String> CONSTANTS = Set.of("true", "false", "none", "True", "False", "None");

    private final ExpressionParser in;
    private int depth;
    private int loops;

    private TemplateParser(List<Token> tokens) {
        this.in = new ExpressionParser(tokens);
    }

    /// Reads a template into statements.
    static List<Statement> parse(String template) {
        TemplateParser parser = new TemplateParser(TemplateLexer.tokens(template));
        List<Statement> statements = parser.body(List.of());
        if (parser.in.peek().kind() != Kind.END) {
            throw parser.in.fault("an opening tag first");
        }
        return statements;
    }

    /// Statements up to a block that starts with one of `ends` (its begin and its name consumed), or to the
    /// end.
    private List<Statement> body(List<String> ends) {
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
                    in.expect("}}");
                }
                default -> {
                    String keyword = in.peek().kind() == Kind.NAME ? in.peek().text() : "";
                    if (ends.contains(keyword)) {
                        depth--;
                        return statements;
                    }
                    if (keyword.startsWith("end")) {
                        throw in.fault(ends.isEmpty() ? "an opening tag first" : "one of " + ends);
                    }
                    statements.add(statement());
                }
            }
        }
        if (!ends.isEmpty()) {
            throw in.fault("one of " + ends);
        }
        depth--;
        return statements;
    }

    private void close() {
        in.expect("%}");
    }

    /// Passes a tag that is one word.
    private void end() {
        in.name();
        close();
    }

    private Statement statement() {
        Token token = in.peek();
        String keyword = in.name();
        return switch (keyword) {
            case "if" -> conditional();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> {
                String name = in.name();
                in.expect("(");
                yield macro(name, parameters(), "endmacro");
            }
            case "call" -> call();
            case "filter" ->
                new Node.Capture(Optional.empty(), filters(new Node.Name(Node.Capture.INSIDE)), apart("endfilter"));
            case "generation" -> new Node.Group(apart("endgeneration"));
            case "break", "continue" -> jump(token);
            default ->
                throw Values.fault(
                        "one of if, for, set, macro, call, filter, generation, break, continue, raw",
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
                otherwise = body(List.of("endif"));
            } else {
                Expression condition = in.tuple();
                close();
                branches.add(new Node.Branch(condition, body(List.of("elif", "else", "endif"))));
            }
            keyword = in.name();
        }
        close();
        return new Node.If(branches, otherwise);
    }

    private Statement loop() {
        Expression target = listed(() -> target(false));
        in.expect("in");
        Expression items = listed(in::or);
        Expression filter = in.accept("if") ? in.expression() : new Node.Literal(true);
        close();
        loops++;
        List<Statement> body = body(List.of("else", "endfor"));
        loops--;
        List<Statement> otherwise = List.of();
        if (in.name().equals("else")) {
            close();
            otherwise = body(List.of("endfor"));
            in.name();
        }
        close();
        return new Node.For(target, items, filter, body, otherwise);
    }

    /// `a`, or `a, b` as one.
    private Expression listed(Supplier<Expression> item) {
        List<Expression> items = new ArrayList<>(List.of(item.get()));
        while (in.accept(",")) {
            items.add(item.get());
        }
        return items.size() == 1 ? items.getFirst() : new Node.Items(items, true);
    }

    /// `a`, or more of them in brackets.
    ///
    /// @param attributes whether `namespace.a` may be among them
    private Expression target(boolean attributes) {
        if (in.accept("(")) {
            Expression inner = listed(() -> target(attributes));
            in.expect(")");
            return inner;
        }
        if (CONSTANTS.contains(in.peek().text())) {
            throw in.fault("a name to set");
        }
        Node.Name name = new Node.Name(in.name());
        return attributes && in.accept(".") ? new Node.Attribute(name, in.name()) : name;
    }

    private Statement assignment() {
        Expression target = listed(() -> target(true));
        if (in.accept("=")) {
            Expression value = in.tuple();
            close();
            return new Node.Assign(target, value);
        }
        Expression inside = new Node.Name(Node.Capture.INSIDE);
        Expression filtered = in.accept("|") ? filters(inside) : inside;
        if (target instanceof Node.Items || !in.at("%}")) {
            throw in.fault("'='");
        }
        return new Node.Capture(Optional.of(target), filtered, apart("endset"));
    }

    private Expression filters(Expression inside) {
        Expression value = in.filter(inside);
        while (in.accept("|")) {
            value = in.filter(value);
        }
        return value;
    }

    /// What stands inside a block that is rendered by itself, so that no loop around it can be left from there.
    private List<Statement> apart(String end) {
        close();
        int outside = loops;
        loops = 0;
        List<Statement> body = body(List.of(end));
        loops = outside;
        end();
        return body;
    }

    private Node.Macro macro(String name, List<Node.Parameter> parameters, String end) {
        int from = in.place();
        List<Statement> body = apart(end);
        boolean named =
                parameters.stream().anyMatch(parameter -> parameter.name().equals("caller"));
        return new Node.Macro(name, parameters, !named && in.mentions("caller", from), body);
    }

    private List<Node.Parameter> parameters() {
        List<Node.Parameter> parameters = new ArrayList<>();
        while (!in.accept(")")) {
            if (!parameters.isEmpty()) {
                in.expect(",");
            }
            String name = in.name();
            Expression standard = in.accept("=") ? in.expression() : Node.Literal.undefined("'" + name + "'");
            parameters.add(new Node.Parameter(name, standard));
        }
        return parameters;
    }

    private Statement call() {
        List<Node.Parameter> parameters = in.accept("(") ? parameters() : List.of();
        if (!(in.expression() instanceof Node.Call called)) {
            throw in.fault("a call of a macro in front of it");
        }
        return new Node.CallBlock(called, macro("None", parameters, "endcall"));
    }

    private Statement jump(Token token) {
        if (loops == 0) {
            throw Values.fault("a loop around it", token.shown(), token.line());
        }
        close();
        return new Node.Jump(token.text().equals("break"));
    }
}
