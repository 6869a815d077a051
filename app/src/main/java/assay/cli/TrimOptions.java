package assay.cli;

import assay.engine.peft.Trim;
import picocli.CommandLine.Option;

/// How much of an adapter.
final class TrimOptions {
    private static final int MOST_RANK = 1 << 16;

    @Option(
            names = "--scale",
            paramLabel = "K",
            description =
                    "Multiply all that the adapter changes: 0.5 is half of it, 3 makes a subtle one loud, -1 turns"
                            + " it round (default: 1).")
    private double scale = 1;

    @Option(
            names = "--rank",
            paramLabel = "R",
            description = "Keep only the R largest directions of every matrix that the adapter changes (default: all).")
    private int rank;

    /// What was asked for.
    ///
    /// @param isAdapter whether there is an adapter that it could be about
    Trim trim(AssayCommand command, boolean isAdapter) {
        command.require(
                Double.isFinite(scale) && scale != 0,
                "--scale: expected a finite number other than 0, found " + scale + ".");
        command.requireWithin("--rank", 0, MOST_RANK, rank, "");
        Trim trim = new Trim(scale, rank);
        command.require(
                isAdapter || trim.isNone(),
                "--scale, --rank: expected beside --adapter, found without it. Prompts have no matrices: leave them out.");
        return trim;
    }
}
