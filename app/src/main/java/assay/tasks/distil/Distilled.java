package assay.tasks.distil;

import assay.measure.judge.Distillation;
import assay.show.page.Result;
import assay.show.page.Style;
import assay.show.report.DistilHtml;
import assay.show.report.DistilText;
import assay.show.report.JsonReport;
import java.util.Map;

/// A finished distillation with everything needed to print it.
///
/// @param command `distil` or `bake`
/// @param found what was found
/// @param provenance where it came from
/// @param seconds from the start of the command
public record Distilled(String command, Distillation found, Map<String, Object> provenance, double seconds)
        implements Result {
    @Override
    public String text(Style style) {
        return DistilText.render(found, style);
    }

    @Override
    public String json() {
        return JsonReport.render(found, provenance, seconds, command);
    }

    @Override
    public String html() {
        return DistilHtml.render(found, provenance, seconds);
    }
}
