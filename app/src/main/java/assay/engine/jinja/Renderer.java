package assay.engine.jinja;

import assay.engine.jinja.Evaluator.Scope;
import assay.engine.jinja.Node.Expression;
import assay.engine.jinja.Node.Statement;
import assay.engine.jinja.Values.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Runs the statements of a chat template and collects what they print.
public final class Renderer {
    private static final int DEEPEST = 100;

    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private final Evaluator evaluator = new Evaluator();

    public String render(List<Statement> statements, Scope scope) {
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
        switch (statement) {
            case Node.Text text -> print(text.text(), out);
            case Node.Print print -> print(Values.text(evaluator.value(print.value(), scope)), out);
            case Node.Assign assign -> bind(assign.target(), evaluator.value(assign.value(), scope), scope);
            case Node.Capture capture -> capture(capture, scope, out);
            case Node.Macro macro -> scope.variables().put(macro.name(), macro(macro, scope));
            case Node.CallBlock block -> {
                Map<String, Object> caller = Map.of("caller", macro(block.inside(), scope));
                print(Values.text(evaluator.call(block.called(), caller, scope)), out);
            }
            case Node.Group group -> {
                return run(group.body(), scope.inner(), out);
            }
            case Node.With with -> {
                Scope inner = scope.inner();
                with.assigned().forEach(one -> bind(one.target(), evaluator.value(one.value(), scope), inner));
                return run(with.body(), inner, out);
            }
            case Node.If choice -> {
                return choose(choice, scope, out);
            }
            case Node.For loop -> {
                return loop(loop, evaluator.value(loop.items(), scope), 1, scope, out);
            }
            case Node.Jump jump -> {
                return jump.leaves() ? Flow.BREAK : Flow.CONTINUE;
            }
        }
        return Flow.ON;
    }

    private static void print(String text, StringBuilder out) {
        if (out.length() + (long) text.length() > Values.LONGEST) {
            throw Values.fault("at most " + Values.LONGEST + " characters", "more");
        }
        out.append(text);
    }

    private void capture(Node.Capture capture, Scope scope, StringBuilder out) {
        Scope inner = scope.inner();
        inner.variables().put(Node.Capture.INSIDE, render(capture.body(), scope.inner()));
        Object value = evaluator.value(capture.filtered(), inner);
        if (capture.target().isPresent()) {
            bind(capture.target().get(), value, scope);
        } else {
            print(Values.text(value), out);
        }
    }

    private static void bind(Expression target, Object value, Scope scope) {
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
    }

    private Macro macro(Node.Macro macro, Scope scope) {
        return new Macro(macro, scope, evaluator, (node, inner) -> render(node.body(), inner));
    }

    private Flow choose(Node.If choice, Scope scope, StringBuilder out) {
        for (Node.Branch branch : choice.branches()) {
            if (Values.truth(evaluator.value(branch.condition(), scope))) {
                return run(branch.body(), scope, out);
            }
        }
        return run(choice.otherwise(), scope, out);
    }

    private Flow loop(Node.For loop, Object over, int depth, Scope scope, StringBuilder out) {
        List<Object> items = new ArrayList<>();
        for (Object item : Values.items(over)) {
            evaluator.count();
            if (passes(loop, item, scope)) {
                items.add(item);
            }
        }
        Loop state = new Loop(items, depth, again(loop, depth, scope));
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
        if (loop.filter().isEmpty()) {
            return true;
        }
        Scope inner = scope.inner();
        bind(loop.target(), item, inner);
        return Values.truth(evaluator.value(loop.filter().get(), inner));
    }

    private Optional<Function<Object, String>> again(Node.For loop, int depth, Scope scope) {
        if (!loop.recursive()) {
            return Optional.empty();
        }
        return Optional.of(over -> {
            if (depth == DEEPEST) {
                throw Values.fault("a loop of at most " + DEEPEST + " levels", "more");
            }
            StringBuilder inner = new StringBuilder();
            loop(loop, over, depth + 1, scope, inner);
            return inner.toString();
        });
    }
}
