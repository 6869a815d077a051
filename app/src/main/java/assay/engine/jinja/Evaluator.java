package assay.engine.jinja;

import assay.engine.jinja.Node.Expression;
import assay.engine.jinja.Values.Callable;
import assay.engine.jinja.Values.Namespace;
import assay.engine.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Works out the value of template expressions, within a budget of steps and nesting.
final class Evaluator {
    private static final int MOST_STEPS = 5_000_000;
    private static final int DEEPEST = 300;

    private long steps;
    private int depth;

    /// Variables of one block; unknown ones are looked up in the block around it.
    record Scope(Map<String, Object> variables, @Nullable Scope around) {
        Scope inner() {
            return new Scope(new LinkedHashMap<>(), this);
        }

        Object get(String name) {
            for (Scope scope = this; scope != null; scope = scope.around()) {
                Object value = scope.variables().get(name);
                if (value != null) {
                    return value;
                }
            }
            return new Undefined("'" + name + "'");
        }
    }

    Object value(Expression expression, Scope scope) {
        count();
        if (++depth > DEEPEST) {
            throw Values.fault("at most " + DEEPEST + " nested calls and operations", "more");
        }
        Object value = switch (expression) {
            case Node.Literal literal -> literal.value();
            case Node.Name name -> scope.get(name.name());
            case Node.Items items -> {
                List<Object> values = all(items.items(), scope);
                yield items.tuple() ? Values.tuple(values) : values;
            }
            case Node.Pairs pairs -> mapping(pairs, scope);
            case Node.Attribute attribute -> attribute(value(attribute.owner(), scope), attribute.name());
            case Node.Index index -> index(value(index.owner(), scope), value(index.key(), scope));
            case Node.Slice slice -> slice(slice, scope);
            case Node.Spread spread ->
                throw Values.fault("'*' in the arguments of a call", Values.kind(value(spread.value(), scope)));
            case Node.Call call -> call(call, Map.of(), scope);
            case Node.Filter filter -> filter(filter, scope);
            case Node.Test test ->
                Operators.test(test.name(), value(test.input(), scope), all(test.arguments(), scope)) != test.negated();
            case Node.Unary unary -> unary(unary.operator(), value(unary.operand(), scope));
            case Node.Binary binary -> binary(binary, scope);
            case Node.Comparison comparison -> comparison(comparison, scope);
            case Node.Conditional(Expression then, Expression condition, Expression otherwise) ->
                value(Values.truth(value(condition, scope)) ? then : otherwise, scope);
        };
        depth--;
        return charged(value);
    }

    /// Counts large texts and lists as several steps: what makes or copies them takes as long.
    private Object charged(Object value) {
        if (value instanceof String text) {
            steps += text.length() / 256;
        } else if (value instanceof List<?> list) {
            steps += list.size() / 16;
        }
        return value;
    }

    /// Counts one step of the budget.
    void count() {
        if (++steps > MOST_STEPS) {
            throw Values.fault("a template that ends within " + MOST_STEPS + " steps", "more");
        }
    }

    private List<Object> all(List<Expression> expressions, Scope scope) {
        List<Object> values = new ArrayList<>();
        for (Expression expression : expressions) {
            if (expression instanceof Node.Spread spread) {
                values.addAll(Values.items(value(spread.value(), scope)));
            } else {
                values.add(value(expression, scope));
            }
        }
        return values;
    }

