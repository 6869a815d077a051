package assay.lab.verdict;

import assay.base.run.RunFolder;
import assay.lab.claims.Verdicts;
import assay.lab.scorecard.StudyRun;
import assay.lab.scorecard.VerdictHtml;
import assay.lab.scorecard.VerdictJson;
import assay.lab.scorecard.VerdictText;
import assay.show.page.Style;
import java.nio.charset.StandardCharsets;

/// A judged study with everything needed to print it.
///
/// @param verdicts what was found
/// @param run where it came from
public record Judged(Verdicts verdicts, StudyRun run) {
    /// For the terminal.
    public String text(Style style) {
        return VerdictText.render(verdicts, run, style);
    }

    /// One JSON document.
    public String json() {
        return VerdictJson.render(verdicts, run);
    }

    /// One self-contained page.
    public String html() {
        return VerdictHtml.render(verdicts, run);
    }

    /// Leaves the report in the study's folder.
    ///
    /// @param name of its two files, without their endings
    public void write(RunFolder folder, String name) {
        folder.write(name + ".json", json().getBytes(StandardCharsets.UTF_8));
        folder.write(name + ".html", html().getBytes(StandardCharsets.UTF_8));
    }
}
