package assay.cluster;

import assay.InputException;
import assay.cli.Program;
import assay.cli.options.AssayCommand;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `assay cluster`: long runs on many machines.
@Command(
        name = "assay cluster",
        description = {
            "Long runs on many machines, by Apache Spark. Figures are those of one machine, to the last digit, wherever",
            "pieces are done; a machine that is lost costs its pieces' time. See docs/cluster.md."
        },
        subcommands = {
            DoctorCommand.class,
            CensusCommand.class,
            AtlasCommand.class,
            VerdictCommand.class,
            TrialsCommand.class
        },
        versionProvider = ClusterMain.Version.class,
        footer = {
            "  assay cluster doctor --master spark://host:7077",
            "  assay cluster census path/to/adapters --master spark://host:7077 --out shelf",
            "  assay cluster atlas build --master spark://host:7077 --model owner/repo --prompts 20000",
            "  spark-submit --class assay.cluster.ClusterMain assay-cluster-0.1.0.jar census adapters.txt --out shelf"
        })
public final class ClusterMain extends AssayCommand {
    private static final Runtime.Version LEAST = Runtime.Version.parse("25.0.3");

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] arguments) {
        Program.main(new ClusterMain(), arguments);
    }

    @Override
    public Integer call() {
        throw refused("cluster: expected doctor, census, atlas, verdict or trials, found nothing.");
    }

    /// Refuses a Java on which Spark's results may be damaged in silence (SPARK-55852: its default
    /// collector before 25.0.3).
    static void requireJava() {
        javaFault(Runtime.version().toString()).ifPresent(fault -> {
            throw new InputException(fault);
        });
    }

    /// What is wrong with a Java, if anything.
    static Optional<String> javaFault(String version) {
        return Runtime.Version.parse(version).compareToIgnoreOptional(LEAST) >= 0
                ? Optional.empty()
                : Optional.of("Java: expected " + LEAST + " or newer for Spark, found " + version
                        + ". Install a newer JDK on every machine.");
    }

    /// What `--version` prints.
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return Program.version();
        }
    }
}
