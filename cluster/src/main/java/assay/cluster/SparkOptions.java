package assay.cluster;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.Job;
import assay.cli.options.AssayCommand;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Option;

/// Which cluster, and how much of it.
final class SparkOptions {
    private static final int MOST_CORES = 1024;
    private static final int LONGEST_PIECE = 7 * 24 * 3600;
    private static final Pattern MASTER = Pattern.compile("(local(-cluster)?(\\[.*])?|yarn|(spark|k8s)://.+)");
    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d{1,4}|\\*)(?:,\\d+)?\\])?");

    /// What every process that computes is started with, as the launcher does.
    private static final String JAVA_OPTIONS = "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED"
            + " -XX:+UnlockExperimentalVMOptions -XX:+EnableVectorSupport --enable-native-access=ALL-UNNAMED"
            + " --sun-misc-unsafe-memory-access=allow";

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = {
                "The cluster: spark://HOST:7077, k8s://https://HOST:PORT, yarn, or local[2] for this machine",
                "(default: what spark-submit says)."
            })
    private Optional<String> master = Optional.empty();

    @Option(
            names = "--executor-cores",
            paramLabel = "N",
            description = "Cores of one executor, all of which one piece uses (default: what Spark says, else 1). Last"
                    + " digits depend on it.")
    private Optional<Integer> cores = Optional.empty();

    @Option(
            names = "--executor-memory",
            paramLabel = "M",
            description = "Java heap of one executor (default: 2g). The model lies beside it, shared on a machine.")
    private String memory = "2g";

    @Option(
            names = "--slow",
            paramLabel = "S",
            description =
                    "Seconds after which a piece that still runs is begun once more by another machine; the first to"
                            + " finish counts (default: never).")
    private Optional<Integer> slow = Optional.empty();

    @Option(names = "--conf", paramLabel = "K=V", description = "A setting of Spark's; may be repeated.")
    private Map<String, String> settings = new TreeMap<>();

    /// A cluster that is there.
    ///
    /// @param cores that one piece has
    record Connected(JavaSparkContext spark, int cores) implements AutoCloseable {
        /// Hands pieces to it, once there is somebody who can take one.
        Pieces pieces(Job job) {
            Pieces pieces = new Pieces(spark, cores, job);
            pieces.awaitExecutor();
            return pieces;
        }

        @Override
        public void close() {
            spark.close();
        }
    }

    /// Refuses, before anything long is begun, what does not fit.
    ///
    /// @throws InputException if no cluster is named, or Java is too old for it
    SparkConf check(AssayCommand command) {
        ClusterMain.requireJava();
        command.requireWithin("--executor-cores", 1, MOST_CORES, cores.orElse(1), "");
        command.require(
                memory.matches("\\d+[kmgt]?b?"), "--executor-memory: expected such as 2g, found " + memory + ".");
        command.requireWithin("--slow", 1, LONGEST_PIECE, slow.orElse(1), "");
        SparkConf conf = new SparkConf();
        master.ifPresent(url -> {
            command.require(
                    MASTER.matcher(url).matches(),
                    "--master: expected such as spark://host:7077, k8s://https://host:6443, yarn or local[2], found "
                            + url + ".");
            conf.setMaster(url);
        });
        if (!conf.contains("spark.master")) {
            throw new InputException("--master: expected a cluster such as spark://host:7077 or local[2], found none."
                    + " Name one, or start through spark-submit.");
        }
        return conf;
    }

    /// Connects.
    ///
    /// @param home the program's folder, for executors
    /// @throws ResourceException if the cluster does not answer
    Connected open(AssayCommand command, Path home) {
        SparkConf conf = check(command);
        settings.forEach(conf::set);
        int each = cores(conf);
        cores.ifPresent(given -> conf.set("spark.executor.cores", Integer.toString(given)));
        conf.set("spark.task.cpus", Integer.toString(each));
        defaults(conf.get("spark.master"), each, home).forEach(conf::setIfMissing);
        slow.ifPresent(seconds -> twice(seconds).forEach(conf::setIfMissing));
        return new Connected(joined(conf), each);
    }

    /// What makes Spark begin a piece twice that takes long.
    static Map<String, String> twice(int seconds) {
        return Map.of("spark.speculation", "true", "spark.speculation.task.duration.threshold", seconds + "s");
    }

    /// A master that is not there is tried for a minute; Spark then ends what it had begun, and says
    /// so in many ways.
    private static JavaSparkContext joined(SparkConf conf) {
        String reason = "no answer";
        try {
            JavaSparkContext spark = new JavaSparkContext(conf);
            if (!spark.sc().isStopped()) {
                return spark;
            }
        } catch (Exception failed) {
            reason = String.valueOf(failed.getMessage()).lines().findFirst().orElse(reason);
        }
        throw new ResourceException(
                "--master: expected a cluster that takes this run, found none at " + conf.get("spark.master") + " ("
                        + reason + "). Start it, or correct the address; docs/cluster.md says how.");
    }

    /// Cores of one piece: all of an executor; of this machine's only executor, all that `local[N]`
    /// gives it.
    private int cores(SparkConf conf) {
        Matcher local = LOCAL.matcher(conf.get("spark.master"));
        if (local.matches()) {
            String given = local.group(1);
            return given == null
                    ? 1
                    : given.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(given);
        }
        return cores.orElseGet(() -> conf.getInt("spark.executor.cores", 1));
    }

    private Map<String, String> defaults(String url, int each, Path home) {
        Map<String, String> defaults = new TreeMap<>(Map.of(
                "spark.app.name",
                "assay",
                "spark.ui.enabled",
                "false",
                // Of this process; executors write their own logs as ever.
                "spark.log.level",
                "ERROR",
                // What Spark remembers of pieces that are done: a run may have millions.
                "spark.ui.retainedJobs",
                "100",
                "spark.ui.retainedStages",
                "100",
                "spark.executor.cores",
                Integer.toString(each),
                "spark.executor.memory",
                memory,
                "spark.executor.extraJavaOptions",
                JAVA_OPTIONS + " -XX:ActiveProcessorCount=" + each + " '-Dassay.home=" + home.toAbsolutePath() + "'",
                // Threads of a piece wait for each other without spinning.
                "spark.executorEnv.OMP_WAIT_POLICY",
                "PASSIVE",
                "spark.executorEnv.OPENBLAS_NUM_THREADS",
                Integer.toString(each)));
        ownJar().ifPresent(jar -> defaults.put("spark.jars", jar));
        if (url.startsWith("local") || url.startsWith("spark://127.0.0.1") || url.startsWith("spark://localhost")) {
            defaults.put("spark.driver.bindAddress", "127.0.0.1");
            defaults.put("spark.driver.host", "127.0.0.1");
        }
        return defaults;
    }

    /// The one jar that holds all but Spark, if this runs from it.
    private static Optional<String> ownJar() {
        var source = SparkOptions.class.getProtectionDomain().getCodeSource();
        return Optional.ofNullable(source)
                .map(known ->
                        Path.of(URI.create(known.getLocation().toString())).toString())
                .filter(path -> path.endsWith(".jar"));
    }
}
