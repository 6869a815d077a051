package assay.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.hub.HubBorder;
import assay.engine.model.ChatModel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Files damaged at random, read by everything that reads bytes from a disk or a hub: each is read, or refused in one
/// line. `-Dassay.fuzz.files=1000000 -Dassay.fuzz.seed=7` tries more than CI does, `-Dassay.fuzz.only=PATTERN` some of
/// the readers. What is found lies in `app/target/fuzz`, beside the figures; what ended the whole process is the last
/// file of its reader.
///
/// Not here: the program's own files (grammars, style sheet), and `/proc/cpuinfo`. Whole commands are tried by
/// `FuzzTest`.
class ReadersTest {
    private static final int FILES = Integer.getInteger("assay.fuzz.files", 4_000);
    private static final long SEED = Long.getLong("assay.fuzz.seed", 1);
    private static final Pattern ONLY = Pattern.compile(System.getProperty("assay.fuzz.only", ""));
    private static final Path KEPT = Path.of("target", "fuzz");
    /// Where damaged files lie while they are read; a folder in memory is quicker.
    private static final Path WORK =
            Path.of(System.getProperty("assay.fuzz.work", KEPT.resolve("work").toString()));

    private static final long PATIENCE_NANOS = 5_000_000_000L;
    /// Waiting for others is no fault of a reader.
    private static final long PATIENCE_OF_CLOCK_NANOS = 120_000_000_000L;
    private static final int MOST_KEPT = 3;
    /// Bytes of a file that nobody should hold; candidates alone are read piece by piece whatever their number.
    private static final long HUGE = 1L << 32;

    /// What became of the files of one kind.
    private static final class Row {
        private long tried;
        private long read;
        private long nanos;
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();
    /// How often each fault was seen.
    private final Map<String, Integer> faults = new java.util.concurrent.ConcurrentSkipListMap<>();

    private volatile long started;
    private volatile Reader reading = new Reader("", Mutation.BYTES, List.of(), 0, _ -> {});
    private volatile byte[] last = {};

