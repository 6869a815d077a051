package assay.lab.studyfile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The fields of one object of a file. What is wrong with one is noted and something harmless returned in its
/// place, so that reading goes on and finds the rest.
final class JsonFields {
    private static final String NAME = "[a-z0-9][a-z0-9-]{0,60}";

    private final LocatedNode.Mapping object;
    private final Problems problems;
    private final Map<String, LocatedNode> values = new HashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    private JsonFields(LocatedNode.Mapping object, Problems problems) {
        this.object = object;
        this.problems = problems;
        for (LocatedNode.Member member : object.members()) {
            if (values.putIfAbsent(member.key(), member.value()) != null) {
                problems.add(member.line(), "\"" + member.key() + "\" twice in one object");
            }
        }
    }

    /// Reads `node` as an object of which `reading` knows all fields; others are problems.
    ///
    /// @param what it is called in messages
    static <T> Optional<T> read(LocatedNode node, String what, Problems problems, Function<JsonFields, T> reading) {
        if (!(node instanceof LocatedNode.Mapping object)) {
            problems.add(node, what, "an object");
            return Optional.empty();
        }
        JsonFields fields = new JsonFields(object, problems);
        T result = reading.apply(fields);
        for (LocatedNode.Member member : object.members()) {
            if (!fields.known.contains(member.key())) {
                problems.add(
                        member.line(),
                        "unknown field \"" + member.key() + "\", known here: " + String.join(", ", fields.known));
            }
        }
        return Optional.of(result);
    }

    /// What a file may say of itself: its version, which must be 1, and its name.
    void described() {
        whole("schema_version", 1, 1, 1);
        maybe("name");
    }

    int line() {
        return object.line();
    }

    /// Line of a field, or of the object if the field is not there.
    int line(String name) {
        LocatedNode node = values.get(name);
        return node == null ? line() : node.line();
    }

    /// How many problems were found so far.
    int problems() {
        return problems.count();
    }

    /// A field that may be missing.
    Optional<LocatedNode> maybe(String name) {
        known.add(name);
        return Optional.ofNullable(values.get(name));
    }

    private Optional<LocatedNode> needed(String name) {
        Optional<LocatedNode> node = maybe(name);
        if (node.isEmpty()) {
            missing("\"" + name + "\"");
        }
        return node;
    }

    /// Notes that something is missing in this object.
    void missing(String what) {
        problems.add(line(), "missing " + what);
    }

    /// Notes what is wrong with a field.
    void wrong(String name, String what) {
        problems.add(line(name), what);
    }

    /// A text that must be there; empty if it is not.
    String text(String name) {
        return needed(name).map(node -> text(node, name)).orElse("");
    }

    private String text(LocatedNode node, String name) {
        if (node instanceof LocatedNode.Text(int _, String value) && !value.isBlank()) {
            return value;
        }
        problems.add(node, name, "a text");
        return "";
    }

    /// A name that must be there and be new; empty if it is not well-formed.
    String name(Set<String> taken) {
        String name = text("name");
        if (name.isEmpty()) {
            return "";
        }
        if (!name.matches(NAME)) {
            wrong("name", "\"name\": expected small letters, digits and hyphens, found \"" + name + "\"");
            return "";
        }
        if (!taken.add(name)) {
            wrong("name", "name \"" + name + "\" given twice");
        }
        return name;
    }

    /// A text out of a few that must be there; empty if it is not.
    String word(String name, List<String> allowed) {
        Optional<LocatedNode> node = needed(name);
        String word = node.map(value -> text(value, name)).orElse("");
        if (!word.isEmpty() && !allowed.contains(word)) {
            wrong(name, "\"" + name + "\": expected one of " + String.join(", ", allowed) + ", found \"" + word + "\"");
            return "";
        }
        return word;
    }

    /// A number within bounds that must be there; NaN if it is not.
    double number(String name, double above, double most) {
        return needed(name).map(node -> number(node, name, above, most)).orElse(Double.NaN);
    }

    /// A number above `above` and at most `most`, or `otherwise` if there is none.
    double number(String name, double above, double most, double otherwise) {
        return maybe(name).map(node -> number(node, name, above, most)).orElse(otherwise);
    }

    private double number(LocatedNode node, String name, double above, double most) {
        if (node instanceof LocatedNode.Numeral(int _, String digits)) {
            double value = Double.parseDouble(digits);
            if (value > above && value <= most) {
                return value;
            }
        }
        problems.add(node, name, "a number above " + plain(above) + " and at most " + plain(most));
        return Double.NaN;
    }

