package assay.base.run;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// Where a number came from: enough to run it again and to see what changed if it comes out differently.
///
/// @param command the command line as the user typed it
/// @param code SHA-256 of the running jar, or of the folder of classes
/// @param seeds every seed, by what it seeds
/// @param hashes SHA-256 of every input, by role: model, adapter, atlas, probe
/// @param libraries versions of what computes, by name
/// @param started when the run began
public record Provenance(
        String command,
        String version,
        String code,
        Machine machine,
        Map<String, Long> seeds,
        Map<String, String> hashes,
        Map<String, String> libraries,
        Instant started) {

    /// Copies the maps, in name order.
    public Provenance {
        seeds = java.util.Collections.unmodifiableMap(new TreeMap<>(seeds));
        hashes = java.util.Collections.unmodifiableMap(new TreeMap<>(hashes));
        libraries = java.util.Collections.unmodifiableMap(new TreeMap<>(libraries));
    }

    /// The provenance of the running program; its inputs are what the caller says they are.
    public static Provenance current(
            Map<String, Long> seeds, Map<String, String> hashes, Map<String, String> libraries) {
        return new Provenance(
                System.getProperty("assay.command", System.getProperty("sun.java.command", "unknown")),
                assayVersion(),
                codeHash(),
                Machine.current(),
                seeds,
                hashes,
                libraries,
                processStart());
    }

    /// Assay's version, as the jar's manifest has it; `development` when run from a folder of classes.
    public static String assayVersion() {
        String version = Provenance.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static Instant processStart() {
        return ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    }

    /// Hash of the program's own code; `unknown` where it does not run from one file.
    public static String codeHash() {
        CodeSource source = Provenance.class.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? "unknown"
                    : Sha256.of(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException | IllegalArgumentException _) {
            return "unknown";
        }
    }
}
