package assay.cli;

import assay.cli.options.AtlasOptions;
import assay.cli.options.ModelCommand;
import assay.tasks.extend.ExtendAtlas;
import assay.tasks.extend.ExtendPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Extends an atlas, or goes on with what was stopped.
@Command(
        name = "extend",
        description = "Looks at many candidate prompts without running them, runs those that promise most that the "
                + "atlas lacks, and adds them. Memory does not grow with the number of candidates. What was stopped "
                + "goes on with the same command.",
        footer = {
            "  assay atlas extend --candidates 100000",
            "  assay atlas extend --candidates prompts.txt --keep 200 --out larger.atlas",
            "  assay atlas extend --model path/to/model.gguf --candidates 1000000 --atlas mine.atlas --out mine.atlas"
        })
final class AtlasExtendCommand extends ModelCommand {
    @Mixin
    private AtlasOptions.Extend extend = new AtlasOptions.Extend();

    @Override
    public Integer call() {
        ExtendPlan.Options options = extend.options(this);
        return with(
                AtlasCommand.PATIENCE,
                AtlasCommand.OUTCOME,
                session -> print(new ExtendAtlas(session).extend(options).words()));
    }
}
