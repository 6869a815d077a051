package assay.lab.bench;

import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.base.tensor.Dtype;
import assay.engine.hub.ModelStore;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// What every row is given.
///
/// @param model as the user wrote it
/// @param home the program's folder
/// @param folder of this row alone: inputs are written there once, and both sides read the same
/// @param small tiny inputs, to try the plumbing
public record Setting(String model, Path home, Path folder, boolean small, Job job) {
    private static final int NUMBERS_AT_ONCE = 1 << 18;

    /// Opens the model in a format.
    public Session open(Precision precision) {
        return Session.open(model, precision, home, job);
    }

    /// Opens the model in a format.
    public Session open(Dtype dtype) {
        return open(Precision.valueOf(dtype.name()));
    }

    /// Where the model lies.
    public ModelStore.Located located() {
        return ModelStore.current().locate(model, job.progress());
    }

    /// One of two sizes.
    public int size(int real, int tiny) {
        return small ? tiny : real;
    }

    /// Writes rows of numbers as raw little-endian float32, for the peer.
    public void write(String name, List<float[]> rows) {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (float[] row : rows) {
                for (int from = 0; from < row.length; from += NUMBERS_AT_ONCE) {
                    int to = Math.min(row.length, from + NUMBERS_AT_ONCE);
                    ByteBuffer bytes =
                            ByteBuffer.allocate((to - from) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                    bytes.asFloatBuffer().put(row, from, to - from);
                    out.write(bytes.array());
                }
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /// The same.
    public void write(String name, float[][] rows) {
        write(name, Arrays.asList(rows));
    }

    /// One row.
    public void write(String name, float[] numbers) {
        write(name, List.of(numbers));
    }

    /// A text.
    public void write(String name, String text) {
        AtomicFiles.write(folder.resolve(name), text);
    }
}
