package assay.cli;

import assay.base.run.Progress;
import assay.cli.options.ModelCommand;
import assay.cli.options.VerdictOptions;
import assay.lab.verdict.Judged;
import assay.lab.verdict.VerdictRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Judges the claims.
@Command(
        name = "verdict",
        description = "Measures and judges every claim: each holds, fails or stays undecided, with the reason.",
        footerHeading = "%n",
        footer = {
            "What is expected and what counts as holding stands in the study file; its hash is shown first, and a",
            "folder is not continued under other gates. A study that was stopped goes on where it was: give the same",
            "command with the same --out.",
            "",
            "Examples:",
            "  assay verdict --quick --out verdict            # about ten minutes on two cores",
            "  assay verdict --out verdict-full               # the whole study, about an hour",
            "  assay verdict --quick --planted --out planted  # does the instrument find what is there?",
            "  assay verdict --quick --only S5 --out s5       # one claim",
            "  assay verdict --only S1 --out s1               # soft prompts, beside second training runs (siblings)",
            "  assay verdict --quick --only S4 --rivals --out rivals   # lists beside other methods, on 44 targets",
            "  assay verdict --study my.json --fail-on-verdict --out v   # exit code 1 unless S1 to S5 hold"
        })
final class VerdictCommand extends ModelCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Mixin
    private VerdictOptions study = new VerdictOptions();

    @Override
    public Integer call() {
        VerdictRun run = study.run(this, model);
        Progress.terminal().note(run.opening());
        return within(study::folder, model, List.of(), PATIENCE, VerdictOptions.STOPPED, (session, folder) -> {
            Judged judged = run.run(session, folder);
            Runnable write = () -> judged.write(folder, run.report());
            Path page = folder.path().resolve(run.report() + ".html");
            leave(judged, study.form.json, session.job(), write, "Report: " + page);
            return study.failOnVerdict && VerdictRun.fails(judged) ? 1 : 0;
        });
    }
}
