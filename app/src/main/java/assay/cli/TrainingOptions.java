package assay.cli;

import assay.cli.options.AssayCommand;
import assay.cli.options.OutputOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What all commands that train have in common: how, and how their result is printed.
final class TrainingOptions {
    /// Longer soft prompts than this are refused.
    static final int MOST_TOKENS = 4096;
    /// What becomes of a training that is stopped.
    static final String STOPPED =
            "What was trained is kept in the run folder; the same command with --out goes on from there.";

    /// What a refused number is told to do.
    static final String IN_DOUBT = " Leave it out if in doubt.";

    private static final int MOST_STEPS = 100_000;

    @Option(names = "--tokens", paramLabel = "N", description = "Length of the soft prompt (default: 16).")
    int tokens = 16;

    @Option(
            names = "--slot",
            paramLabel = "S",
            description = "Where the soft prompt sits: system (the system message, default) or prefix (in front of"
                    + " all input, as PEFT).")
    String slot = "system";

    @Option(names = "--steps", paramLabel = "N", description = "Most training steps (default: ${DEFAULT-VALUE}).")
    int steps;

    @Mixin
    OutputOptions output = new OutputOptions();

    /// @param steps unless the user says otherwise
    TrainingOptions(int steps) {
        this.steps = steps;
    }

    /// Refuses lengths and steps out of range.
    void check(AssayCommand command) {
        command.requireWithin("--tokens", 1, MOST_TOKENS, tokens, IN_DOUBT);
        command.requireWithin("--steps", 1, MOST_STEPS, steps, IN_DOUBT);
    }
}
