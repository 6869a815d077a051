package assay.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What all runs that end in a report have in common.
final class OutputOptions {
    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of every random choice (default: 0).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "New or empty folder, or that of a stopped run (default: runs/<time>-<name>).")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print one JSON document instead of text.")
    private boolean json;

    long seed() {
        return seed;
    }

    Optional<Path> out() {
        return Optional.ofNullable(out);
    }

    boolean json() {
        return json;
    }
}
