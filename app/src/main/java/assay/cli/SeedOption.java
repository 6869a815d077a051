package assay.cli;

import picocli.CommandLine.Option;

/// The seed of a run.
final class SeedOption {
    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of every random choice (default: 0).")
    private long seed;

    long value() {
        return seed;
    }
}
