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

/// Reads the statements of a chat template.
public final class TemplateParser {
    private static final int DEEPEST = 100;

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
            case "macro" -> macro();
            case "generation" -> generation();
            case "break", "continue" -> jump(token);
            default ->
                throw Values.fault(
                        "one of if, for, set, macro, generation, break, continue, raw", token.shown(), token.line());
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
        List<String> targets = targets();
        in.expect(Kind.NAME, "in");
        Expression items = in.or();
        Optional<Expression> filter = in.word("if") ? Optional.of(in.expression()) : Optional.empty();
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
        return new Node.For(targets, items, filter, body, otherwise);
    }

    private List<String> targets() {
        boolean bracket = in.operator("(");
        List<String> targets = new ArrayList<>(List.of(in.name()));
        while (in.operator(",")) {
            targets.add(in.name());
        }
        if (bracket) {
            in.expect(Kind.OPERATOR, ")");
        }
        return targets;
    }

    private Statement assignment() {
        List<String> targets = targets();
        Optional<String> attribute = in.operator(".") ? Optional.of(in.name()) : Optional.empty();
        if (in.operator("=")) {
            Expression value = in.tuple();
            close();
            return new Node.Assign(targets, attribute, value);
        }
        if (in.peek().kind() != Kind.BLOCK_END || attribute.isPresent() || targets.size() > 1) {
            throw in.fault("'='");
        }
        close();
        List<Statement> body = body(Set.of("endset"));
        in.name();
        close();
        return new Node.Capture(targets.getFirst(), body);
    }

    private Statement macro() {
        String name = in.name();
        in.expect(Kind.OPERATOR, "(");
        List<Node.Parameter> parameters = new ArrayList<>();
        while (!in.operator(")")) {
            String parameter = in.name();
            parameters.add(
                    new Node.Parameter(parameter, in.operator("=") ? Optional.of(in.expression()) : Optional.empty()));
            if (!in.peek().is(Kind.OPERATOR, ")")) {
                in.expect(Kind.OPERATOR, ",");
            }
        }
        close();
        int outside = loops;
        loops = 0;
        List<Statement> body = body(Set.of("endmacro"));
        loops = outside;
        in.name();
        if (in.peek().kind() == Kind.NAME) {
            in.name();
        }
        close();
        return new Node.Macro(name, parameters, body);
    }

    private Statement generation() {
        close();
        List<Statement> body = body(Set.of("endgeneration"));
        in.name();
        close();
        return new Node.Group(body);
    }

    private Statement jump(Token token) {
        if (loops == 0) {
            throw Values.fault("a loop around it", token.shown(), token.line());
        }
        close();
        return new Node.Jump(token.text().equals("break"));
    }
}
