package assay.cluster;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.Provenance;
import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.show.page.Figures;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Looks whether a cluster can do what will be asked of it.
@Command(
        name = "doctor",
        description =
                "Asks every executor for its Java, its Assay, its memory and the model, and says what does not fit.",
        footer = "  assay cluster doctor --master spark://host:7077 --model owner/repo")
final class DoctorCommand extends ModelCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// Heap below which an explanation of a small model was not tried; -Xmx768m leaves 742 MB of it.
    private static final long LEAST_HEAP = 700L << 20;

    /// Rounds of questions, so that all executors are met.
    private static final int ROUNDS = 8;

    private static final long JOIN_MILLIS = 2000;

    @Mixin
    private SparkOptions options = new SparkOptions();

    @Option(names = "--wait", paramLabel = "S", description = "Seconds to wait for executors (default: 20).")
    private int wait = 20;

    /// What an executor says of itself.
    ///
    /// @param executor its name in Spark
    /// @param code hash of its Assay
    /// @param heap most bytes of its heap
    /// @param memory bytes of its machine
    /// @param model hash of the model it opened
    /// @param error why it could not, or nothing
    record Answer(
            String executor,
            String host,
            String java,
            String code,
            long heap,
            long memory,
            String model,
            String error) {}

    @Override
    public Integer call() {
        options.check(this);
        requireWithin("--wait", 0, 3600, wait, "");
        return with(PATIENCE, "Nothing was changed.", session -> {
            try (SparkOptions.Connected cluster = options.open(this, ModelOptions.home())) {
                Pieces pieces = new Pieces(cluster.spark(), cluster.cores(), session.job());
                awaitExecutors(pieces);
                List<Answer> answers = answers(pieces, Place.of(session, ModelOptions.home()));
                List<String> faults = faults(answers, session.chat().sha256(), Provenance.codeHash());
                print(table(answers));
                if (!faults.isEmpty()) {
                    throw new InputException("cluster: expected executors that fit, found " + String.join("; ", faults)
                            + ". Set them right before a long run.");
                }
                return print(Figures.counted(answers.size(), "executor") + ": all fit.\n");
            }
        });
    }

    /// Executors join one after the other: waits until no more come.
    private void awaitExecutors(Pieces pieces) {
        long end = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
        int seen = 0;
        int now = pieces.executors();
        while ((now == 0 || now != seen)
                && System.nanoTime() < end
                && !pieces.spark().isLocal()) {
            seen = now;
            Pieces.pause(JOIN_MILLIS);
            pieces.job().check();
            now = pieces.executors();
        }
        if (now == 0) {
            throw new ResourceException(
                    "cluster: expected an executor within " + wait + " s (--wait), found none. Has a worker"
                            + " the cores and the memory free that one asks for (--executor-cores, --executor-memory)? The master's"
                            + " page says, and the logs of workers whether one was started in vain.");
        }
    }

    static List<Answer> answers(Pieces pieces, Place place) {
        Map<String, Answer> all = new TreeMap<>();
        List<Integer> questions =
                IntStream.range(0, ROUNDS * pieces.width()).boxed().toList();
        List<String> lost = new ArrayList<>();
        pieces.<Integer, byte[]>run(
                questions,
                question -> Travel.sent(answer(place)),
                (bytes, i) -> {
                    Answer answer = Travel.received(bytes, Answer.class);
                    all.put(answer.executor(), answer);
                },
                (i, reason) -> lost.add(reason));
        if (all.isEmpty()) {
            throw new InputException("cluster: expected an executor, found none ("
                    + lost.stream().findFirst().orElse("") + "). Look at the logs of its workers.");
        }
        return List.copyOf(all.values());
    }

    private static Answer answer(Place place) {
        String model = "";
        String error = "";
        try {
            model = Workplace.at(place, there -> there.session().chat().sha256());
            // Others are met meanwhile.
            Thread.sleep(100);
        } catch (RuntimeException refused) {
            error = String.valueOf(refused.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return new Answer(
                SparkEnv.get().executorId(),
                SparkEnv.get().blockManager().blockManagerId().host(),
                Runtime.version().toString(),
                Provenance.codeHash(),
                Runtime.getRuntime().maxMemory(),
                memory(),
                model,
                error);
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    /// What does not fit, in words.
    ///
    /// @param model hash of the model here
    /// @param code hash of this Assay
    static List<String> faults(List<Answer> answers, String model, String code) {
        List<String> faults = new ArrayList<>();
        for (Answer answer : answers) {
            String who = "executor " + answer.executor() + " on " + answer.host() + ": ";
            ClusterMain.javaFault(answer.java()).ifPresent(fault -> faults.add(who + fault));
            if (!answer.code().equals(code)) {
                faults.add(who + "another Assay");
            }
            if (answer.heap() < LEAST_HEAP) {
                faults.add(who + Figures.bytes(answer.heap()) + " of heap where " + Figures.bytes(LEAST_HEAP)
                        + " are the least (--executor-memory)");
            }
            if (!answer.error().isEmpty()) {
                faults.add(who + answer.error());
            } else if (!answer.model().equals(model)) {
                faults.add(who + "another model of that name");
            }
        }
        return faults;
    }

    private static String table(List<Answer> answers) {
        StringBuilder table = new StringBuilder();
        for (Answer answer : answers) {
            table.append(String.format(
                    Locale.ROOT,
                    "executor %-8s %-20s Java %-12s heap %-9s of %-9s model %.8s%n",
                    answer.executor(),
                    answer.host(),
                    answer.java(),
                    Figures.bytes(answer.heap()),
                    Figures.bytes(answer.memory()),
                    answer.model().isEmpty() ? "none" : answer.model()));
        }
        return table.toString();
    }
}
