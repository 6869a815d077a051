package assay.base.run;

import assay.InputException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
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

    /// How refusals are worded.
    ///
    /// @param subject what the file is called
    /// @param version what it is expected to be
    /// @param again what to do with a damaged one
    /// @param owner what it belongs to, such as `run` or `command`
    /// @param advice what to do with another's
    public record Wording(String subject, String version, String again, String owner, String advice) {
        /// A checkpoint's.
        public Wording(String owner, String advice) {
            this("checkpoint", "one of this version", "What it kept begins anew.", owner, advice);
        }
    }

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

    /// Numbers behind their count, which [Input#floats] reads.
    public static void writeFloats(float[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    /// Texts by name, which [Input#texts] reads.
    public static void writeTexts(Map<String, String> texts, DataOutputStream out) throws IOException {
        out.writeInt(texts.size());
        for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
            out.writeUTF(text.getKey());
            out.writeUTF(text.getValue());
        }
    }

    /// Reads a file that must belong to `run`, which is looked at last: of a damaged file nobody knows
    /// whose it is.
    ///
    /// @param where named in errors
    /// @throws InputException if it is none, torn, or of another run
    public static <T> T read(
            InputStream source, long kind, Map<String, String> run, Wording wording, String where, Reading<T> body) {
        CheckedInputStream checked = new CheckedInputStream(source, new CRC32C());
        try (Input in = new Input(checked, wording, where)) {
            in.begin(kind);
            T state = body.from(in);
            long expected = checked.getChecksum().getValue();
            if (in.readLong() != expected) {
                throw in.refused("an intact file", "a wrong checksum");
            }
            requireSame(in.head, run, wording, where);
            return state;
        } catch (IOException torn) {
            throw refused(wording, "a whole file", "it torn", where);
        }
    }

    /// What the run depended on by name, as the file says itself; what stands behind may be damaged.
    ///
    /// @throws InputException if it does not even begin as such a file
    public static Map<String, String> head(InputStream source, long kind, Wording wording, String where) {
        try (Input in = new Input(source, wording, where)) {
            in.begin(kind);
            return in.head;
        } catch (IOException torn) {
            throw refused(wording, "a whole file", "it torn", where);
        }
    }

    /// A refusal of a file of this wording.
    public static InputException refused(Wording wording, String expected, String found, String where) {
        return Refusal.of(wording.subject(), expected, found, where, wording.again());
    }

    /// Refuses what was saved by another run.
    ///
    /// @param saved what it depended on, by name
    /// @param run what it must agree on
    /// @throws InputException naming what differs
    public static void requireSame(Map<String, String> saved, Map<String, String> run, Wording wording, String where) {
        for (Map.Entry<String, String> field : new TreeMap<>(run).entrySet()) {
            String found = saved.getOrDefault(field.getKey(), "none");
            if (!found.equals(field.getValue())) {
                String expected =
                        "one of this " + wording.owner() + " (" + field.getKey() + " " + field.getValue() + ")";
                String other = "one of another (" + field.getKey() + " " + found + ")";
                throw Refusal.of(wording.subject(), expected, other, where, wording.advice());
            }
        }
    }

    /// What is read from, with refusals that name the file.
    public static final class Input extends DataInputStream {
        private final Wording wording;
        private final String where;
        private Map<String, String> head = Map.of();

        /// Reads a part by itself.
        ///
        /// @param where named in errors
        public Input(InputStream source, Wording wording, String where) {
            super(source);
            this.wording = wording;
            this.where = where;
        }

        private void begin(long kind) throws IOException {
            if (readLong() != kind) {
                throw refused(wording.version(), "something else");
            }
            head = texts();
        }

        /// What the run depended on, by name.
        public Map<String, String> head() {
            return head;
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

        /// So many numbers, at most `most`, behind their count.
        public float[] floats(int most) throws IOException {
            byte[] bytes = bytes(4 * count(most));
            float[] values = new float[bytes.length / 4];
            ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
            return values;
        }

        /// A refusal of this file.
        public InputException refused(String expected, String found) {
            return SavedState.refused(wording, expected, found, where);
        }
    }
}