    @Test
    void everyReaderReadsOrRefusesInOneLine() throws Exception {
        forget(KEPT);
        forget(WORK);
        Files.createDirectories(KEPT);
        Thread worker = Thread.ofPlatform().daemon().unstarted(this::work);
        worker.start();
        while (!worker.join(java.time.Duration.ofMillis(500))) {
            watch(worker);
        }
        Files.writeString(KEPT.resolve("figures.md"), figures());
        assertThat(faults)
                .as("faults, of which the files lie in %s", KEPT.toAbsolutePath())
                .isEmpty();
        assertThat(rows.values())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.read).isPositive());
    }

    private void work() {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel tied = ChatModel.open("tied", Workshop.TINY.resolve("models/tied"), Dtype.FLOAT32)) {
            List<Reader> readers = readers(tied);
            long shares = readers.stream().mapToLong(Reader::share).sum();
            SplittableRandom random = new SplittableRandom(SEED);
            for (Reader reader : readers) {
                SplittableRandom own = random.split();
                if (ONLY.matcher(reader.name()).find()) {
                    tryAll(reader, (int) Math.max(4, (long) FILES * reader.share() / shares), own);
                    Files.writeString(KEPT.resolve("figures.md"), figures());
                }
            }
        } catch (Exception | Error broken) {
            faults.merge("the harness: " + broken, 1, Integer::sum);
        }
    }

    private static List<Reader> readers(ChatModel tied) throws IOException {
        Workshop at = new Workshop(Files.createDirectories(WORK.toAbsolutePath()));
        List<Reader> readers = new ArrayList<>(ModelReaders.all(at, tied));
        readers.addAll(StateReaders.all(at, tied));
        readers.addAll(DocumentReaders.all(at));
        readers.addAll(HubBorder.all(at.room("hub")));
        return readers;
    }

    private void tryAll(Reader reader, int count, SplittableRandom random) {
        Row row = rows.computeIfAbsent(reader.name(), _ -> new Row());
        long begin = System.nanoTime();
        List<Outcome> sound = reader.samples().stream()
                .map(sample -> look(reader, sample, row))
                .toList();
        if (reader.reading() instanceof Workshop.OfFile file && !reader.name().equals("candidates")) {
            look(reader, row, "a file of zeros".getBytes(StandardCharsets.UTF_8), _ -> file.ofZeros(HUGE));
        }
        if (sound.stream().noneMatch(Outcome::read)) {
            note(
                    reader,
                    reader.samples().getFirst(),
                    "a sound file is refused: " + sound.getFirst().refusal());
        }
        for (int i = 0; i < count; i++) {
            byte[] sample = reader.samples().get(random.nextInt(reader.samples().size()));
            look(reader, reader.mutation().of(sample, random.split()), row);
        }
        row.nanos += System.nanoTime() - begin;
    }

    private Outcome look(Reader reader, byte[] file, Row row) {
        return look(reader, row, file, reader.reading());
    }

    private Outcome look(Reader reader, Row row, byte[] file, Reader.Reading how) {
        last = file;
        reading = reader;
        started = System.nanoTime();
        Outcome outcome;
        try (TensorScope _ = TensorScope.withoutGradients()) {
            outcome = Outcome.of(how, file);
        }
        started = 0;
        row.tried++;
        row.read += outcome.read() ? 1 : 0;
        if (!outcome.fault().isEmpty()) {
            note(reader, file, outcome.fault());
        }
        return outcome;
    }

    private void note(Reader reader, byte[] file, String fault) {
        int seen = faults.merge(reader.name() + ": " + fault, 1, Integer::sum);
        if (seen <= MOST_KEPT) {
            keep(reader.name() + "-" + Integer.toHexString(fault.hashCode()) + "-" + seen, file);
        }
    }

    private static void keep(String name, byte[] file) {
        try {
            Files.write(KEPT.resolve(name.replaceAll("[^A-Za-z0-9.-]+", "-")), file);
        } catch (IOException full) {
            throw new java.io.UncheckedIOException(full);
        }
    }

    /// Notes a file that takes too long, and gives up on one that does not end at all.
    private void watch(Thread worker) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long since = started;
        byte[] file = last;
        long before = threads.getThreadCpuTime(worker.threadId());
        long now = System.nanoTime();
        boolean isNoted = false;
        while (since != 0 && started == since && worker.isAlive()) {
            long busy = threads.getThreadCpuTime(worker.threadId()) - before;
            if (!isNoted && busy > PATIENCE_NANOS) {
                List<StackTraceElement> where = List.of(worker.getStackTrace());
                note(reading, file, "does not end soon: " + where.subList(0, Math.min(8, where.size())));
                isNoted = true;
            }
            if (System.nanoTime() - now > PATIENCE_OF_CLOCK_NANOS) {
                throw new AssertionError(reading.name() + " does not end; faults: " + faults);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000L);
        }
    }

    private String figures() {
        StringBuilder table =
                new StringBuilder("| reader | tried | read | refused | ms each |\n|---|---|---|---|---|\n");
        long tried = 0;
        for (Map.Entry<String, Row> entry : rows.entrySet()) {
            Row row = entry.getValue();
            tried += row.tried;
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %,d | %,d | %,d | %.2f |%n",
                    entry.getKey(),
                    row.tried,
                    row.read,
                    row.tried - row.read,
                    row.nanos / 1e6 / Math.max(1, row.tried)));
        }
        table.append(String.format(Locale.ROOT, "| all | %,d | | | |%n", tried));
        faults.forEach((fault, times) ->
                table.append("\nFAULT ").append(times).append(" × ").append(fault));
        return table.toString();
    }

    private static void forget(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> inside = Files.walk(folder)) {
                for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
