package assay.lab.studyfile;

import assay.InputException;
import assay.engine.hub.ModelStore;
import assay.engine.peft.PeftFolder;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JsonToken;

/// The fields of one object of a file. What is wrong with one is noted and something harmless returned in its
/// place, so that reading goes on and finds the rest.
final class JsonFields {
    private static final String NAME = "[a-z0-9][a-z0-9-]{0,60}";

    private final LocatedNode object;
    private final LocatedJson file;
    private final Map<String, LocatedNode> values = new HashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    /// What a value must be.
    ///
    /// @param expected in words, for messages
    /// @param from reads it from a node, or finds that it is something else
    private record Kind<T>(String expected, Function<LocatedNode, Optional<T>> from) {
        static final Kind<String> ANY_TEXT =
                new Kind<>("a text", node -> when(node.kind() == JsonToken.VALUE_STRING, node.text()));
        static final Kind<String> TEXT =
                new Kind<>("a text", node -> ANY_TEXT.from().apply(node).filter(text -> !text.isBlank()));
        static final Kind<Boolean> FLAG =
                new Kind<>("true or false", node -> when(node.kind().isBoolean(), node.kind() == JsonToken.VALUE_TRUE));
        static final Kind<List<LocatedNode>> LIST =
                new Kind<>("a list", node -> when(node.kind() == JsonToken.START_ARRAY, node.inside()));

        private static <T> Optional<T> when(boolean fits, T value) {
            return Optional.of(value).filter(_ -> fits);
        }

        static Kind<Double> number(double above, double most) {
            return new Kind<>(
                    "a number above " + plain(above) + " and at most " + plain(most),
                    node -> when(node.kind().isNumeric(), node.text())
                            .map(Double::valueOf)
                            .filter(value -> value > above && value <= most));
        }

        static Kind<Long> whole(long least, long most) {
            return new Kind<>(
                    "a whole number from " + least + " to " + most,
                    node -> whole(node).filter(value -> value >= least && value <= most));
        }

        private static Optional<Long> whole(LocatedNode node) {
            try {
                return when(node.kind().isNumeric(), node.text())
                        .map(digits -> new BigDecimal(digits).longValueExact());
            } catch (ArithmeticException | NumberFormatException _) {
                // Not whole, or too large for a long: told like a number out of bounds.
                return Optional.empty();
            }
        }

        private static String plain(double bound) {
            return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
        }
    }

    private JsonFields(LocatedNode object, LocatedJson file) {
        this.object = object;
        this.file = file;
        for (LocatedNode member : object.inside()) {
            if (values.putIfAbsent(member.key(), member) != null) {
                file.wrong(member.line(), "\"" + member.key() + "\" twice in one object");
            }
        }
    }

    /// Reads `node` as an object of which `reading` knows all fields; others are problems.
    ///
    /// @param what it is called in messages
    static <T> Optional<T> read(LocatedNode node, String what, LocatedJson file, Function<JsonFields, T> reading) {
        if (node.kind() != JsonToken.START_OBJECT) {
            file.wrong(node, what, "an object");
            return Optional.empty();
        }
        JsonFields fields = new JsonFields(node, file);
        T result = reading.apply(fields);
        for (LocatedNode member : node.inside()) {
            if (!fields.known.contains(member.key())) {
                file.wrong(
                        member.line(),
                        "unknown field \"" + member.key() + "\", known here: " + String.join(", ", fields.known));
            }
        }
        return Optional.of(result);
    }

    /// What a file may say of itself: its version, which must be 1, and its name.
    void described() {
        whole("schema_version", 1, 1, 1);
        has("name");
    }

    /// How many problems were found so far.
    int problems() {
        return file.problems().size();
    }

    /// Whether a field that may be missing is there.
    boolean has(String name) {
        return maybe(name).isPresent();
    }

    private Optional<LocatedNode> maybe(String name) {
        known.add(name);
        return Optional.ofNullable(values.get(name));
    }

