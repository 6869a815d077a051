package assay.base.run;

import assay.InputException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A job whose words are remembered.
public final class ToldJob {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Job job = new Job(
            Progress.to(new PrintStream(out, true, StandardCharsets.UTF_8)), Interruption.manual(), System.nanoTime());

    /// The job.
    public Job job() {
        return job;
    }

    /// The only file that could not be read, as a refusal.
    ///
    /// @throws IllegalStateException if it told of none, or of several
    public InputException damage() {
        if (damages().size() != 1) {
            throw new IllegalStateException("told: " + damages());
        }
        return new InputException(damages().getFirst());
    }

    /// What it told of files that could not be read.
    public List<String> damages() {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(": expected "))
                .toList();
    }
}
