package assay.study;

import assay.claims.Verdicts;
import assay.report.TextReport;
import assay.report.VerdictHtml;
import assay.report.VerdictJson;
import assay.report.VerdictText;
import assay.run.RunFolder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A judged study with everything needed to print it.
///
/// @param verdicts what was found
/// @param provenance where it came from
/// @param model what the model is called
/// @param seconds from the start of the command
public record Judged(Verdicts verdicts, Map<String, Object> provenance, String model, double seconds) {
    /// For the terminal.
    ///
    /// @param folder where the report is
    public String text(String folder, TextReport.Style style) {
        return VerdictText.render(verdicts, provenance, seconds, folder, style);
    }

    /// One JSON document.
    public String json() {
        return VerdictJson.render(verdicts, provenance, seconds);
    }

    /// One self-contained page.
    public String html() {
        return VerdictHtml.render(verdicts, provenance, seconds);
    }

    /// Leaves the report in the study's folder.
    public void write(RunFolder folder) {
        folder.write("report.json", json().getBytes(StandardCharsets.UTF_8));
        folder.write("report.html", html().getBytes(StandardCharsets.UTF_8));
    }
}
