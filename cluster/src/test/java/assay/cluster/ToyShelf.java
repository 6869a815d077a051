package assay.cluster;

import assay.base.run.Job;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.BuildAtlas;
import assay.discover.search.TargetSearch;
import assay.tasks.census.AdapterList;
import assay.tasks.explain.Explain;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/// A tiny random model with a dictionary of its own, a shelf of adapters, and a cluster: a master
/// and two workers, each executor a process of its own.
final class ToyShelf {
    static final Path GOLDEN = Path.of("..", "app", "src", "test", "resources", "golden", "tiny")
            .toAbsolutePath()
            .normalize();
    static final Path MODEL = GOLDEN.resolve("models/tied");
    static final Explain.Options SMALL =
            new Explain.Options(3, 6, 6, 2, new TargetSearch.Budget(Double.POSITIVE_INFINITY, 6), 0);

    private ToyShelf() {}

    /// @param home where its dictionary stands
    static Session open(Path home) {
        return Session.open(MODEL.toString(), Precision.FLOAT32, home, Job.silent());
    }

    /// The session's dictionary, made in the home's own folder so that no other test has a part in it.
    static AtlasShelf.Shelved dictionary(Session session, Path home) {
        Path file = home.resolve("atlas/tied.atlas");
        new BuildAtlas(session.chat(), session.shelf(), session.job()).build(Optional.of(file), 60, 0, false);
        return new AtlasShelf.Shelved(session.shelf().required(file, session.chat()), file);
    }

    /// Adapters of several kinds; one a copy, one without effect, one torn.
    static List<String> adapters(Path folder) throws IOException {
        for (String name : List.of("plain", "patterns", "excluded", "no-effect", "embedding-tied", "regex")) {
            copy(GOLDEN.resolve("adapters").resolve(name), folder.resolve(name));
        }
        copy(GOLDEN.resolve("adapters/plain"), folder.resolve("plain-again"));
        copy(GOLDEN.resolve("adapters/plain"), folder.resolve("torn"));
        Files.write(folder.resolve("torn/adapter_model.safetensors"), new byte[50]);
        return AdapterList.read(folder);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
            }
        }
    }

    /// Connects to a cluster of two workers on this machine, one core each.
    static JavaSparkContext cluster() throws IOException {
        return new JavaSparkContext(settings("local-cluster[2,1,1024]"));
    }

    static SparkConf settings(String master) throws IOException {
        Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        return new SparkConf(false)
                .setMaster(master)
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.executor.memory", "768m")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set(
                        "spark.executor.extraJavaOptions",
                        "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED -XX:+UnlockExperimentalVMOptions"
                                + " -XX:+EnableVectorSupport -XX:ActiveProcessorCount=1");
    }
}
