package assay.cli;

import assay.base.run.AtomicFiles;
import assay.tasks.extend.ExtendAtlas;
import assay.tasks.extend.ExtendPlan;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    private static final long MOST_CANDIDATES = 1_000_000_000L;

    @Option(
            names = "--candidates",
            required = true,
            paramLabel = "N|FILE",
            description = "How many to compose from the grammars, one in 50 written by the model; or a UTF-8 text "
                    + "file with one prompt a line, of at most 512 tokens and 2,000 characters each.")
    private String candidates = "";

    @Option(names = "--keep", paramLabel = "K", description = "Most prompts to add (default: 500).")
    private int keep = 500;

    @Mixin
    private OutputOptions.Seed seed = new OutputOptions.Seed();

    @Option(names = "--atlas", paramLabel = "FILE", description = "The atlas to extend (default: the model's).")
    private Optional<Path> atlas = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to write it (default: the user's cache folder, where explain finds it).")
    private Optional<Path> out = Optional.empty();

    @Override
    public Integer call() {
        requireWithin("--keep", 1, 10_000, keep, "");
        ExtendPlan.Options options = new ExtendPlan.Options(supply(), keep, seed.value, atlas, out);
        out.ifPresent(file -> AtomicFiles.requireRoom("--out", file));
        return with(AtlasCommand.PATIENCE, AtlasCommand.OUTCOME, session -> {
            ExtendAtlas.Extended extended = new ExtendAtlas(session).extend(options);
            return print(String.format(
                    Locale.ROOT,
                    "%s: %,d prompts, %,d of them added; singular values fall as i^-%.2f%n"
                            + "candidates: %s%s%n"
                            + "novelty, run exactly: median %.2f of the added prompts, %.2f of the others%n",
                    extended.file(),
                    extended.prompts(),
                    extended.added(),
                    extended.exponent(),
                    extended.counts(),
                    extended.perSecond() == 0
                            ? ""
                            : String.format(Locale.ROOT, "; %.0f looked at a second", extended.perSecond()),
                    extended.novelty(),
                    extended.ownNovelty()));
        });
    }

    /// A number, or else a file.
    private ExtendPlan.Supply supply() {
        if (!candidates.matches("[-+]?[0-9]{1,18}")) {
            return new ExtendPlan.Supply.Lines(Path.of(candidates));
        }
        long count = Long.parseLong(candidates);
        require(
                count >= 1 && count <= MOST_CANDIDATES,
                "--candidates: expected 1 to " + MOST_CANDIDATES + " or a file, found " + count + ".");
        return new ExtendPlan.Supply.Drawn(count);
    }
}
