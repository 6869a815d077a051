package assay.tasks.extend;

import assay.InputException;
import assay.discover.atlas.QuantisedRows;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/// A screening saved between two batches. Numbers are big-endian as in [java.io.DataOutput]; a CRC-32C of it all
/// stands at the end.
///
/// @param run what a resuming run must agree on, by name
/// @param position how far the stream is
/// @param finished whether the stream is at its end
/// @param kept the most novel candidates
/// @param exact sketches of the first of them, once all have been screened
public record ScreeningState(
        Map<String, String> run, Position position, boolean finished, List<Shortlist.Kept> kept, QuantisedRows exact) {
    private static final long MAGIC = 0x4153_5341_595F_2001L;
    private static final int MOST_FIELDS = 100;
    private static final int MOST_KEPT = 1_000_000;
    private static final int MOST_WRITTEN = 1 << 27;
    private static final int MOST_NUMBERS = 1 << 16;

    /// Keeps copies.
    public ScreeningState {
        run = Map.copyOf(run);
        kept = List.copyOf(kept);
    }

    /// Writes it to a stream.
    public void write(OutputStream target) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(target, new CRC32C());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeLong(MAGIC);
        out.writeInt(run.size());
        for (Map.Entry<String, String> field : new TreeMap<>(run).entrySet()) {
            out.writeUTF(field.getKey());
            out.writeUTF(field.getValue());
        }
        writePosition(out);
        out.writeBoolean(finished);
        out.writeInt(kept.size());
        for (Shortlist.Kept one : kept) {
            out.writeUTF(one.text());
            out.writeUTF(one.source());
            out.writeDouble(one.novelty());
            out.writeInt(one.steps().length);
            out.write(one.steps());
        }
        out.writeInt(exact.columns());
        out.writeInt(exact.rows());
        for (float scale : exact.scales()) {
            out.writeFloat(scale);
        }
        out.write(exact.steps());
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    private void writePosition(DataOutputStream out) throws IOException {
        out.writeLong(position.items());
        out.writeLong(position.fresh());
        out.writeInt(position.written().length);
        for (long hash : position.written()) {
            out.writeLong(hash);
        }
        out.writeLong(position.tally().usable());
        out.writeInt(Dropped.values().length);
        for (Dropped reason : Dropped.values()) {
            out.writeLong(position.tally().dropped(reason));
        }
    }

    /// Reads one that must belong to `run`.
    ///
    /// @param where named in errors
    /// @throws InputException if it is none, torn, or of another run
    public static ScreeningState read(InputStream source, Map<String, String> run, String where) {
        CheckedInputStream checked = new CheckedInputStream(source, new CRC32C());
        try (DataInputStream in = new DataInputStream(checked)) {
            if (in.readLong() != MAGIC) {
                throw refused("one of this version", "something else", where);
            }
            Map<String, String> saved = new TreeMap<>();
            for (int left = count(in, MOST_FIELDS, where); left > 0; left--) {
                saved.put(in.readUTF(), in.readUTF());
            }
            requireSame(saved, run, where);
            Position position = readPosition(in, where);
            boolean finished = in.readBoolean();
            List<Shortlist.Kept> kept = new ArrayList<>();
            for (int left = count(in, MOST_KEPT, where); left > 0; left--) {
                kept.add(new Shortlist.Kept(in.readUTF(), in.readUTF(), in.readDouble(), readBytes(in, where)));
            }
            QuantisedRows exact = readRows(in, kept.size(), where);
            long expected = checked.getChecksum().getValue();
            if (in.readLong() != expected) {
                throw refused("an intact file", "a wrong checksum", where);
            }
            return new ScreeningState(saved, position, finished, kept, exact);
        } catch (IOException torn) {
            throw new InputException(
                    "checkpoint: expected a whole file, found it torn (" + where + "). Remove it to begin again.",
                    torn);
        }
    }

    private static Position readPosition(DataInputStream in, String where) throws IOException {
        long items = in.readLong();
        long fresh = in.readLong();
        int count = count(in, MOST_WRITTEN, where);
        byte[] bytes = in.readNBytes(Math.multiplyExact(8, count));
        long[] written = new long[bytes.length / 8];
        java.nio.ByteBuffer.wrap(bytes).asLongBuffer().get(written);
        long usable = in.readLong();
        if (in.readInt() != Dropped.values().length || written.length != count) {
            throw refused("one of this version", "other counts", where);
        }
        Map<Dropped, Long> dropped = new EnumMap<>(Dropped.class);
        for (Dropped reason : Dropped.values()) {
            dropped.put(reason, in.readLong());
        }
        return new Position(items, fresh, written, new Tally(usable, dropped));
    }

    private static QuantisedRows readRows(DataInputStream in, int most, String where) throws IOException {
        int columns = count(in, MOST_NUMBERS, where);
        float[] scales = new float[count(in, most, where)];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = in.readFloat();
        }
        byte[] steps = in.readNBytes(Math.multiplyExact(columns, scales.length));
        if (steps.length != columns * scales.length) {
            throw refused("a whole file", "it torn", where);
        }
        return new QuantisedRows(columns, scales, steps);
    }

    private static byte[] readBytes(DataInputStream in, String where) throws IOException {
        int count = count(in, MOST_NUMBERS, where);
        byte[] bytes = in.readNBytes(count);
        if (bytes.length != count) {
            throw refused("a whole file", "it torn", where);
        }
        return bytes;
    }

    private static void requireSame(Map<String, String> saved, Map<String, String> run, String where) {
        for (Map.Entry<String, String> field : new TreeMap<>(run).entrySet()) {
            String found = saved.getOrDefault(field.getKey(), "none");
            if (!found.equals(field.getValue())) {
                throw new InputException("checkpoint: expected one of this command (" + field.getKey() + " "
                        + field.getValue() + "), found one of another (" + field.getKey() + " " + found + ") ("
                        + where + "). Give the options it was begun with, remove it, or name another --out.");
            }
        }
    }

    private static int count(DataInputStream in, int most, String where) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw refused("a count up to " + most, Integer.toString(count), where);
        }
        return count;
    }

    private static InputException refused(String expected, String found, String where) {
        return new InputException("checkpoint: expected " + expected + ", found " + found + " (" + where
                + "). Remove it to begin again.");
    }
}
