package assay.lab.peers;

import assay.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Another process that a row runs and waits for.
final class Child {
    private Child() {}

    /// What is looked at of a started process before its end, in seconds.
    interface Watch {
        double seconds(Process process) throws IOException;
    }

    /// Runs a command to its end.
    ///
    /// @param row names who asks, in a refusal
    /// @throws InputException if it ends with another code
    static double run(String row, ProcessBuilder command, int expected, Watch watch) {
        try {
            Process process = command.redirectErrorStream(true).start();
            double seconds = watch.seconds(process);
            int code = process.waitFor();
            if (code != expected) {
                throw new InputException("row " + row + ": expected exit code " + expected + ", found " + code + " ("
                        + String.join(" ", command.command()) + ").");
            }
            return seconds;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
