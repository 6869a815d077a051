package assay.cli;

import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.cli.options.AssayCommand;
import assay.cli.options.ModelOptions;
import assay.cli.options.OutputOptions;
import assay.lab.growth.GrowthBench;
import assay.lab.growth.GrowthRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How costs grow with what is asked for.
@Command(
        name = "growth",
        description = "Measures seconds and peak memory along one axis after the other (dictionary, probe, number of "
                + "prompts, length of a prompt, width of a model, cores) and says to which power they grow. Nothing "
                + "else should run meanwhile; the largest dictionary needs some 3 GB.",
        footer = {
            "  assay bench growth",
            "  assay bench growth --small",
            "  assay bench growth --axes length,width --rounds 5",
            "  assay bench growth --json > docs/log/data/2026-11-30-growth.growth.json && assay bench results"
        })
final class BenchGrowthCommand extends AssayCommand {
    @Option(
            names = "--model",
            paramLabel = "M",
            description = "The language model, as everywhere (default: smollm2-135m).")
    private String model = ModelOptions.DEFAULT;

    @Option(names = "--axes", paramLabel = "A", split = ",", description = "Only these axes (default: all).")
    private List<String> axes = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "Counted rounds of each size (default: 3).")
    private int rounds = 3;

    @Option(names = "--small", description = "Tiny sizes, to see that everything works; no figure means anything.")
    private boolean small;

    @Option(names = "--out", paramLabel = "F", description = "Where the JSON document goes too, after every axis.")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private OutputOptions.Form form = new OutputOptions.Form();

    @Override
    public Integer call() {
        requireKnown("--axes", GrowthBench.axes(), axes);
        requireWithin("--rounds", 1, 1000, rounds, "");
        GrowthBench.Options options = new GrowthBench.Options(model, ModelOptions.home(), axes, rounds, small);
        try (Job job = Job.begin(BenchCommand.PATIENCE, "Finished axes are in the file of --out, if it was given.")) {
            GrowthRun run = new GrowthBench(options, job)
                    .run(soFar -> out.ifPresent(file -> AtomicFiles.write(file, soFar.json())));
            print(form.json ? run.json() : run.text());
            return 0;
        }
    }
}
