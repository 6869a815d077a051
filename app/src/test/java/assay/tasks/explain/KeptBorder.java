package assay.tasks.explain;

import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.base.run.ToldJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a stopped explanation left, at the border where it is read.
public final class KeptBorder {
    private static final Map<String, String> RUN = Map.of("name", "cook", "model", "m", "seed", "3");
    private static final List<String> PIECE = List.of("one", "two");

    private KeptBorder() {}

    /// A sound one.
    public static byte[] sample(Path home) throws IOException {
        try (RunFolder folder = Explaining.folder(Optional.of(home), "x")) {
            Kept.in(folder, RUN, Job.silent()).part("direct").keep("texts", PIECE);
        }
        return Files.readAllBytes(home.resolve(Kept.FILE));
    }

    /// Reads one in its folder.
    ///
    /// @throws assay.InputException if it is another's, or damaged, which an explanation tells of and
    /// begins anew
    public static void read(Path home, byte[] damaged) throws IOException {
        Path file = Files.write(home.resolve(Kept.FILE), damaged);
        Kept.isOf(file, RUN);
        boolean isDamaged = Kept.isDamaged(file);
        try (RunFolder folder = Explaining.folder(Optional.of(home), "x")) {
            ToldJob told = new ToldJob();
            Kept.in(folder, RUN, told.job()).part("direct").known("texts", String[].class);
            if (isDamaged) {
                throw told.damage();
            }
        }
    }
}
