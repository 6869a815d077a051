package assay.cli.options;

import assay.base.run.RunFolder;
import assay.base.run.ShellWord;
import assay.lab.verdict.VerdictRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which study is run, and how much of it.
public final class VerdictOptions {
    /// What becomes of a study that is stopped.
    public static final String STOPPED = "What is finished is kept; the same command with the same --out goes on.";

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
            names = "--rivals",
            description = {
                "Also try other ways to say what a behaviour is, on every reading of the study: what they close, whether a",
                "blind reader tells the behaviour from them, and in how many seconds. Some ten minutes more."
            })
    private boolean rivals;

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

    /// Text or JSON.
    @Mixin
    public OutputOptions.Form form = new OutputOptions.Form();

    /// Whether the exit code tells of the verdict.
    @Option(names = "--fail-on-verdict", description = "Exit with 1 unless every claim from S1 to S5 holds.")
    public boolean failOnVerdict;

    /// The study file.
    public Path file() {
        return study == null ? ModelOptions.home().resolve("examples/verdict/study.json") : study;
    }

    /// What is run of it.
    public VerdictRun.Options options(AssayCommand command) {
        command.requireKnown("--only", VerdictRun.CLAIMS, only);
        return new VerdictRun.Options(quick, planted, Set.copyOf(only), Set.copyOf(targets), rivals);
    }

    /// The study, read and looked through.
    public VerdictRun run(AssayCommand command, ModelOptions model) {
        String named = study == null ? "" : " --study " + ShellWord.of(study.toString());
        return new VerdictRun(file(), "assay verdict" + model.given() + named, options(command));
    }

    /// The folder it is run in.
    public RunFolder folder() {
        return RunFolder.resumable(out, "verdict", VerdictRun.BEGUN);
    }
}
