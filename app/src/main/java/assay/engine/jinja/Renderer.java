package assay.engine.jinja;

import assay.engine.jinja.Evaluator.Scope;
import assay.engine.jinja.Node.Expression;
import assay.engine.jinja.Node.Statement;
import assay.engine.jinja.Values.Callable;
import assay.engine.jinja.Values.Namespace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs the statements of a chat template and collects what they print.
final class Renderer {
    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private final Evaluator evaluator = new Evaluator();

    String render(List<Statement> statements, Scope scope) {
        StringBuilder out = new StringBuilder();
        run(statements, scope, out);
        return out.toString();
    }

    private Flow run(List<Statement> statements, Scope scope, StringBuilder out) {
        for (Statement statement : statements) {
            Flow flow = run(statement, scope, out);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow run(Statement statement, Scope scope, StringBuilder out) {
        evaluator.count();
        return switch (statement) {
            case Node.Text text -> print(text.text(), out);
            case Node.Print print -> print(Values.text(evaluator.value(print.value(), scope)), out);
            case Node.Assign assign -> bind(assign.target(), evaluator.value(assign.value(), scope), scope);
            case Node.Capture capture -> capture(capture, scope, out);
            case Node.Macro macro -> bind(new Node.Name(macro.name()), macro(macro, scope), scope);
            case Node.CallBlock block -> {
                Map<String, Object> caller = Map.of("caller", macro(block.inside(), scope));
                yield print(Values.text(evaluator.call(block.called(), caller, scope)), out);
            }
            case Node.Group group -> run(group.body(), scope.inner(), out);
            case Node.If choice -> choose(choice, scope, out);
            case Node.For loop -> loop(loop, scope, out);
            case Node.Jump jump -> jump.leaves() ? Flow.BREAK : Flow.CONTINUE;
        };
    }

    private static Flow print(String text, StringBuilder out) {
        Values.requireShort((double) out.length() + text.length());
        out.append(text);
        return Flow.ON;
    }

    private Flow capture(Node.Capture capture, Scope scope, StringBuilder out) {
        Scope inner = scope.inner();
        inner.variables().put(Node.Capture.INSIDE, render(capture.body(), scope.inner()));
        Object value = evaluator.value(capture.filtered(), inner);
        return capture.target().isPresent()
                ? bind(capture.target().get(), value, scope)
                : print(Values.text(value), out);
    }

    private static Flow bind(Expression target, Object value, Scope scope) {
        switch (target) {
            case Node.Attribute(Node.Name(String owner), String name) -> {
                if (!(scope.get(owner) instanceof Namespace namespace)) {
                    throw Values.fault("a namespace to set an attribute of", Values.kind(scope.get(owner)));
                }
                namespace.fields().put(name, value);
            }
            case Node.Items(List<Expression> targets, boolean _) -> {
                List<?> items = Values.items(value);
                if (items.size() != targets.size()) {
                    throw Values.fault(targets.size() + " values to unpack", items.size() + "");
                }
                for (int i = 0; i < items.size(); i++) {
                    bind(targets.get(i), items.get(i), scope);
                }
            }
            case Node.Name(String name) -> scope.variables().put(name, value);
            default -> throw new IllegalArgumentException("target: expected a name, found " + target + ".");
        }
        return Flow.ON;
    }

    /// A macro of a template, or the inside of a `call` block, ready to be called.
    private Callable macro(Node.Macro node, Scope around) {
        return given -> called(node, around, given);
    }

    private String called(Node.Macro node, Scope around, Arguments given) {
        List<Node.Parameter> parameters = node.parameters();
        List<Object> positional = given.positional();
        if (positional.size() > parameters.size()) {
            throw Values.fault(
                    "at most " + parameters.size() + " arguments for " + node.name(), positional.size() + "");
        }
        Map<String, Object> left = new LinkedHashMap<>(given.named());
        Scope inner = around.inner();
        if (node.takesCaller()) {
            Object caller = left.remove("caller");
            inner.variables().put("caller", caller == null ? new Values.Undefined("'caller'") : caller);
        }
        for (int i = 0; i < parameters.size(); i++) {
            Node.Parameter parameter = parameters.get(i);
            Object value = i < positional.size() ? positional.get(i) : left.remove(parameter.name());
            if (value == null) {
                value = evaluator.value(parameter.standard(), inner);
            }
            inner.variables().put(parameter.name(), value);
        }
        if (!left.isEmpty()) {
            throw Values.fault(
                    "a parameter of " + node.name(),
                    "'" + left.keySet().iterator().next() + "'");
        }
        return render(node.body(), inner);
    }

    private Flow choose(Node.If choice, Scope scope, StringBuilder out) {
        for (Node.Branch branch : choice.branches()) {
            if (Values.truth(evaluator.value(branch.condition(), scope))) {
                return run(branch.body(), scope, out);
            }
        }
        return run(choice.otherwise(), scope, out);
    }

    private Flow loop(Node.For loop, Scope scope, StringBuilder out) {
        List<Object> items = new ArrayList<>();
        for (Object item : Values.items(evaluator.value(loop.items(), scope))) {
            evaluator.count();
            if (passes(loop, item, scope)) {
                items.add(item);
            }
        }
        Loop state = new Loop(items);
        boolean finished = false;
        for (Object item : items) {
            evaluator.count();
            state.next();
            Scope inner = scope.inner();
            inner.variables().put("loop", state);
            bind(loop.target(), item, inner);
            Flow flow = run(loop.body(), inner, out);
            finished |= flow == Flow.ON;
            if (flow == Flow.BREAK) {
                break;
            }
        }
        return finished ? Flow.ON : run(loop.otherwise(), scope.inner(), out);
    }

    /// Whether an item goes into the loop. Its filter sees the loop around, but not the one it belongs to.
    private boolean passes(Node.For loop, Object item, Scope scope) {
        Scope inner = scope.inner();
        bind(loop.target(), item, inner);
        return Values.truth(evaluator.value(loop.filter(), inner));
    }
}
