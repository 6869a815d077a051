package assay.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.run.Job;
import assay.discover.atlas.AtlasShelf;
import assay.measure.probe.SketchMap;
import assay.tasks.extend.Candidate;
import assay.tasks.extend.ExtendAtlas;
import assay.tasks.extend.ExtendPlan;
import assay.tasks.extend.ScreenCrew;
import assay.tasks.extend.Shortlist;
import assay.tasks.session.Session;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// What the driver holds while many candidates go out and few come back. Executors do nothing here:
/// a die says how novel each is.
class DriverMemoryTest {
    private static final int CANDIDATES = Integer.getInteger("assay.cluster.candidates", 20_000);
    private static final int KEPT = 50;
    private static final long MOST_GROWTH = 24L << 20;

    @Test
    void doesNotGrowWithTheirNumber(@TempDir Path folder, TestReporter reporter) throws IOException {
        Path lines = folder.resolve("lines.txt");
        try (BufferedWriter out = Files.newBufferedWriter(lines)) {
            for (int i = 0; i < CANDIDATES; i++) {
                out.write("Talk about number " + i + ", which came after " + (i - 1) + ", and then stop.\n");
            }
        }
        List<Moment> moments = new ArrayList<>();
        Path home = folder.resolve("home");
        try (Session session = ToyShelf.open(home);
                JavaSparkContext spark = ToyShelf.cluster()) {
            AtlasShelf.Shelved shelved = ToyShelf.dictionary(session, home);
            ExtendPlan.Options plan = new ExtendPlan.Options(
                    new ExtendPlan.Supply.Lines(lines),
                    KEPT,
                    0,
                    Optional.of(shelved.file()),
                    Optional.of(folder.resolve("extended.atlas")));
            Pieces pieces = new Pieces(spark, 1, Job.silent());
            new ExtendAtlas(session)
                    .extend(plan, _ -> new Dice(pieces, moments), new AtlasCrew(pieces, Place.of(session, home)));
        }
        reporter.publishEntry(CANDIDATES + " candidates", moments.toString());
        // What is loaded and remembered once is there after the first quarter.
        List<Long> later = moments.subList(moments.size() / 4, moments.size()).stream()
                .map(Moment::bytes)
                .toList();
        assertThat(Collections.max(later) - later.getFirst()).isLessThan(MOST_GROWTH);
    }

    /// @param bytes of heap in use
    /// @param seconds since the process began
    private record Moment(long bytes, double seconds) {}

    private record Dice(Pieces pieces, List<Moment> moments) implements ScreenCrew {
        @Override
        public int width() {
            return 4 * pieces.width();
        }

        @Override
        public List<List<Shortlist.Kept>> look(List<List<Candidate>> batches, double least) {
            List<byte[]> each = batches.stream()
                    .map(batch -> Travel.sent(new ScreenSeats.Batch(batch, least)))
                    .toList();
            List<List<Shortlist.Kept>> novel = new ArrayList<>(Collections.nCopies(each.size(), List.of()));
            pieces.<byte[], byte[]>run(
                    each,
                    piece -> Travel.sent(thrown(Travel.received(piece, ScreenSeats.Batch.class))),
                    (bytes, i) -> novel.set(
                            i, Travel.received(bytes, ScreenSeats.Novel.class).all()),
                    (i, reason) -> {
                        throw new IllegalStateException(reason);
                    });
            weigh();
            return novel;
        }

        private static ScreenSeats.Novel thrown(ScreenSeats.Batch batch) {
            List<Shortlist.Kept> kept = new ArrayList<>();
            for (Candidate candidate : batch.candidates()) {
                SplittableRandom random = new SplittableRandom(candidate.text().hashCode());
                double novelty = random.nextDouble();
                if (novelty >= batch.least()) {
                    float[] sketch = new float[SketchMap.SIZE];
                    for (int i = 0; i < sketch.length; i++) {
                        sketch[i] = (float) random.nextGaussian();
                    }
                    kept.add(Shortlist.Kept.of(candidate, novelty, sketch));
                }
            }
            return new ScreenSeats.Novel(kept);
        }

        /// After every wave, with everything gone that nobody holds.
        private void weigh() {
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            moments.add(new Moment(used, ManagementFactory.getRuntimeMXBean().getUptime() / 1e3));
        }

        @Override
        public void close() {
            // There is nothing to free.
        }
    }
}