    private Map<Object, Object> mapping(Node.Pairs pairs, Scope scope) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Node.Pair pair : pairs.pairs()) {
            map.put(Values.key(value(pair.key(), scope)), value(pair.value(), scope));
        }
        return map;
    }

    private static Object attribute(Object owner, String name) {
        return switch (owner) {
            case Undefined missing ->
                throw Values.fault("something with an attribute '" + name + "'", "nothing called " + missing.what());
            case Namespace namespace -> Values.field(namespace.fields(), name);
            case Loop loop -> loop.get(name);
            case Callable _ -> throw Values.fault("an attribute this version knows", "'" + name + "' of a function");
            default ->
                Functions.method(owner, name)
                        .<Object>map(method -> method)
                        .orElseGet(() -> Values.field(owner instanceof Map<?, ?> map ? map : Map.of(), name));
        };
    }

    /// The value of `owner[key]`; undefined if there is none.
    static Object index(Object owner, Object key) {
        return switch (owner) {
            case Undefined missing -> throw Values.fault("something to look up in", "nothing called " + missing.what());
            case Map<?, ?> map
            when map.containsKey(Values.isNumber(key) ? Values.key(key) : key) -> Values.field(map, key);
            case List<?> list when Values.isWhole(key) && Values.hasPlaces(list) -> item(list, key);
            case String text when Values.isWhole(key) -> item(Values.items(text), key);
            default -> key instanceof String name ? attribute(owner, name) : new Undefined("item " + Values.text(key));
        };
    }

    private static Object item(List<?> items, Object key) {
        long at = Values.integer(key) + (Values.integer(key) < 0 ? items.size() : 0);
        return at < 0 || at >= items.size() ? new Undefined("item " + Values.text(key)) : items.get((int) at);
    }

    private Object slice(Node.Slice slice, Scope scope) {
        Object owner = value(slice.owner(), scope);
        if (!(owner instanceof String) && !(owner instanceof List<?> list && Values.hasPlaces(list))) {
            throw Values.fault("a text or list to slice", Values.kind(owner));
        }
        List<?> items = Values.items(owner);
        long size = items.size();
        Object stride = value(slice.step(), scope);
        long step = stride instanceof Values.None ? 1 : Math.clamp(Values.integer(stride), -size - 1, size + 1);
        if (step == 0) {
            throw Values.fault("a slice step other than 0", "0");
        }
        long start = bound(slice.start(), step > 0 ? 0 : size - 1, size, step, scope);
        long stop = bound(slice.stop(), step > 0 ? size : -1, size, step, scope);
        List<Object> taken = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            taken.add(items.get((int) i));
        }
        return owner instanceof String ? Texts.joined(taken, "") : Values.like(items, taken);
    }

    /// A slice bound as Python reads it: counted from the end if negative, then moved inside the list.
    private long bound(Expression bound, long absent, long size, long step, Scope scope) {
        Object value = value(bound, scope);
        if (value instanceof Values.None) {
            return absent;
        }
        long index = Values.integer(value);
        long lowest = step > 0 ? 0 : -1;
        return Math.clamp(index < 0 ? index + size : index, lowest, Math.max(lowest, step > 0 ? size : size - 1));
    }

    /// The value of a call with some more named arguments.
    Object call(Node.Call call, Map<String, Object> more, Scope scope) {
        Object callee = value(call.callee(), scope);
        String name = switch (call.callee()) {
            case Node.Name(String plain) -> plain;
            case Node.Attribute(Expression _, String attribute) -> attribute;
            default -> "a function";
        };
        Object function = callee instanceof Undefined(String _, Callable instead) ? instead : callee;
        if (!(function instanceof Callable callable)) {
            throw Values.fault("a function", Values.kind(callee));
        }
        Map<String, Object> named = named(call.arguments(), scope);
        named.putAll(more);
        return callable.call(new Arguments(name, all(call.arguments().positional(), scope), named));
    }

    private Map<String, Object> named(Node.Arguments arguments, Scope scope) {
        Map<String, Object> named = new LinkedHashMap<>();
        arguments.named().forEach((name, expression) -> {
            Object value = value(expression, scope);
            if (!name.equals(Node.Arguments.MORE)) {
                named.put(name, value);
            } else if (value instanceof Map<?, ?> more) {
                more.forEach((key, one) -> named.put(Values.string(key), one));
            } else {
                throw Values.fault("a dict of arguments behind **", Values.kind(value));
            }
        });
        return named;
    }

    private Object filter(Node.Filter filter, Scope scope) {
        Object input = value(filter.input(), scope);
        List<Object> positional = all(filter.arguments().positional(), scope);
        Map<String, Object> named = named(filter.arguments(), scope);
        return Filters.filter(filter.name(), input, new Arguments("filter " + filter.name(), positional, named));
    }

    private static Object unary(String operator, Object operand) {
        return switch (operator) {
            case "not" -> !Values.truth(operand);
            case "-" -> Numbers.negated(operand);
            default -> operand instanceof Double ? operand : (Object) Values.integer(operand);
        };
    }

    private Object binary(Node.Binary binary, Scope scope) {
        Object left = value(binary.left(), scope);
        return switch (binary.operator()) {
            case "and" -> Values.truth(left) ? value(binary.right(), scope) : left;
            case "or" -> Values.truth(left) ? left : value(binary.right(), scope);
            default -> Operators.apply(binary.operator(), left, value(binary.right(), scope));
        };
    }

    private boolean comparison(Node.Comparison comparison, Scope scope) {
        Object left = value(comparison.first(), scope);
        for (Node.Step step : comparison.steps()) {
            Object right = value(step.value(), scope);
            if (!Operators.holds(step.operator(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }
}