    /// Notes it as missing if a field is not there.
    void need(String name) {
        if (!has(name)) {
            file.wrong(object.line(), "missing \"" + name + "\"");
        }
    }

    /// Notes what is wrong with a field, at its line, or that of the object if the field is not there.
    void wrong(String name, String what) {
        file.wrong(values.getOrDefault(name, object).line(), what);
    }

    /// Notes what a field was expected to be, unless it fits.
    void expect(boolean fits, String name, String expected, Object found) {
        if (!fits) {
            String shown = found instanceof String text ? "\"" + text + "\"" : found.toString();
            wrong(name, "\"" + name + "\": expected " + expected + ", found " + shown);
        }
    }

    private <T> T needed(String name, Kind<T> kind, T otherwise) {
        need(name);
        return given(name, kind, otherwise);
    }

    private <T> T given(String name, Kind<T> kind, T otherwise) {
        return maybe(name).flatMap(node -> value(node, name, kind)).orElse(otherwise);
    }

    private <T> Optional<T> value(LocatedNode node, String name, Kind<T> kind) {
        Optional<T> value = kind.from().apply(node);
        if (value.isEmpty()) {
            file.wrong(node, name, kind.expected());
        }
        return value;
    }

    /// A text that must be there; empty if it is not.
    String text(String name) {
        return needed(name, Kind.TEXT, "");
    }

    /// A text; empty if there is none.
    String textOrNone(String name) {
        return given(name, Kind.TEXT, "");
    }

    /// A name that must be there and be new; empty if it is not well-formed.
    String name(Set<String> taken) {
        String name = text("name");
        if (name.isEmpty()) {
            return "";
        }
        boolean isName = name.matches(NAME);
        expect(isName, "name", "small letters, digits and hyphens", name);
        if (!isName) {
            return "";
        }
        if (!taken.add(name)) {
            wrong("name", "name \"" + name + "\" given twice");
        }
        return name;
    }

    /// A text out of a few that must be there; empty if it is not.
    String word(String name, List<String> allowed) {
        String word = text(name);
        boolean isKnown = allowed.contains(word);
        expect(word.isEmpty() || isKnown, name, "one of " + String.join(", ", allowed), word);
        return isKnown ? word : "";
    }

    /// Whether a field says this word.
    boolean says(String name, String word) {
        return maybe(name).flatMap(Kind.ANY_TEXT.from()).filter(word::equals).isPresent();
    }

    /// A number above `above` and at most `most` that must be there; NaN if it is not.
    double number(String name, double above, double most) {
        return needed(name, Kind.number(above, most), Double.NaN);
    }

    /// The same, or `otherwise` if there is none.
    double number(String name, double above, double most, double otherwise) {
        return given(name, Kind.number(above, most), otherwise);
    }

    /// A whole number within bounds, or `otherwise` if there is none or it is wrong.
    int whole(String name, int least, int most, int otherwise) {
        return Math.toIntExact(given(name, Kind.whole(least, most), (long) otherwise));
    }

    /// Yes or no, or `otherwise` if there is none.
    boolean flag(String name, boolean otherwise) {
        return given(name, Kind.FLAG, otherwise);
    }

    /// A list of whole numbers that must be there and must not be empty.
    List<Long> wholes(String name, long least, long most) {
        return each(name, Kind.whole(least, most));
    }

