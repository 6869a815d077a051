package assay.lab.verdict;

import assay.lab.claims.Verdicts;
import assay.lab.scorecard.StudyRun;
import assay.lab.scorecard.VerdictHtml;
import assay.lab.scorecard.VerdictJson;
import assay.lab.scorecard.VerdictText;
import assay.show.page.Result;
import assay.show.page.Style;

/// A judged study with everything needed to print it.
///
/// @param run where it came from
public record Judged(Verdicts verdicts, StudyRun run) implements Result {
    @Override
    public String text(Style style) {
        return VerdictText.render(verdicts, run, style);
    }

    @Override
    public String json() {
        return VerdictJson.render(verdicts, run);
    }

    @Override
    public String html() {
        return VerdictHtml.render(verdicts, run);
    }

    @Override
    public double seconds() {
        return run.seconds();
    }
}
