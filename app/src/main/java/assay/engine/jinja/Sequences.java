package assay.engine.jinja;

import java.util.AbstractList;
import java.util.List;

/// Kinds of Python sequences that are neither list nor tuple, and what they do differently.
public final class Sequences {
    private Sequences() {}

    /// A `range`, or what a dict's `keys`, `values` and `items` give: looped over like a list, but not equal, added
    /// or written as JSON like one.
    public static final class Special extends AbstractList<Object> {
        private final String label;
        private final boolean range;
        private final List<?> items;

        private Special(String label, boolean range, List<?> items) {
            this.label = label;
            this.range = range;
            this.items = items;
        }

        public static Special range(long start, long stop, long step, List<Object> numbers) {
            return new Special(
                    "range(" + start + ", " + stop + (step == 1 ? "" : ", " + step) + ")", true, List.copyOf(numbers));
        }

        /// @param kind `keys`, `values` or `items`
        static Special view(String kind, List<?> items) {
            return new Special("dict_" + kind, false, items);
        }

        /// Whether `[0]` means its first item, as in a range and not in a view.
        boolean hasPlaces() {
            return range;
        }

        String shown() {
            return range ? label : label + "(" + Values.text(List.copyOf(items)) + ")";
        }

        @Override
        public Object get(int index) {
            return items.get(index);
        }

        @Override
        public int size() {
            return items.size();
        }
    }

    /// What `map`, `select` and their like give: true even if empty, without length or place, and gone once looped
    /// over.
    static final class Lazy {
        private List<?> rest;

        Lazy(List<?> items) {
            this.rest = items;
        }

        List<?> take() {
            List<?> taken = rest;
            rest = List.of();
            return taken;
        }
    }

    /// One group of `groupby`: a tuple with names.
    static final class Group extends Values.Tuple {
        Group(Object grouper, List<Object> items) {
            super(List.of(grouper, items));
        }

        Object field(String name) {
            return switch (name) {
                case "grouper" -> get(0);
                case "list" -> get(1);
                default -> new Values.Undefined("'" + name + "'");
            };
        }
    }

    /// Whether a value is a list or tuple, which can be added, multiplied, compared and written as JSON.
    static boolean isPlain(Object value) {
        return value instanceof List<?> && !(value instanceof Special);
    }

    /// Whether both are lists, both tuples, or both of one special kind.
    static boolean sameKind(List<?> left, List<?> right) {
        return left instanceof Values.Tuple == right instanceof Values.Tuple
                && left instanceof Special == right instanceof Special;
    }

    /// `items`, as the kind of sequence they were taken from.
    static List<?> like(List<?> source, List<Object> items) {
        return source instanceof Values.Tuple ? new Values.Tuple(items) : items;
    }
}
