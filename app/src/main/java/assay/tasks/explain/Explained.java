package assay.tasks.explain;

import assay.ResourceException;
import assay.base.run.RunFolder;
import assay.measure.judge.Chain;
import assay.measure.judge.Explanation;
import assay.show.page.Result;
import assay.show.page.Style;
import assay.show.report.HtmlReport;
import assay.show.report.JsonReport;
import assay.show.report.TextReport;
import assay.tasks.distil.Distil;
import java.util.Map;
import java.util.Optional;

/// A finished explanation with everything needed to print it.
///
/// @param explanation what was found
/// @param chain the way by a soft prompt, if it was taken
/// @param soft the soft prompt of that way
/// @param provenance where it came from
/// @param seconds from the start of the command
public record Explained(
        Explanation explanation,
        Optional<Chain> chain,
        Optional<Distil.Trained> soft,
        Map<String, Object> provenance,
        double seconds)
        implements Result {
    /// Folder of the soft prompt inside the run folder.
    private static final String SOFT = "soft";

    /// Leaves the soft prompt, document and page in a run folder, all or none, and forgets what was kept to get there.
    @Override
    public void write(RunFolder folder, String name) {
        try {
            soft.ifPresent(trained -> trained.save(folder.path().resolve(SOFT)));
            Result.super.write(folder, name);
        } catch (ResourceException full) {
            folder.clear(SOFT);
            throw full;
        }
        Kept.finished(folder);
    }

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
