package assay.cli.options;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What all runs that end in a report have in common.
public final class OutputOptions {
    /// The seed of a run.
    public static final class Seed {
        /// The seed.
        @Option(names = "--seed", paramLabel = "N", description = "Seed of every random choice (default: 0).")
        public long value;
    }

    /// The form a result is printed in.
    public static final class Form {
        /// Whether one JSON document is wanted.
        @Option(names = "--json", description = "Print one JSON document instead of text.")
        public boolean json;
    }

    /// The seed.
    @Mixin
    public Seed seed = new Seed();

    /// The form.
    @Mixin
    public Form form = new Form();

    /// Where results go.
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "New or empty folder, or that of a stopped run (default: runs/<time>-<name>).")
    public Optional<Path> out = Optional.empty();
}
