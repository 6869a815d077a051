package assay.discover.atlas;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line of a grammar file: words and slots in turn.
///
/// `{job}` stands for one filler of the list `job`, `{a job}` for the filler with "a" or "an" in front of it.
record Template(List<Part> parts) {
    private static final Pattern SLOT = Pattern.compile("\\{(a )?([a-z][a-z-]*)}");

    /// Words, or a place for some.
    sealed interface Part {}

    /// Words as they stand.
    record Literal(String text) implements Part {}

    /// A place for a filler.
    ///
    /// @param list which list the filler comes from
    /// @param article whether "a" or "an" goes in front
    record Slot(String list, boolean article) implements Part {}

    /// Reads a line.
    ///
    /// @param where file and line, for the message
    /// @throws IllegalArgumentException if a brace is left over
    static Template parse(String line, String where) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = SLOT.matcher(line);
        int end = 0;
        while (matcher.find()) {
            addWords(parts, line.substring(end, matcher.start()), where);
            parts.add(new Slot(matcher.group(2), matcher.group(1) != null));
            end = matcher.end();
        }
        addWords(parts, line.substring(end), where);
        return new Template(parts);
    }

    private static void addWords(List<Part> parts, String text, String where) {
        if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
            throw new IllegalArgumentException("grammar slot: expected {list} or {a list}, found " + text.strip() + " ("
                    + where + "). Mend the slot.");
        }
        if (!text.isEmpty()) {
            parts.add(new Literal(text));
        }
    }

    /// The lists this template draws from.
    List<String> lists() {
        return parts.stream()
                .filter(Slot.class::isInstance)
                .map(part -> ((Slot) part).list())
                .toList();
    }
}
