package assay.base.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What the numbers and timings of a run may depend on besides its inputs.
///
/// @param java version and vendor of the Java machine
/// @param system operating system and its version
/// @param architecture as Java names it: `amd64`, `aarch64`
/// @param cpu the processor's name; empty where it cannot be asked
/// @param cpuFeatures those of its instructions that change how matrices are multiplied
/// @param threads processors Java may use
/// @param memoryBytes memory of the machine or container
public record Machine(
        String java,
        String system,
        String architecture,
        String cpu,
        List<String> cpuFeatures,
        int threads,
        long memoryBytes) {

    private static final Set<String> RELEVANT = Set.of("""
            avx avx2 fma f16c avx512f avx512bw avx512vl avx512_vnni avx512_bf16 avx512_fp16 avx_vnni amx_tile \
            amx_bf16 amx_int8 asimd asimddp asimdhp sve sve2 i8mm bf16 sme\
            """.split(" "));

    /// The machine this runs on.
    public static Machine current() {
        List<String> cpuInfo = cpuInfo(Path.of("/proc/cpuinfo"));
        return new Machine(
                System.getProperty("java.version") + ", " + System.getProperty("java.vendor"),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch", ""),
                cpuName(cpuInfo),
                features(cpuInfo),
                Runtime.getRuntime().availableProcessors(),
                memory());
    }

    static String cpuName(List<String> cpuInfo) {
        return value(cpuInfo, "model name");
    }

    static List<String> features(List<String> cpuInfo) {
        String flags = value(cpuInfo, "flags") + " " + value(cpuInfo, "Features");
        return Arrays.stream(flags.split("\\s+"))
                .filter(RELEVANT::contains)
                .sorted()
                .distinct()
                .toList();
    }

    private static String value(List<String> cpuInfo, String key) {
        return cpuInfo.stream()
                .filter(line -> line.startsWith(key) && line.indexOf(':') > 0)
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }

    /// The Linux kernel's description; empty elsewhere.
    private static List<String> cpuInfo(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
        } catch (IOException _) {
            return List.of();
        }
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }
}
