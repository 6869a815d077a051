package assay.study;

import assay.judge.Chain;
import assay.judge.Explanation;
import assay.report.HtmlReport;
import assay.report.JsonReport;
import assay.report.TextReport;
import java.util.Map;
import java.util.Optional;

/// A finished explanation with everything needed to print it.
///
/// @param explanation what was found
/// @param chain the way by a soft prompt, if it was taken
/// @param provenance where it came from
/// @param seconds from the start of the command
public record Explained(
        Explanation explanation, Optional<Chain> chain, Map<String, Object> provenance, double seconds) {
    /// For the terminal.
    public String text(TextReport.Style style) {
        return TextReport.render(explanation, chain, style);
    }

    /// One JSON document.
    public String json() {
        return JsonReport.render(explanation, chain, provenance, seconds);
    }

    /// One self-contained page.
    public String html() {
        return HtmlReport.render(explanation, chain, provenance, seconds);
    }
}
