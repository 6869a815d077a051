package assay.cli;

import assay.discover.search.TargetSearch;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The main job on the embedded default: explains the bundled adapter.
@Command(
        name = "demo",
        description = "Explains the bundled pirate LoRA on the default model, which is fetched once.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 2,
        footer = {"", "The same as: assay explain --model smollm2-135m --adapter examples/adapters/pirate --direct"})
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "New or empty folder for the report (default: runs/<time>-pirate).")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print one JSON document instead of text.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Path adapter =
                ModelOptions.home().resolve("examples").resolve("adapters").resolve("pirate");
        return new ExplainRun(
                        new ModelOptions(),
                        20,
                        0,
                        TargetSearch.Budget.defaults(),
                        0,
                        Optional.ofNullable(out),
                        json,
                        Objects.requireNonNull(spec))
                .adapter("demo", adapter.toString());
    }
}
