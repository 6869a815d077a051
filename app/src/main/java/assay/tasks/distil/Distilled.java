package assay.tasks.distil;

import assay.base.run.RunFolder;
import assay.measure.judge.Distillation;
import assay.show.page.Style;
import assay.show.report.DistilHtml;
import assay.show.report.DistilJson;
import assay.show.report.DistilText;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A finished distillation with everything needed to print it.
///
/// @param command `distil` or `bake`
/// @param found what was found
/// @param provenance where it came from
/// @param seconds from the start of the command
public record Distilled(String command, Distillation found, Map<String, Object> provenance, double seconds) {
    /// For the terminal.
    public String text(Style style) {
        return DistilText.render(found, style);
    }

    /// One JSON document.
    public String json() {
        return DistilJson.render(found, provenance, seconds, command);
    }

    /// One self-contained page.
    public String html() {
        return DistilHtml.render(found, provenance, seconds);
    }

    /// Leaves the report in a run folder.
    void write(RunFolder folder) {
        folder.write("report.json", json().getBytes(StandardCharsets.UTF_8));
        folder.write("report.html", html().getBytes(StandardCharsets.UTF_8));
    }
}
