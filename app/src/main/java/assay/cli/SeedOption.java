package assay.cli;

import picocli.CommandLine.Option;

/// The seed of a run.
final class SeedOption {
    @Option(names = "--seed", paramLabel = "N", description = "Seed of every random choice (default: 0).")
    long value;
}
