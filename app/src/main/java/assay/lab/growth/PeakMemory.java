package assay.lab.growth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the process held at most in real memory, Java's and libtorch's together, as Linux counts it.
final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path FORGET = Path.of("/proc/self/clear_refs");

    private PeakMemory() {}

    /// Lets the peak begin again at what is held now, where the system can.
    static void forget() {
        try {
            Files.writeString(FORGET, "5");
        } catch (IOException _) {
            // Then it is the peak since the start.
        }
    }

    /// Bytes; NaN where the system does not tell.
    static double bytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException _) {
            return Double.NaN;
        }
    }
}
