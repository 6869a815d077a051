package assay.cli;

import assay.base.run.RunFolder;
import assay.cli.options.CensusOptions;
import assay.cli.options.ModelCommand;
import assay.discover.atlas.AtlasShelf;
import assay.tasks.census.AdapterList;
import assay.tasks.census.Census;
import assay.tasks.census.CensusRun;
import assay.tasks.census.CensusWorker;
import assay.tasks.census.Crew;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Counts a shelf of adapters.
@Command(
        name = "census",
        description =
                "Says of a whole shelf of adapters what each is made of: one row each, a page with a map of who does alike,"
                        + " duplicates, and those that look like nothing. An adapter that is broken is a row with its error."
                        + " What was stopped goes on with the same command, and so does a shelf that has grown.",
        footer = {
            "  assay census path/to/adapters --out shelf            # all folders with an adapter_config.json",
            "  assay census adapters.txt --out shelf                # a path or owner/repo a line",
            "  assay census path/to/adapters --no-search --out shelf   # the dictionary alone: half the time"
        })
final class CensusCommand extends ModelCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Mixin
    private CensusOptions census = new CensusOptions();

    @Override
    public Integer call() {
        model.over(census.base);
        var options = census.explain(this);
        List<String> adapters = AdapterList.read(census.adapters);
        Supplier<RunFolder> place = () -> CensusRun.folder(census.output.out);
        return within(place, model, List.of(), PATIENCE, CensusOptions.STOPPED, (session, folder) -> {
            AtlasShelf.Shelved shelved = session.readyAtlas();
            try (CensusWorker worker = new CensusWorker(session, shelved.atlas())) {
                Census counted = new CensusRun(session, shelved, options, Crew.alone(worker)).run(adapters, folder);
                Runnable write = () -> counted.write(folder, "census");
                Path page = folder.path().resolve("census.html");
                return leave(counted, census.output.form.json, session.job(), write, "Report: " + page);
            }
        });
    }
}
