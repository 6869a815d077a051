package assay.cli;

import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.cli.options.OutputOptions;
import assay.base.run.Progress;
import assay.base.run.RunFolder;
import assay.base.run.ShellWord;
import assay.lab.verdict.Judged;
import assay.lab.verdict.VerdictRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
            "  assay verdict --study my.json --fail-on-verdict --out v   # exit code 1 unless S1 to S5 hold"
        })
final class VerdictCommand extends ModelCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OUTCOME = "What is finished is kept; the same command with the same --out goes on.";

    @Option(names = "--study", paramLabel = "F", description = "The study file (default: the one that ships).")
    private @Nullable Path study;

    @Option(names = "--quick", description = "Only the study's quick subset.")
    private boolean quick;

    @Option(
            names = "--planted",
            description = {
                "The instrument's own test: the truth of every target is put into the dictionary, nothing is left out,",
                "and every claim must hold."
            })
    private boolean planted;

    @Option(
            names = "--only",
            paramLabel = "C",
            split = ",",
            description = "Only these claims (S1 to S5); the others stay undecided.")
    private List<String> only = List.of();

    @Option(names = "--targets", paramLabel = "T", split = ",", description = "Only these targets of S2 and S3.")
    private List<String> targets = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "New or empty folder, or that of a stopped study (default: runs/<time>-verdict).")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private OutputOptions.Form form = new OutputOptions.Form();

    @Option(names = "--fail-on-verdict", description = "Exit with 1 unless every claim from S1 to S5 holds.")
    private boolean failOnVerdict;

    @Override
    public Integer call() {
        for (String claim : only) {
            require(
                    VerdictRun.CLAIMS.contains(claim),
                    "--only: expected some of " + VerdictRun.CLAIMS + ", found " + claim + ".");
        }
        VerdictRun.Options options = new VerdictRun.Options(quick, planted, Set.copyOf(only), Set.copyOf(targets));
        String named = study == null ? "" : " --study " + ShellWord.of(study.toString());
        VerdictRun run = new VerdictRun(
                study == null ? ModelOptions.home().resolve("examples/verdict/study.json") : study,
                "assay verdict" + model.given() + named,
                options);
        Progress.terminal().note(run.opening());
        Supplier<RunFolder> place = () -> RunFolder.resumable(out, "verdict", VerdictRun.BEGUN);
        return within(place, model, List.of(), PATIENCE, OUTCOME, (session, folder) -> {
            Judged judged = run.run(session, folder);
            Runnable write = () -> judged.write(folder, run.report());
            Path page = folder.path().resolve(run.report() + ".html");
            leave(judged, form.json, session.job(), write, "Report: " + page);
            return failOnVerdict && VerdictRun.fails(judged) ? 1 : 0;
        });
    }
}