    /// A whole number within bounds, or `otherwise` if there is none or it is wrong.
    int whole(String name, int least, int most, int otherwise) {
        return maybe(name)
                .flatMap(node -> whole(node, name, least, most))
                .map(Long::intValue)
                .orElse(otherwise);
    }

    /// Yes or no, or `otherwise` if there is none.
    boolean flag(String name, boolean otherwise) {
        Optional<LocatedNode> node = maybe(name);
        if (node.isEmpty()) {
            return otherwise;
        }
        if (node.get() instanceof LocatedNode.Word(int _, String word) && !word.equals("null")) {
            return word.equals("true");
        }
        problems.add(node.get(), name, "true or false");
        return otherwise;
    }

    /// A list of whole numbers that must be there.
    List<Long> wholes(String name, long least, long most) {
        List<Long> numbers = new ArrayList<>();
        for (LocatedNode node : filled(name)) {
            whole(node, name, least, most).ifPresent(numbers::add);
        }
        return numbers;
    }

    private Optional<Long> whole(LocatedNode node, String name, long least, long most) {
        if (node instanceof LocatedNode.Numeral(int _, String digits)) {
            try {
                long value = new BigDecimal(digits).longValueExact();
                if (value >= least && value <= most) {
                    return Optional.of(value);
                }
            } catch (ArithmeticException | NumberFormatException _) {
                // Not whole, or too large for a long: told below, like a number out of bounds.
            }
        }
        problems.add(node, name, "a whole number from " + least + " to " + most);
        return Optional.empty();
    }

    /// The texts of a list that must be there and hold each text once.
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (LocatedNode node : filled(name)) {
            String text = text(node, name);
            if (texts.contains(text)) {
                problems.add(node.line(), "\"" + text + "\" twice in \"" + name + "\"");
            } else if (!text.isEmpty()) {
                texts.add(text);
            }
        }
        return texts;
    }

    /// The texts of a list that must be there, blank ones and repeated ones too.
    List<String> anyTexts(String name) {
        List<String> texts = new ArrayList<>();
        for (LocatedNode node : filled(name)) {
            if (node instanceof LocatedNode.Text(int _, String value)) {
                texts.add(value);
            } else {
                problems.add(node, name, "a text");
            }
        }
        return texts;
    }

    /// The objects of a list that must be there and must not be empty.
    <T> List<T> someObjects(String name, Function<JsonFields, T> reading) {
        int before = problems.count();
        List<T> objects = objects(name, reading);
        if (maybe(name).isEmpty()) {
            missing("\"" + name + "\"");
        } else if (objects.isEmpty() && problems.count() == before) {
            wrong(name, "\"" + name + "\" is empty");
        }
        return objects;
    }

    /// The objects of a list; none if there is no such field.
    <T> List<T> objects(String name, Function<JsonFields, T> reading) {
        List<T> objects = new ArrayList<>();
        for (LocatedNode node : maybe(name).map(list -> nodes(list, name)).orElse(List.of())) {
            read(node, name, problems, reading).ifPresent(objects::add);
        }
        return objects;
    }

    /// One object; none if there is no such field.
    <T> Optional<T> object(String name, Function<JsonFields, T> reading) {
        return maybe(name).flatMap(node -> read(node, name, problems, reading));
    }

    /// The nodes of a list that must be there and must not be empty.
    private List<LocatedNode> filled(String name) {
        Optional<LocatedNode> list = needed(name);
        List<LocatedNode> nodes = list.map(node -> nodes(node, name)).orElse(List.of());
        if (nodes.isEmpty() && list.orElse(object) instanceof LocatedNode.Items items) {
            problems.add(items.line(), "\"" + name + "\" is empty");
        }
        return nodes;
    }

    private List<LocatedNode> nodes(LocatedNode node, String name) {
        if (node instanceof LocatedNode.Items(int _, List<LocatedNode> nodes)) {
            return nodes;
        }
        problems.add(node, name, "a list");
        return List.of();
    }

    /// The one field of `names` that is there; empty, and a problem, if there is none or more than one.
    String either(List<String> names) {
        List<String> given =
                names.stream().filter(name -> maybe(name).isPresent()).toList();
        if (given.size() == 1) {
            return given.getFirst();
        }
        String wanted = names.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
        problems.add(
                line(),
                "expected exactly one of " + wanted + ", found "
                        + (given.isEmpty() ? "none" : String.join(" and ", given)));
        return "";
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
