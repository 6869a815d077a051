package assay.lab.trials;

import assay.base.sparse.Interval;
import assay.base.sparse.Quantiles;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Who was named by the first three lines, as a document and for people.
///
/// @param rows one per reading
/// @param matched by what was read
public record NamingTable(List<NamingTrial.Row> rows, List<Matched> matched, Map<String, Object> provenance) {
    /// What the gate is about.
    static final String FIRST_LINES = "first three lines";

    private static final double GATE = 0.95;
    private static final int LEAST_CASES = 40;

    /// Keeps its own copies.
    public NamingTable {
        rows = List.copyOf(rows);
        matched = List.copyOf(matched);
    }

    /// How many descriptions were picked right.
    ///
    /// @param from what was read
    /// @param right share picked right
    /// @param byLuck how likely so improbable a share is by luck alone
    /// @param misses what was picked instead
    public record Matched(String from, String reader, int cases, Interval right, double byLuck, List<String> misses) {}

    /// The gate, and how it came out.
    String gate() {
        Matched lines = matched.getFirst();
        if (lines.cases() < LEAST_CASES) {
            return "Gate .95 of at least 40: not judged, " + lines.cases() + " readings.";
        }
        return "Gate .95: " + (lines.right().value() >= GATE ? "reached." : "not reached.");
    }

    /// For people: Markdown.
    public String text() {
        StringBuilder text = new StringBuilder("| read | by | right | by luck | of |\n|---|---|---|---|---|\n");
        for (Matched one : matched) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %.3g | %d |%n",
                    one.from(),
                    one.reader(),
                    one.right().written(),
                    one.byLuck(),
                    one.cases()));
        }
        text.append('\n').append(gate()).append('\n');
        text.append(String.format(
                Locale.ROOT,
                "Medians: mixture of %.0f prompts closes %.3f; plain list of %.0f closes %.3f; %.0f of %d plain lists have a negative weight.%n%n",
                median(NamingTrial.Row::prompts),
                median(NamingTrial.Row::closed),
                median(row -> row.plain().prompts().size()),
                median(row -> row.plain().closed().value()),
                (double) rows.stream()
                        .filter(row -> row.plain().prompts().stream().anyMatch(prompt -> prompt.weight() < 0))
                        .count(),
                rows.size()));
        matched.getFirst()
                .misses()
                .forEach(miss -> text.append("- missed: ").append(miss).append('\n'));
        for (NamingTrial.Row row : rows) {
            text.append('\n').append(row.name()).append('\n');
            row.lines().forEach(line -> text.append("    ").append(line).append('\n'));
        }
        return text.toString();
    }

    private double median(ToDoubleFunction<NamingTrial.Row> figure) {
        return Quantiles.of(rows.stream().mapToDouble(figure).toArray(), 0.5);
    }
}
