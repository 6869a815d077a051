package assay.train;

import assay.InputException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/// A training saved: what run it belongs to, what its owner wants to remember, and its whole state. Numbers
/// are big-endian as in [java.io.DataOutput]; a CRC-32C of it all stands at the end.
///
/// @param run what a resuming run must agree on, by name
/// @param notes texts kept for the owner
/// @param state where the training stands
public record Checkpoint(Map<String, String> run, Map<String, String> notes, TrainingState state) {
    private static final long MAGIC = 0x4153_5341_595F_1002L;
    private static final int MOST_TEXTS = 1_000;
    private static final int MOST_BLOCKS = 10_000;
    private static final int MOST_NUMBERS = 1 << 28;

    /// Keeps sorted copies.
    public Checkpoint {
        run = java.util.Collections.unmodifiableMap(new TreeMap<>(run));
        notes = java.util.Collections.unmodifiableMap(new TreeMap<>(notes));
    }

    /// Writes it to a stream.
    public void write(OutputStream target) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(target, new CRC32C());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeLong(MAGIC);
        writeTexts(run, out);
        writeTexts(notes, out);
        TrainingState.Counters counters = state.counters();
        out.writeInt(counters.step());
        out.writeDouble(counters.seconds());
        out.writeDouble(counters.running());
        out.writeDouble(counters.bestClosed());
        out.writeInt(counters.bestStep());
        out.writeInt(state.looks().size());
        for (TrainingState.Look look : state.looks()) {
            out.writeInt(look.step());
            out.writeDouble(look.seconds());
            out.writeDouble(look.closed());
            out.writeDouble(look.fit());
        }
        for (float[][] blocks : List.of(
                state.start(),
                state.numbers(),
                state.adam().first(),
                state.adam().second(),
                state.best())) {
            writeBlocks(blocks, out);
        }
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    /// Reads one that must belong to `run`.
    ///
    /// @param where named in errors
    /// @throws InputException if it is none, torn, or of another run
    public static Checkpoint read(InputStream source, Map<String, String> run, String where) {
        CheckedInputStream checked = new CheckedInputStream(source, new CRC32C());
        try (DataInputStream in = new DataInputStream(checked)) {
            if (in.readLong() != MAGIC) {
                throw refused("a checkpoint of this version", "something else", where);
            }
            Map<String, String> saved = readTexts(in, where);
            requireSame(saved, run, where);
            Map<String, String> notes = readTexts(in, where);
            TrainingState.Counters counters = new TrainingState.Counters(
                    in.readInt(), in.readDouble(), in.readDouble(), in.readDouble(), in.readInt());
            List<TrainingState.Look> looks = new ArrayList<>();
            for (int left = count(in, 1_000_000, where); left > 0; left--) {
                looks.add(new TrainingState.Look(in.readInt(), in.readDouble(), in.readDouble(), in.readDouble()));
            }
            float[][] start = readBlocks(in, where);
            float[][] numbers = readBlocks(in, where);
            Adam adam = new Adam(readBlocks(in, where), readBlocks(in, where), counters.step());
            float[][] best = readBlocks(in, where);
            long expected = checked.getChecksum().getValue();
            if (in.readLong() != expected) {
                throw refused("an intact file", "a wrong checksum", where);
            }
            return new Checkpoint(saved, notes, new TrainingState(start, numbers, adam, best, counters, looks));
        } catch (IOException torn) {
            throw new InputException(
                    "checkpoint: expected a whole file, found it torn (" + where + "). Remove it to begin again.",
                    torn);
        }
    }

    private static void requireSame(Map<String, String> saved, Map<String, String> run, String where) {
        for (Map.Entry<String, String> field : new TreeMap<>(run).entrySet()) {
            String found = saved.getOrDefault(field.getKey(), "none");
            if (!found.equals(field.getValue())) {
                throw new InputException("checkpoint: expected one of this run (" + field.getKey() + " "
                        + field.getValue() + "), found one of another (" + field.getKey() + " " + found + ") ("
                        + where + "). Name another --out, or give the options it was begun with.");
            }
        }
    }

    private static void writeTexts(Map<String, String> texts, DataOutputStream out) throws IOException {
        out.writeInt(texts.size());
        for (Map.Entry<String, String> text : texts.entrySet()) {
            out.writeUTF(text.getKey());
            out.writeUTF(text.getValue());
        }
    }

    private static Map<String, String> readTexts(DataInputStream in, String where) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (int left = count(in, MOST_TEXTS, where); left > 0; left--) {
            texts.put(in.readUTF(), in.readUTF());
        }
        return texts;
    }

    private static void writeBlocks(float[][] blocks, DataOutputStream out) throws IOException {
        out.writeInt(blocks.length);
        for (float[] block : blocks) {
            byte[] bytes = new byte[4 * block.length];
            java.nio.ByteBuffer.wrap(bytes).asFloatBuffer().put(block);
            out.writeInt(block.length);
            out.write(bytes);
        }
    }

    private static float[][] readBlocks(DataInputStream in, String where) throws IOException {
        float[][] blocks = new float[count(in, MOST_BLOCKS, where)][];
        for (int i = 0; i < blocks.length; i++) {
            int size = count(in, MOST_NUMBERS, where);
            byte[] bytes = in.readNBytes(4 * size);
            if (bytes.length != 4 * size) {
                throw refused("a whole file", "it torn", where);
            }
            blocks[i] = new float[size];
            java.nio.ByteBuffer.wrap(bytes).asFloatBuffer().get(blocks[i]);
        }
        return blocks;
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
