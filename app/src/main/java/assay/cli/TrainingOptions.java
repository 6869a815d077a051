package assay.cli;

import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.show.page.Style;
import assay.tasks.distil.Distilled;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What all commands that train have in common: how, and how their result is printed.
final class TrainingOptions {
    /// Longer soft prompts than this are refused.
    static final int MOST_TOKENS = 4096;
    /// What becomes of a training that is stopped.
    static final String STOPPED =
            "What was trained is kept in the run folder; the same command with --out goes on from there.";

    private static final int MOST_STEPS = 100_000;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "16",
            description = "Length of the soft prompt (default: 16).")
    private int tokens;

    @Option(
            names = "--slot",
            paramLabel = "S",
            defaultValue = "system",
            description = "Where the soft prompt sits: system (the system message, default) or prefix (in front of"
                    + " all input, as PEFT).")
    private String slot = "system";

    @Option(names = "--steps", paramLabel = "N", description = "Most training steps (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /// @param steps unless the user says otherwise
    TrainingOptions(int steps) {
        this.steps = steps;
    }

    int tokens() {
        return tokens;
    }

    String slot() {
        return slot;
    }

    int steps() {
        return steps;
    }

    OutputOptions output() {
        return output;
    }

    /// Refuses lengths and steps out of range.
    void check() {
        require(tokens >= 1 && tokens <= MOST_TOKENS, "--tokens: expected 1 to " + MOST_TOKENS + ", found " + tokens);
        require(steps >= 1 && steps <= MOST_STEPS, "--steps: expected 1 to " + MOST_STEPS + ", found " + steps);
    }

    /// Refuses what does not fit.
    void require(boolean fits, String message) {
        if (!fits) {
            throw refused(message + ". Leave it out if in doubt.");
        }
    }

    ParameterException refused(String message) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), message);
    }

    /// Prints a result.
    void print(String text) {
        PrintWriter writer = Objects.requireNonNull(command).commandLine().getOut();
        writer.print(text);
        writer.flush();
    }

    /// Prints a report and says where it lies.
    ///
    /// @param made what lies beside it
    void print(Distilled distilled, String made, RunFolder folder, Job job) {
        print(output.json() ? distilled.json() : distilled.text(Style.detect()));
        job.note(String.format(
                Locale.ROOT,
                "%s: %.0f s. %s and report: %s",
                distilled.command(),
                distilled.seconds(),
                made,
                folder.path()));
    }
}
