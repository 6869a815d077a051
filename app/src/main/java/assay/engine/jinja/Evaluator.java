package assay.engine.jinja;

import assay.engine.jinja.Node.Arguments;
import assay.engine.jinja.Node.Expression;
import assay.engine.jinja.Values.Callable;
import assay.engine.jinja.Values.Namespace;
import assay.engine.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Works out the value of template expressions, within a budget of steps and nesting.
public final class Evaluator {
    private static final int MOST_STEPS = 5_000_000;
    private static final int DEEPEST = 300;
    private long steps;
    private int depth;

    /// Variables of one block; unknown ones are looked up in the block around it.
    public record Scope(
            Map<String, Object> variables, @Nullable Scope around) {
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

    /// @throws assay.InputException if the template does something Python would refuse, or too much
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
                yield items.tuple() ? new Values.Tuple(values) : values;
            }
            case Node.Pairs pairs -> mapping(pairs, scope);
            case Node.Attribute attribute -> attribute(value(attribute.owner(), scope), attribute.name());
            case Node.Index index -> index(value(index.owner(), scope), value(index.key(), scope));
            case Node.Slice slice -> slice(slice, scope);
            case Node.Spread spread ->
                throw Values.fault("'*' in the arguments of a call", Values.kind(value(spread.value(), scope)));
            case Node.Call call -> call(call, Map.of(), scope);
            case Node.Filter filter -> filter(filter, scope);
            case Node.Test test -> test(test, scope);
            case Node.Unary unary -> unary(unary.operator(), value(unary.operand(), scope));
            case Node.Binary binary -> binary(binary, scope);
            case Node.Comparison comparison -> comparison(comparison, scope);
            case Node.Conditional conditional -> conditional(conditional, scope);
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
            Object key = Dicts.hashable(value(pair.key(), scope));
            map.put(Dicts.keyIn(map, key), value(pair.value(), scope));
        }
        return map;
    }

    private static Object attribute(Object owner, String name) {
        return switch (owner) {
            case Undefined missing ->
                throw Values.fault("something with an attribute '" + name + "'", "nothing called " + missing.what());
            case Namespace namespace -> orUndefined(namespace.fields().get(name), name);
            case Loop loop -> loop.get(name);
            case Macro macro -> macro.field(name);
            case Sequences.Group group when name.equals("grouper") || name.equals("list") -> group.field(name);
            default -> {
                Optional<Callable> method = Functions.method(owner, name);
                yield method.isPresent()
                        ? method.get()
                        : orUndefined(owner instanceof Map<?, ?> map ? map.get(name) : null, name);
            }
        };
    }

    private static Object orUndefined(@Nullable Object value, Object name) {
        return value == null ? new Undefined("'" + Values.text(name) + "'") : value;
    }

    /// The value of `owner[key]`; undefined if there is none.
    static Object index(Object owner, Object key) {
        return switch (owner) {
            case Undefined missing -> throw Values.fault("something to look up in", "nothing called " + missing.what());
            case Map<?, ?> map
            when map.containsKey(Dicts.keyIn(map, key)) -> orUndefined(map.get(Dicts.keyIn(map, key)), key);
            case List<?> list
            when (key instanceof Long || key instanceof Boolean)
                    && !(list instanceof Sequences.Special special && !special.hasPlaces()) -> {
                int at = place(Values.integer(key), list.size());
                yield at < 0 ? new Undefined("item " + Values.text(key)) : list.get(at);
            }
            case String text
            when key instanceof Long || key instanceof Boolean -> {
                int[] points = text.codePoints().toArray();
                int at = place(Values.integer(key), points.length);
                yield at < 0 ? new Undefined("item " + Values.text(key)) : Character.toString(points[at]);
            }
            default -> key instanceof String name ? attribute(owner, name) : new Undefined("item " + Values.text(key));
        };
    }

    private static int place(long index, int size) {
        long at = index < 0 ? index + size : index;
        return at < 0 || at >= size ? -1 : (int) at;
    }

    private Object slice(Node.Slice slice, Scope scope) {
        Object owner = value(slice.owner(), scope);
        boolean view = owner instanceof Sequences.Special special && !special.hasPlaces();
        if (view || (!(owner instanceof String) && !(owner instanceof List<?>))) {
            throw Values.fault("a text or list to slice", Values.kind(owner));
        }
        List<?> items = Values.items(owner);
        Object stepValue = slice.step().isPresent() ? value(slice.step().get(), scope) : Values.NONE;
        long step = stepValue instanceof Values.None ? 1 : Values.integer(stepValue);
        if (step == 0) {
            throw Values.fault("a slice step other than 0", "0");
        }
        long size = items.size();
        long start = bound(slice.start(), step > 0 ? 0 : size - 1, size, step, scope);
        long stop = bound(slice.stop(), step > 0 ? size : -1, size, step, scope);
        long stride = Math.clamp(step, -size - 1, size + 1);
        List<Object> taken = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += stride) {
            taken.add(items.get((int) i));
        }
        return owner instanceof String
                ? String.join("", taken.stream().map(Values::text).toList())
                : Sequences.like(items, taken);
    }

    /// A slice bound as Python reads it: counted from the end if negative, then moved inside the list.
    private long bound(Optional<Expression> bound, long absent, long size, long step, Scope scope) {
        Object value = bound.isPresent() ? value(bound.get(), scope) : Values.NONE;
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
        Object function = callee instanceof Undefined(String _, Callable instead) ? instead : callee;
        if (!(function instanceof Callable callable)) {
            throw Values.fault("a function", Values.kind(callee));
        }
        Map<String, Object> named = named(call.arguments(), scope);
        named.putAll(more);
        return callable.call(all(call.arguments().positional(), scope), named);
    }

    private Map<String, Object> named(Arguments arguments, Scope scope) {
        Map<String, Object> named = new LinkedHashMap<>();
        arguments.named().forEach((name, expression) -> {
            Object value = value(expression, scope);
            if (!name.equals(Arguments.MORE)) {
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
        return Functions.filter(
                filter.name(),
                value(filter.input(), scope),
                all(filter.arguments().positional(), scope),
                named(filter.arguments(), scope));
    }

    private boolean test(Node.Test test, Scope scope) {
        return Operators.test(test.name(), value(test.input(), scope), all(test.arguments(), scope)) != test.negated();
    }

    private static Object unary(String operator, Object operand) {
        if (operator.equals("not")) {
            return !Values.truth(operand);
        }
        if (Values.isFloat(operand)) {
            return operator.equals("-") ? -Values.real(operand) : operand;
        }
        long whole = Values.integer(operand);
        return operator.equals("-") ? Operators.exactly(() -> Math.negateExact(whole)) : whole;
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
            boolean holds = switch (step.operator()) {
                case "==" -> Values.equal(left, right);
                case "!=" -> !Values.equal(left, right);
                case "in" -> Values.contains(right, left);
                case "not in" -> !Values.contains(right, left);
                case "<" -> Values.compare(left, right) < 0;
                case "<=" -> Values.compare(left, right) <= 0;
                case ">" -> Values.compare(left, right) > 0;
                default -> Values.compare(left, right) >= 0;
            };
            if (!holds) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Object conditional(Node.Conditional conditional, Scope scope) {
        if (Values.truth(value(conditional.condition(), scope))) {
            return value(conditional.then(), scope);
        }
        return conditional.otherwise().isPresent()
                ? value(conditional.otherwise().get(), scope)
                : new Undefined("the else of an inline if");
    }
}
