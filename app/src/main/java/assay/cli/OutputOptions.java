package assay.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What all runs that end in a report have in common.
final class OutputOptions {
    /// The seed of a run.
    static final class Seed {
        @Option(names = "--seed", paramLabel = "N", description = "Seed of every random choice (default: 0).")
        long value;
    }

    /// The form a result is printed in.
    static final class Form {
        @Option(names = "--json", description = "Print one JSON document instead of text.")
        boolean json;
    }

    @Mixin
    Seed seed = new Seed();

    @Mixin
    Form form = new Form();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "New or empty folder, or that of a stopped run (default: runs/<time>-<name>).")
    Optional<Path> out = Optional.empty();
}