    /// The texts of a list that must be there, must not be empty and must hold each text once.
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (LocatedNode node : filled(name)) {
            String text = value(node, name, Kind.TEXT).orElse("");
            if (texts.contains(text)) {
                file.wrong(node.line(), "\"" + text + "\" twice in \"" + name + "\"");
            } else if (!text.isEmpty()) {
                texts.add(text);
            }
        }
        return texts;
    }

    /// The same, blank ones and repeated ones too.
    List<String> anyTexts(String name) {
        return each(name, Kind.ANY_TEXT);
    }

    private <T> List<T> each(String name, Kind<T> kind) {
        return filled(name).stream()
                .flatMap(node -> value(node, name, kind).stream())
                .toList();
    }

    private List<LocatedNode> filled(String name) {
        int before = problems();
        List<LocatedNode> nodes = needed(name, Kind.LIST, List.of());
        if (nodes.isEmpty() && has(name) && problems() == before) {
            wrong(name, "\"" + name + "\" is empty");
        }
        return nodes;
    }

    /// The objects of a list that must be there and must not be empty.
    <T> List<T> someObjects(String name, Function<JsonFields, T> reading) {
        return filled(name).stream()
                .flatMap(node -> read(node, name, file, reading).stream())
                .toList();
    }

    /// The objects of a list; none if there is no such field.
    <T> List<T> objects(String name, Function<JsonFields, T> reading) {
        return given(name, Kind.LIST, List.of()).stream()
                .flatMap(node -> read(node, name, file, reading).stream())
                .toList();
    }

    /// One object; none if there is no such field.
    <T> Optional<T> object(String name, Function<JsonFields, T> reading) {
        return maybe(name).flatMap(node -> read(node, name, file, reading));
    }

    /// A file that a field must name and that stands beside this one; no path if there is none.
    Path file(String name) {
        Path file = beside(name, text(name));
        return there(name, file, Files.isRegularFile(file), "a file ");
    }

    /// What an adapter is found by: a folder beside this file that holds one, itself or in the only
    /// folder inside that does, or `owner/repo[@revision][/subfolder]` on a hub; empty if there is
    /// none. What a hub has is asked when it is wanted.
    ///
    /// @param subject what it is called in messages
    String peft(String name, String subject) {
        return peft(name, text(name), subject);
    }

    /// The adapters of a list that must not be empty, each found likewise.
    List<String> pefts(String name, String subject) {
        return texts(name).stream().map(text -> peft(name, text, subject)).toList();
    }

    private String peft(String name, String text, String subject) {
        Path folder = beside(name, text);
        if (folder.toString().isEmpty()) {
            return "";
        }
        Path first = file.path().toAbsolutePath().resolveSibling(text.split("/", 2)[0]);
        if (!Files.exists(first) && ModelStore.isOnHub(text)) {
            return text;
        }
        if (!Files.exists(folder)) {
            return there(name, folder, false, "a PEFT folder (one with adapter_config.json) or owner/repo ")
                    .toString();
        }
        try {
            // What is wrong with its weights is told when it is run, and does not keep the rest of a study.
            return PeftFolder.holdsPeft(folder)
                    ? folder.toString()
                    : PeftFolder.find(subject, folder).place().toString();
        } catch (InputException unfit) {
            wrong(
                    name,
                    "\"" + name + "\": " + String.valueOf(unfit.getMessage()).substring(subject.length() + 2));
            return "";
        }
    }

    private Path beside(String name, String text) {
        if (text.indexOf(0) >= 0) {
            wrong(name, "\"" + name + "\": expected a path, found one with a zero character");
            return Path.of("");
        }
        return text.isEmpty()
                ? Path.of("")
                : file.path().toAbsolutePath().resolveSibling(text).normalize();
    }

    private Path there(String name, Path path, boolean there, String expected) {
        if (!there && !path.toString().isEmpty()) {
            wrong(name, "\"" + name + "\": expected " + expected + path + ", found none");
        }
        return there ? path : Path.of("");
    }

    /// The one field of `names` that is there; empty, and a problem, if there is none or more than one.
    String either(List<String> names) {
        List<String> given = names.stream().filter(this::has).toList();
        if (given.size() == 1) {
            return given.getFirst();
        }
        file.wrong(
                object.line(),
                "expected exactly one of \"" + String.join("\", \"", names) + "\", found "
                        + (given.isEmpty() ? "none" : String.join(" and ", given)));
        return "";
    }
}
