package assay.engine.jinja;

import assay.engine.jinja.Values.Callable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What `loop` stands for inside a loop; called, it runs a `recursive` loop over other items.
final class Loop implements Callable {
    private final List<Object> items;
    private final int depth;
    private final Optional<Function<Object, String>> again;
    private int index = -1;
    private @Nullable List<Object> changed;

    /// @param depth 1 for a loop that no recursion led to
    /// @param again runs the loop over other items, if it is recursive
    Loop(List<Object> items, int depth, Optional<Function<Object, String>> again) {
        this.items = items;
        this.depth = depth;
        this.again = again;
    }

    void next() {
        index++;
    }

    Object get(String name) {
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) items.size() - index;
            case "revindex0" -> items.size() - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == items.size() - 1;
            case "length" -> (long) items.size();
            case "depth" -> (long) depth;
            case "depth0" -> depth - 1L;
            case "previtem" -> index > 0 ? items.get(index - 1) : new Values.Undefined("an item before the first");
            case "nextitem" ->
                index < items.size() - 1 ? items.get(index + 1) : new Values.Undefined("an item behind the last");
            case "cycle" -> (Callable) (values, _) -> cycled(values);
            case "changed" -> (Callable) (values, _) -> changes(values);
            default -> new Values.Undefined("'loop." + name + "'");
        };
    }

    private Object cycled(List<Object> values) {
        if (values.isEmpty()) {
            throw Values.fault("something to cycle through", "nothing");
        }
        return values.get(index % values.size());
    }

    private boolean changes(List<Object> values) {
        boolean same = changed != null && Values.equal(changed, values);
        changed = values;
        return !same;
    }

    @Override
    public Object call(List<Object> positional, Map<String, Object> named) {
        Object other =
                new Arguments("loop", positional, named).allow("iterable").required(0, "iterable");
        return again.orElseThrow(() -> Values.fault("a loop marked 'recursive' to call", "one that is not"))
                .apply(other);
    }

    @Override
    public String toString() {
        return "<LoopContext " + (index + 1) + "/" + items.size() + ">";
    }
}
