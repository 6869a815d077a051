package assay.engine.jinja;

import assay.engine.jinja.Evaluator.Scope;
import assay.engine.jinja.Node.Statement;
import assay.engine.jinja.Values.Callable;
import assay.engine.jinja.Values.Namespace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs the statements of a chat template and collects what they print.
public final class Renderer {
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
            case Node.Assign assign -> assign(assign, scope);
            case Node.Capture capture -> scope.variables().put(capture.name(), render(capture.body(), scope.inner()));
            case Node.Macro macro -> scope.variables().put(macro.name(), macro(macro, scope));
            case Node.Group group -> {
                return run(group.body(), scope, out);
            }
            case Node.If choice -> {
                return choose(choice, scope, out);
            }
            case Node.For loop -> {
                return loop(loop, scope, out);
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

    private void assign(Node.Assign assign, Scope scope) {
        Object value = evaluator.value(assign.value(), scope);
        if (assign.attribute().isEmpty()) {
            bind(assign.targets(), value, scope);
            return;
        }
        Object owner = scope.get(assign.targets().getFirst());
        if (!(owner instanceof Namespace namespace)) {
            throw Values.fault("a namespace to set an attribute of", Values.kind(owner));
        }
        namespace.fields().put(assign.attribute().get(), value);
    }

    private static void bind(List<String> targets, Object value, Scope scope) {
        if (targets.size() == 1) {
            scope.variables().put(targets.getFirst(), value);
            return;
        }
        List<?> items = Values.items(value);
        if (items.size() != targets.size()) {
            throw Values.fault(targets.size() + " values to unpack", items.size() + "");
        }
        for (int i = 0; i < items.size(); i++) {
            scope.variables().put(targets.get(i), items.get(i));
        }
    }

    private Callable macro(Node.Macro macro, Scope scope) {
        return (positional, named) -> {
            List<Node.Parameter> parameters = macro.parameters();
            if (positional.size() > parameters.size()) {
                throw Values.fault(
                        "at most " + parameters.size() + " arguments for " + macro.name(), positional.size() + "");
            }
            Scope inner = scope.inner();
            for (int i = 0; i < parameters.size(); i++) {
                Node.Parameter parameter = parameters.get(i);
                Object value;
                if (i < positional.size()) {
                    value = positional.get(i);
                } else if (named.containsKey(parameter.name())) {
                    value = named.get(parameter.name());
                } else if (parameter.standard().isPresent()) {
                    value = evaluator.value(parameter.standard().get(), inner);
                } else {
                    value = new Values.Undefined("'" + parameter.name() + "'");
                }
                inner.variables().put(parameter.name(), value);
            }
            requireKnown(macro, named);
            return render(macro.body(), inner);
        };
    }

    private static void requireKnown(Node.Macro macro, Map<String, Object> named) {
        for (String name : named.keySet()) {
            if (macro.parameters().stream()
                    .noneMatch(parameter -> parameter.name().equals(name))) {
                throw Values.fault("a parameter of " + macro.name(), "'" + name + "'");
            }
        }
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
            Scope inner = scope.inner();
            bind(loop.targets(), item, inner);
            if (loop.filter().isEmpty()
                    || Values.truth(evaluator.value(loop.filter().get(), inner))) {
                items.add(item);
            }
        }
        if (items.isEmpty()) {
            return run(loop.otherwise(), scope.inner(), out);
        }
        for (int i = 0; i < items.size(); i++) {
            Scope inner = scope.inner();
            evaluator.count();
            inner.variables().put("loop", state(items, i));
            bind(loop.targets(), items.get(i), inner);
            if (run(loop.body(), inner, out) == Flow.BREAK) {
                break;
            }
        }
        return Flow.ON;
    }

    private static Map<Object, Object> state(List<Object> items, int index) {
        Map<Object, Object> state = new LinkedHashMap<>();
        state.put("index0", (long) index);
        state.put("index", index + 1L);
        state.put("revindex0", items.size() - index - 1L);
        state.put("revindex", (long) items.size() - index);
        state.put("first", index == 0);
        state.put("last", index == items.size() - 1);
        state.put("length", (long) items.size());
        state.put("depth", 1L);
        state.put("depth0", 0L);
        if (index > 0) {
            state.put("previtem", items.get(index - 1));
        }
        if (index < items.size() - 1) {
            state.put("nextitem", items.get(index + 1));
        }
        Callable cycle = (positional, _) -> {
            if (positional.isEmpty()) {
                throw Values.fault("something to cycle through", "nothing");
            }
            return positional.get(index % positional.size());
        };
        state.put("cycle", cycle);
        return state;
    }
}
