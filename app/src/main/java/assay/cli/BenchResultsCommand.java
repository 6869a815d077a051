package assay.cli;

import assay.base.run.AtomicFiles;
import assay.lab.scorecard.PerformancePage;
import assay.lab.scorecard.ResultsTable;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Writes the table of results and the page of speeds.
@Command(
        name = "results",
        description =
                "Writes docs/results.md, and docs/performance.md with its pictures, from the JSON documents that runs "
                        + "left in docs/log/data.",
        footer = {"  assay bench results", "  assay bench results --data my/data --out my/results.md"})
final class BenchResultsCommand extends AssayCommand {
    @Option(names = "--data", paramLabel = "DIR", description = "Folder of documents (default: docs/log/data).")
    private Path data = ModelOptions.home().resolve("docs/log/data");

    @Option(
            names = "--out",
            paramLabel = "F",
            description = "The page of results; that of speeds stands beside it (default: docs/results.md).")
    private Path out = ModelOptions.home().resolve("docs/results.md");

    @Override
    public Integer call() {
        String results = ResultsTable.of(data);
        PerformancePage speeds = PerformancePage.of(data);
        AtomicFiles.write(out, results);
        AtomicFiles.write(out.resolveSibling("performance.md"), speeds.text());
        if (!speeds.picture().isEmpty()) {
            AtomicFiles.write(out.resolveSibling(PerformancePage.PICTURE), speeds.picture());
        }
        if (!speeds.growth().isEmpty()) {
            AtomicFiles.write(out.resolveSibling(PerformancePage.GROWTH_PICTURE), speeds.growth());
        }
        return 0;
    }
}
