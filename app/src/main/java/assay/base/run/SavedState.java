package assay.base.run;

import assay.InputException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/// The frame of a file that keeps what a stopped run needs to go on: a number that says what kind it is,
/// what the run depended on by name, the state itself, and a CRC-32C of it all. Numbers are big-endian as
/// in [java.io.DataOutput].
public final class SavedState {
    private static final int MOST_TEXTS = 1_000;

    private SavedState() {}

    /// Writes the state between head and checksum.
    @FunctionalInterface
    public interface Body {
        /// Writes everything to `out`.
        void to(DataOutputStream out) throws IOException;
    }

    /// Reads what a [Body] wrote.
    @FunctionalInterface
    public interface Reading<T> {
        /// Reads everything from `in`.
        T from(Input in) throws IOException;
    }

    /// What a refusal calls the run, and what it advises.
    ///
    /// @param owner such as `run` or `command`
    /// @param advice its last sentence
    public record Wording(String owner, String advice) {}

    /// Writes a file.
    ///
    /// @param run what a resuming run must agree on, by name
    public static void write(OutputStream target, long kind, Map<String, String> run, Body body) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(target, new CRC32C());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeLong(kind);
        writeTexts(run, out);
        body.to(out);
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    /// Texts by name, which [Input#texts] reads.
    public static void writeTexts(Map<String, String> texts, DataOutputStream out) throws IOException {
        out.writeInt(texts.size());
        for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
            out.writeUTF(text.getKey());
            out.writeUTF(text.getValue());
        }
    }

    /// Reads a file that must belong to `run`.
    ///
    /// @param where named in errors
    /// @throws InputException if it is none, torn, or of another run
    public static <T> T read(
            InputStream source, long kind, Map<String, String> run, Wording wording, String where, Reading<T> body) {
        CheckedInputStream checked = new CheckedInputStream(source, new CRC32C());
        try (Input in = new Input(checked, where)) {
            if (in.readLong() != kind) {
                throw in.refused("one of this version", "something else");
            }
            requireSame(in.texts(), run, wording, where);
            T state = body.from(in);
            long expected = checked.getChecksum().getValue();
            if (in.readLong() != expected) {
                throw in.refused("an intact file", "a wrong checksum");
            }
            return state;
        } catch (IOException torn) {
            throw new InputException(
                    "checkpoint: expected a whole file, found it torn (" + where + "). Remove it to begin again.",
                    torn);
        }
    }

    private static void requireSame(Map<String, String> saved, Map<String, String> run, Wording wording, String where) {
        for (Map.Entry<String, String> field : new TreeMap<>(run).entrySet()) {
            String found = saved.getOrDefault(field.getKey(), "none");
            if (!found.equals(field.getValue())) {
                throw new InputException("checkpoint: expected one of this " + wording.owner() + " (" + field.getKey()
                        + " " + field.getValue() + "), found one of another (" + field.getKey() + " " + found + ") ("
                        + where + "). " + wording.advice());
            }
        }
    }

    /// What is read from, with refusals that name the file.
    public static final class Input extends DataInputStream {
        private final String where;

        private Input(InputStream source, String where) {
            super(source);
            this.where = where;
        }

        /// A count.
        ///
        /// @throws InputException if it is below 0 or above `most`
        public int count(int most) throws IOException {
            int count = readInt();
            if (count < 0 || count > most) {
                throw refused("a count up to " + most, Integer.toString(count));
            }
            return count;
        }

        /// Texts by name.
        public Map<String, String> texts() throws IOException {
            Map<String, String> texts = new TreeMap<>();
            for (int left = count(MOST_TEXTS); left > 0; left--) {
                texts.put(readUTF(), readUTF());
            }
            return texts;
        }

        /// So many bytes.
        public byte[] bytes(int count) throws IOException {
            byte[] bytes = readNBytes(count);
            if (bytes.length != count) {
                throw refused("a whole file", "it torn");
            }
            return bytes;
        }

        /// A refusal of this file.
        public InputException refused(String expected, String found) {
            return new InputException("checkpoint: expected " + expected + ", found " + found + " (" + where
                    + "). Remove it to begin again.");
        }
    }
}
