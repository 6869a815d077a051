package assay.lab.verdict;

import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.nio.file.Path;
import java.util.Optional;

/// The study that ships, on the real model.
final class RealStudy {
    private RealStudy() {}

    /// Runs it and leaves its report.
    ///
    /// @param folder an empty one
    static Judged run(VerdictRun.Options options, Path folder) {
        VerdictRun run = new VerdictRun(Path.of("..", "examples", "verdict", "study.json"), "assay verdict", options);
        try (Session session = Session.open("smollm2-135m", Precision.AUTO, Path.of(".."), Job.silent());
                RunFolder out =
                        RunFolder.resumable(Optional.of(folder.resolve("verdict")), "verdict", VerdictRun.BEGUN)) {
            Judged judged = run.run(session, out);
            judged.write(out, run.report());
            return judged;
        }
    }
}
