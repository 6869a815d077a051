package assay.cli;

import assay.base.run.AtomicFiles;
import assay.lab.trials.ScreenTrial;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How fast candidates are looked at.
@Command(
        name = "screen",
        description = "Times how many prompts a second are read, and read, predicted and scored. bench/screen lets "
                + "transformers read the same states.",
        footer = {"  assay bench screen", "  assay bench screen --prompts 4000 --rounds 5 --out screen.json"})
final class BenchScreenCommand extends ModelCommand {
    @Option(
            names = "--prompts",
            paramLabel = "N",
            description = "Prompts read in a round, drawn from the atlas (default: 1536).")
    private int prompts = 1536;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often; the first round is not counted (default: 4).")
    private int rounds = 4;

    @Option(
            names = "--blocks",
            paramLabel = "B",
            description = "Blocks run to read a prompt (default: three fifths of the model's).")
    private Optional<Integer> blocks = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the draw (default: 0).")
    private long seed;

    @Option(names = "--out", paramLabel = "F", description = "Where prompts, speeds and some readings go.")
    private Optional<Path> out = Optional.empty();

    @Override
    public Integer call() {
        require(
                prompts >= 1 && prompts <= 1_000_000 && rounds >= 2 && rounds <= 1000 && blocks.orElse(1) >= 1,
                "--prompts, --rounds, --blocks: expected 1 to 1000000, 2 to 1000 and at least 1, found " + prompts
                        + ", " + rounds + " and " + blocks.map(String::valueOf).orElse("none") + ".");
        ScreenTrial.Options options = new ScreenTrial.Options(prompts, rounds, blocks, seed);
        out.ifPresent(file -> AtomicFiles.requireRoom("--out", file));
        return with(
                BenchCommand.PATIENCE,
                "Nothing was kept.",
                session -> print(new ScreenTrial(session).run(options, out).text()));
    }
}
