package assay.cluster;

import assay.base.run.Progress;
import assay.base.run.RunFolder;
import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.cli.options.VerdictOptions;
import assay.lab.verdict.Judged;
import assay.lab.verdict.VerdictRun;
import assay.tasks.session.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// A study on many machines.
@Command(
        name = "verdict",
        description =
                "Judges the claims as assay verdict does. Targets and predicates are run by all machines; adapters are"
                        + " distilled, and lists read, by this one. The study file must be found under the same path by all.",
        footer = "  assay cluster verdict --master spark://host:7077 --study my.json --out verdict")
final class VerdictCommand extends ModelCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Mixin
    private SparkOptions options = new SparkOptions();

    @Mixin
    private VerdictOptions study = new VerdictOptions();

    @Override
    public Integer call() {
        options.check(this);
        VerdictRun run = study.run(this, model);
        Progress.terminal().note(run.opening());
        return within(study::folder, model, List.of(), PATIENCE, VerdictOptions.STOPPED, (session, folder) -> {
            try (SparkOptions.Connected cluster = options.open(this, ModelOptions.home())) {
                Pieces pieces = cluster.pieces(session.job());
                SentAtlas atlas = SentAtlas.of(session.atlas().atlas(), cluster.spark());
                finish(run, new StudyParts(pieces, Place.of(session, ModelOptions.home()), atlas, folder.path()));
            }
            Judged judged = run.run(session, folder);
            Runnable write = () -> judged.write(folder, run.report());
            Path page = folder.path().resolve(run.report() + ".html");
            leave(judged, study.form.json, session.job(), write, "Report: " + page);
            return study.failOnVerdict && VerdictRun.fails(judged) ? 1 : 0;
        });
    }

    /// Has all machines run what needs nothing of another part.
    static void finish(VerdictRun run, StudyParts parts) {
        String path = run.path().toAbsolutePath().toString();
        boolean quick = run.options().quick();
        boolean planted = run.options().planted();
        Set<String> claims = run.options().claims();
        if (claims.isEmpty() || claims.contains("S2") || claims.contains("S3")) {
            parts.finish(
                    run.targets(),
                    "targets/{}-",
                    (session, names, folder) -> some(
                            path,
                            new VerdictRun.Options(quick, planted, Set.of("S2", "S3"), Set.copyOf(names)),
                            session,
                            folder));
        }
        if (claims.isEmpty() || claims.contains("S5")) {
            parts.finish(
                    List.of(""),
                    "predicates/{}",
                    (session, _, folder) -> some(
                            path, new VerdictRun.Options(quick, planted, Set.of("S5"), Set.of()), session, folder));
        }
    }

    private static void some(String path, VerdictRun.Options only, Session session, RunFolder folder) {
        new VerdictRun(Path.of(path), "assay verdict", only).run(session, folder);
    }
}
