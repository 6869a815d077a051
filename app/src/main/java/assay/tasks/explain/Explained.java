package assay.tasks.explain;

import assay.measure.judge.Chain;
import assay.measure.judge.Explanation;
import assay.show.page.Result;
import assay.show.page.Style;
import assay.show.report.HtmlReport;
import assay.show.report.JsonReport;
import assay.show.report.TextReport;
import java.util.Map;
import java.util.Optional;

/// A finished explanation with everything needed to print it.
///
/// @param explanation what was found
/// @param chain the way by a soft prompt, if it was taken
/// @param provenance where it came from
/// @param seconds from the start of the command
public record Explained(Explanation explanation, Optional<Chain> chain, Map<String, Object> provenance, double seconds)
        implements Result {
    @Override
    public String text(Style style) {
        return TextReport.render(explanation, chain, style);
    }

    @Override
    public String json() {
        return JsonReport.render(explanation, chain, provenance, seconds);
    }

    @Override
    public String html() {
        return HtmlReport.render(explanation, chain, provenance, seconds);
    }
}
