package assay.cli;

import assay.base.run.AtomicFiles;
import assay.lab.scorecard.ResultsTable;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Writes the table of results.
@Command(
        name = "results",
        description = "Writes docs/results.md from the JSON documents that runs left in docs/log/data.",
        footer = {"  assay bench results", "  assay bench results --data my/data --out my/results.md"})
final class BenchResultsCommand extends AssayCommand {
    @Option(names = "--data", paramLabel = "DIR", description = "Folder of documents (default: docs/log/data).")
    private Path data = ModelOptions.home().resolve("docs/log/data");

    @Option(names = "--out", paramLabel = "F", description = "The page (default: docs/results.md).")
    private Path out = ModelOptions.home().resolve("docs/results.md");

    @Override
    public Integer call() {
        AtomicFiles.write(out, ResultsTable.of(data));
        return 0;
    }
}
