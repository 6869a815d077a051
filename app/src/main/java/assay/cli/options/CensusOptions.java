package assay.cli.options;

import assay.tasks.explain.Explain;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which adapters are counted, and how closely each is looked at.
public final class CensusOptions {
    /// What becomes of a census that is stopped.
    public static final String STOPPED =
            "Every adapter that was finished is kept; the same command with the same --out goes on from there.";

    private static final int MOST_ATOMS = 200;

    /// A folder of adapters, or a list.
    @Parameters(
            paramLabel = "ADAPTERS",
            description = {
                "A folder with adapters in it, however deep, or a text file that lists some:",
                "a folder or owner/repo[@revision][/subfolder] a line."
            })
    @SuppressWarnings("NullAway.Init")
    public Path adapters;

    @Option(names = "--atoms", paramLabel = "N", description = "Most prompts for each adapter (default: 5).")
    private int atoms = 5;

    @Mixin
    private SearchOptions search = new SearchOptions();

    /// What everything is compared with.
    @Mixin
    public ModelOptions.Base base = new ModelOptions.Base();

    /// Seed, form and folder.
    @Mixin
    public OutputOptions output = new OutputOptions();

    /// How every adapter is explained.
    public Explain.Options explain(AssayCommand command) {
        command.requireWithin("--atoms", 1, MOST_ATOMS, atoms, " Ask for 5 if in doubt.");
        return Explain.Options.defaults(atoms, output.seed.value).within(search.budget(command));
    }
}
