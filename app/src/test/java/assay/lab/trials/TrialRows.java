package assay.lab.trials;

import assay.base.run.Job;
import assay.base.sparse.Interval;
import assay.show.report.DistilSpecimen;
import assay.tasks.session.FinishedParts;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// How finished rows of trials are read.
public final class TrialRows {
    private TrialRows() {}

    /// A row of a tournament.
    public static Object tournament() {
        List<Interval> closed = Collections.nCopies(4, new Interval(0.5, 0.4, 0.6));
        return new Tournament.Row("cook", "prompt", "words", 48, 1.5, closed, 30, List.of("Cook.", "Bake."));
    }

    /// Reads `row.json` as one and makes a table of it.
    public static void tournament(Path folder) {
        Tournament.Row row = new FinishedParts(folder, Job.silent()).kept("row", Tournament.Row.class);
        TournamentTable.of(List.of(row));
    }

    /// A row of a study of adapters.
    public static Object zoo() {
        return new Zoo.Row("cook", "skill", "works", 0, DistilSpecimen.pirate(), Optional.empty());
    }

    /// Reads one and makes a table of it.
    public static void zoo(Path row) {
        Zoo.table(List.of(Zoo.read(row)));
    }
}
