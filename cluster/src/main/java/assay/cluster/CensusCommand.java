package assay.cluster;

import assay.base.run.RunFolder;
import assay.cli.options.CensusOptions;
import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.discover.atlas.AtlasShelf;
import assay.tasks.census.Census;
import assay.tasks.census.CensusRun;
import assay.tasks.explain.Explain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// A census on many machines.
@Command(
        name = "census",
        description =
                "Counts a shelf of adapters, as assay census does; ADAPTERS may be a Parquet table too, and rows are"
                        + " left as one. Folders must be found under the same path by every machine.",
        footer = {
            "  assay cluster census path/to/adapters --master spark://host:7077 --out shelf",
            "  assay cluster census adapters.parquet --master 'local[2]' --out shelf"
        })
final class CensusCommand extends ModelCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Mixin
    private SparkOptions options = new SparkOptions();

    @Mixin
    private CensusOptions census = new CensusOptions();

    @Override
    public Integer call() {
        options.check(this);
        model.over(census.base);
        Explain.Options explain = census.explain(this);
        List<String> adapters = CensusTable.adapters(census.adapters);
        Supplier<RunFolder> place = () -> CensusRun.folder(census.output.out);
        return within(place, model, List.of(), PATIENCE, CensusOptions.STOPPED, (session, folder) -> {
            AtlasShelf.Shelved shelved = session.readyAtlas();
            try (SparkOptions.Connected cluster = options.open(this, ModelOptions.home())) {
                Pieces pieces = cluster.pieces(session.job());
                CensusCrew crew = new CensusCrew(
                        pieces, Place.of(session, ModelOptions.home()), SentAtlas.of(shelved.atlas(), cluster.spark()));
                Census counted = new CensusRun(session, shelved, explain, crew).run(adapters, folder);
                Path table = folder.path().resolve("census.parquet");
                Runnable write = () -> {
                    counted.write(folder, "census");
                    CensusTable.write(counted.rows(), table);
                };
                Path page = folder.path().resolve("census.html");
                return leave(counted, census.output.form.json, session.job(), write, "Report: " + page);
            }
        });
    }
}
