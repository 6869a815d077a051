package assay.cli;

import assay.cli.options.ModelCommand;
import assay.cli.options.OutputOptions;
import assay.lab.trials.PredictorTrial;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How well fingerprints are predicted, on prompts the predictor has not seen.
@Command(
        name = "predictor",
        description = "Holds out prompts of the atlas, predicts what they would add to a mixture from the others, and "
                + "compares with what they do add: correlations before any prompt is taken, after one and after five, "
                + "and whether the predictor knows how wrong it is.",
        footer = {
            "  assay bench predictor",
            "  assay bench predictor --blocks 10,14,18,26 --json",
            "  assay bench predictor --states ALL,LAST,PROMPT,MEAN --closing 1,5"
        })
final class BenchPredictorCommand extends ModelCommand {
    @Option(names = "--held-out", paramLabel = "N", description = "Prompts of the atlas to hold out (default: 400).")
    private int heldOut = 400;

    @Option(
            names = "--targets",
            paramLabel = "N",
            description = "How many of them are explained by the others (default: 24).")
    private int targets = 24;

    @Option(
            names = "--blocks",
            paramLabel = "B",
            split = ",",
            description = "Blocks run to read a prompt; several are compared (default: three fifths of the model's).")
    private List<Integer> blocks = List.of();

    @Option(
            names = "--closing",
            paramLabel = "T",
            split = ",",
            description =
                    "Tokens read of the marks behind the prompt; several are compared (default: as a search does).")
    private List<Integer> closing = List.of();

    @Option(
            names = "--states",
            paramLabel = "S",
            split = ",",
            description = "States used: ${COMPLETION-CANDIDATES}; several are compared (default: ALL).")
    private List<PredictorTrial.Pooling> states = List.of(PredictorTrial.Pooling.ALL);

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the choice of prompts (default: 0).")
    private long seed;

    @Mixin
    private OutputOptions.Form form = new OutputOptions.Form();

    @Override
    public Integer call() {
        require(
                targets >= 1 && heldOut >= 20 && targets <= heldOut,
                "--held-out, --targets: expected at least 20 and 1 to as many, found " + heldOut + " and " + targets
                        + ".");
        require(
                blocks.stream().allMatch(count -> count >= 1)
                        && closing.stream().allMatch(count -> count >= 1),
                "--blocks, --closing: expected 1 or more, found " + blocks + " and " + closing + ".");
        PredictorTrial.Options options = new PredictorTrial.Options(heldOut, targets, blocks, closing, states, seed);
        return with(BenchCommand.PATIENCE, "Nothing was kept.", session -> {
            PredictorTrial.Result result = new PredictorTrial(session).run(options);
            return print(form.json ? result.json() : result.text());
        });
    }
}
