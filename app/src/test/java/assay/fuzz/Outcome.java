package assay.fuzz;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.Visible;
import java.io.IOException;
import java.util.Arrays;

/// How a reader ended with one file: it was read, refused in one line, or something is wrong with the reader.
///
/// @param refusal its line; empty if it was read
/// @param fault what is wrong; empty if nothing
record Outcome(boolean read, String refusal, String fault) {
    private static final long MOST_ALLOCATED = 512L << 20;

    /// Reads a file and looks at how that ends.
    static Outcome of(Reader.Reading reading, byte[] file) {
        com.sun.management.ThreadMXBean memory =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        Outcome outcome = caught(reading, file);
        long allocated = memory.getCurrentThreadAllocatedBytes() - before;
        return allocated <= MOST_ALLOCATED || !outcome.fault().isEmpty()
                ? outcome
                : new Outcome(
                        outcome.read(), outcome.refusal(), "allocates more than " + (MOST_ALLOCATED >> 20) + " MB");
    }

    private static Outcome caught(Reader.Reading reading, byte[] file) {
        try {
            reading.of(file);
            return new Outcome(true, "", "");
        } catch (InputException | ResourceException refusal) {
            return new Outcome(false, String.valueOf(refusal.getMessage()), fault(refusal));
        } catch (IOException | RuntimeException | Error defect) {
            return new Outcome(false, "", defect.getClass().getSimpleName() + place(defect));
        }
    }

    private static String fault(RuntimeException refusal) {
        String line = String.valueOf(refusal.getMessage());
        String wrong = "";
        String shown = Visible.line(line);
        if (shown.chars().anyMatch(Character::isISOControl)) {
            wrong = "a refusal with control characters";
        } else if (!shown.contains(": expected")
                || !shown.stripTrailing()
                        .endsWith(line.stripTrailing()
                                .substring(line.stripTrailing().length() - 1))) {
            wrong = "a refusal that is not shown whole";
        }
        return wrong.isEmpty() ? "" : wrong + place(refusal);
    }

    /// The first line of ours that it went through.
    private static String place(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("assay.")
                        && !frame.getClassName().equals("assay.base.run.Refusal"))
                .findFirst()
                .map(frame -> " at " + frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber())
                .orElse("");
    }
}
