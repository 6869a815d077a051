package assay.cli;

import assay.cli.options.AssayCommand;
import assay.cli.options.ModelOptions;
import assay.cli.options.OutputOptions;
import assay.tasks.explain.Explain;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The main job on the embedded default: explains the bundled adapter.
@Command(
        name = "demo",
        description = "Explains the bundled pirate LoRA on the default model, which is fetched once.",
        footerHeading = "%n",
        footer = {"The same as: assay explain --model smollm2-135m --adapter examples/adapters/pirate --direct"})
final class DemoCommand extends AssayCommand {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "New or empty folder for the report (default: runs/<time>-pirate).")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private OutputOptions.Form form = new OutputOptions.Form();

    @Override
    public Integer call() {
        Path adapter =
                ModelOptions.home().resolve("examples").resolve("adapters").resolve("pirate");
        Explain.Options options = Explain.Options.defaults(20, 0);
        return new ExplainRun(new ModelOptions(), List.of(), options, 0, out, form.json)
                .run(new Target.Named.Adapter(adapter.toString()), this);
    }
}
