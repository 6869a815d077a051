package assay.engine.jinja;

import assay.engine.jinja.Evaluator.Scope;
import assay.engine.jinja.Values.Callable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// A macro of a template, or the inside of a `call` block, ready to be called.
///
/// @param around the scope it was written in
/// @param evaluator works out the values parameters have when not given
/// @param body renders the macro in a scope
record Macro(Node.Macro node, Scope around, Evaluator evaluator, BiFunction<Node.Macro, Scope, String> body)
        implements Callable {
    @Override
    public Object call(List<Object> positional, Map<String, Object> named) {
        List<Node.Parameter> parameters = node.parameters();
        Map<String, Object> left = new LinkedHashMap<>(named);
        Scope inner = around.inner();
        boolean hasCaller = false;
        for (int i = 0; i < parameters.size(); i++) {
            Node.Parameter parameter = parameters.get(i);
            hasCaller |= parameter.name().equals("caller");
            Object given = i < positional.size() ? positional.get(i) : left.remove(parameter.name());
            if (given == null) {
                given = parameter.standard().isPresent()
                        ? evaluator.value(parameter.standard().get(), inner)
                        : new Values.Undefined("'" + parameter.name() + "'");
            }
            inner.variables().put(parameter.name(), given);
        }
        if (node.uses().contains("caller") && !hasCaller) {
            Object caller = left.remove("caller");
            inner.variables().put("caller", caller == null ? new Values.Undefined("'caller'") : caller);
        }
        int known = Math.min(parameters.size(), positional.size());
        if (node.uses().contains("varargs")) {
            inner.variables().put("varargs", new Values.Tuple(positional.subList(known, positional.size())));
        } else if (positional.size() > known) {
            throw Values.fault(
                    "at most " + parameters.size() + " arguments for " + node.name(), positional.size() + "");
        }
        if (node.uses().contains("kwargs")) {
            inner.variables().put("kwargs", new LinkedHashMap<Object, Object>(left));
        } else if (!left.isEmpty()) {
            throw Values.fault(
                    "a parameter of " + node.name(),
                    "'" + left.keySet().iterator().next() + "'");
        }
        return body.apply(node, inner);
    }

    /// The attributes of a macro templates may ask for.
    Object field(String name) {
        return switch (name) {
            case "name" -> node.name();
            case "arguments" ->
                new Values.Tuple(node.parameters().stream()
                        .<Object>map(Node.Parameter::name)
                        .toList());
            default -> new Values.Undefined("'" + name + "'");
        };
    }
}
