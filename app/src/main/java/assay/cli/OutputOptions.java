package assay.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What all runs that end in a report have in common.
final class OutputOptions {
    @Mixin
    SeedOption seed = new SeedOption();

    @Mixin
    JsonOption json = new JsonOption();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "New or empty folder, or that of a stopped run (default: runs/<time>-<name>).")
    private @Nullable Path out;

    Optional<Path> out() {
        return Optional.ofNullable(out);
    }
}
