package assay.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    void check(AssayCommand command) {
        require(command, tokens >= 1 && tokens <= MOST_TOKENS, "--tokens: expected 1 to " + MOST_TOKENS, tokens);
        require(command, steps >= 1 && steps <= MOST_STEPS, "--steps: expected 1 to " + MOST_STEPS, steps);
    }

    /// Refuses a number that does not fit.
    static void require(AssayCommand command, boolean fits, String expected, Object found) {
        command.require(fits, expected + ", found " + found + ". Leave it out if in doubt.");
    }
}
