package assay.tasks.census;

import assay.base.run.RunFolder;
import assay.show.page.Figures;
import assay.show.page.Json;
import assay.show.page.Result;
import assay.show.page.Style;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A finished census.
///
/// @param model what the model is called
/// @param modelSha256 hash of its weights
/// @param rows one an adapter, in the order of the list
/// @param provenance where the numbers came from
/// @param seconds from the start of the command
public record Census(
        String model, String modelSha256, List<CensusRow> rows, Map<String, Object> provenance, double seconds)
        implements Result {
    private static final Json JSON = new Json(Map.of());

    /// Keeps its own copy.
    public Census {
        rows = List.copyOf(rows);
    }

    /// Leaves the rows as JSON lines, and the page.
    @Override
    public void write(RunFolder folder, String name) {
        folder.write(name + ".jsonl", out -> {
            Writer lines = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            for (CensusRow row : rows) {
                lines.write(row.line(JSON) + "\n");
            }
            lines.flush();
        });
        folder.write(name + ".html", html().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String text(Style style) {
        return CensusText.render(this, style);
    }

    @Override
    public String json() {
        return JSON.document(
                "census",
                provenance,
                new Json.Fields()
                        .with("model", Map.of("name", model, "sha256", modelSha256))
                        .with("rows", rows.stream().map(CensusRow::fields).toList())
                        .with("seconds", seconds));
    }

    @Override
    public String html() {
        return CensusPage.render(this);
    }

    /// The first adapter of every identity that was explained, in order.
    List<CensusRow> different() {
        Map<String, CensusRow> first = new LinkedHashMap<>();
        rows.stream().filter(row -> row.found().isPresent()).forEach(row -> first.putIfAbsent(row.identity(), row));
        return List.copyOf(first.values());
    }

    /// Adapters of one identity, where there are several, by the first of them.
    Map<CensusRow, List<CensusRow>> duplicates() {
        Map<String, CensusRow> first = new HashMap<>();
        Map<CensusRow, List<CensusRow>> others = new LinkedHashMap<>();
        for (CensusRow row : rows) {
            CensusRow known = row.identity().isEmpty() ? null : first.putIfAbsent(row.identity(), row);
            if (known != null) {
                others.computeIfAbsent(known, _ -> new ArrayList<>()).add(row);
            }
        }
        return others;
    }

    /// Those of a kind.
    List<CensusRow> of(RowKind kind) {
        return rows.stream().filter(row -> row.kind() == kind).toList();
    }

    /// Those that were explained, but whose prompts close no more than random ones.
    List<CensusRow> unsaid() {
        return rows.stream()
                .filter(row -> row.found().filter(Counted.Found::saysNothing).isPresent())
                .toList();
    }

    /// What it holds, in a sentence.
    String summary() {
        int same = duplicates().values().stream().mapToInt(List::size).sum();
        return counted(rows.size(), "adapter") + " on " + model + ": "
                + of(RowKind.EXPLAINED).size() + " explained, "
                + counted(same, "duplicate") + ", " + of(RowKind.NO_EFFECT).size() + " without effect, "
                + of(RowKind.BROKEN).size() + " broken.";
    }

    private static String counted(int number, String thing) {
        return Figures.counted(number, thing);
    }
}
