package assay.cluster;

import assay.InputException;
import assay.cli.options.AssayCommand;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Option;

/// Which cluster, and how much of it.
final class SparkOptions {
    private static final int MOST_CORES = 1024;

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
            description = "Cores of one executor, all of which one piece uses (default: 1). Last digits depend on it.")
    private int cores = 1;

    @Option(
            names = "--executor-memory",
            paramLabel = "M",
            description = "Java heap of one executor (default: 2g). The model lies beside it, shared on a machine.")
    private String memory = "2g";

    @Option(names = "--conf", paramLabel = "K=V", description = "A setting of Spark's; may be repeated.")
    private Map<String, String> settings = new TreeMap<>();

    /// Cores that one piece has.
    int cores() {
        return cores;
    }

    /// Connects.
    ///
    /// @param home the program's folder, for executors
    /// @throws InputException if no cluster is named
    JavaSparkContext open(AssayCommand command, Path home) {
        command.requireWithin("--executor-cores", 1, MOST_CORES, cores, "");
        command.require(
                memory.matches("\\d+[kmgt]?b?"), "--executor-memory: expected such as 2g, found " + memory + ".");
        SparkConf conf = new SparkConf();
        master.ifPresent(conf::setMaster);
        if (!conf.contains("spark.master")) {
            throw new InputException("--master: expected a cluster such as spark://host:7077 or local[2], found none."
                    + " Name one, or start through spark-submit.");
        }
        defaults(conf, home).forEach(conf::setIfMissing);
        settings.forEach(conf::set);
        return new JavaSparkContext(conf);
    }

    private Map<String, String> defaults(SparkConf conf, Path home) {
        String url = conf.get("spark.master");
        Map<String, String> defaults = new TreeMap<>(Map.of(
                "spark.app.name", "assay",
                "spark.ui.enabled", "false",
                "spark.executor.cores", Integer.toString(cores),
                "spark.task.cpus", Integer.toString(cores),
                "spark.executor.memory", memory,
                "spark.executor.extraJavaOptions",
                        JAVA_OPTIONS + " -XX:ActiveProcessorCount=" + cores + " -Dassay.home=" + home.toAbsolutePath(),
                // Threads of a piece wait for each other without spinning.
                "spark.executorEnv.OMP_WAIT_POLICY", "PASSIVE",
                "spark.executorEnv.OPENBLAS_NUM_THREADS", Integer.toString(cores)));
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
                .map(known -> known.getLocation().getPath())
                .filter(path -> path.endsWith(".jar"));
    }
}
