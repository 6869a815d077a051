package assay.engine.jinja;

import assay.engine.jinja.Evaluator.Scope;
import assay.engine.jinja.Node.Statement;
import java.util.List;
import java.util.Map;

/// A template that was read and can be rendered any number of times.
public final class Template {
    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /// Reads a template.
    ///
    /// @throws assay.InputException naming the first thing that is broken or that this version does not know
    public static Template parse(String source) {
        return new Template(TemplateParser.parse(source));
    }

    /// What the template writes.
    ///
    /// @param given texts, numbers, booleans, lists, maps and null by name; a `LocalDateTime` is a clock
    /// @throws assay.InputException if the template raises an exception, or does something Python would refuse
    public String render(Map<String, Object> given) {
        try {
            return new Renderer().render(statements, new Scope(Functions.names(given), null));
        } catch (StackOverflowError tooDeep) {
            throw Values.fault("at most some hundred lists within lists", "more");
        }
    }
}
