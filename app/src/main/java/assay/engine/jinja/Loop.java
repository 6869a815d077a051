package assay.engine.jinja;

import assay.engine.jinja.Values.Callable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `loop` stands for inside a loop.
final class Loop {
    private final List<Object> items;
    private int index = -1;
    private @Nullable List<Object> changed;

    Loop(List<Object> items) {
        this.items = items;
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
            case "depth" -> 1L;
            case "depth0" -> 0L;
            case "previtem" -> index > 0 ? items.get(index - 1) : new Values.Undefined("an item before the first");
            case "nextitem" ->
                index < items.size() - 1 ? items.get(index + 1) : new Values.Undefined("an item behind the last");
            case "cycle" ->
                (Callable) given ->
                        given.required(index % Math.max(1, given.positional().size()), "value");
            case "changed" -> (Callable) given -> changes(given.positional());
            default -> new Values.Undefined("'loop." + name + "'");
        };
    }

    private boolean changes(List<Object> values) {
        boolean same = changed != null && Values.equal(changed, values);
        changed = values;
        return !same;
    }
}
