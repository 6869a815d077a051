package assay.discover.atlas;

import assay.InputException;
import assay.measure.probe.Probe;
import assay.measure.probe.SketchMap;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/// Reads and writes atlas files: a magic number, header fields, probe, sketch map, prompts, sketches, and a
/// CRC-32C of it all.
/// Numbers are big-endian as in [java.io.DataOutput]; counts are checked before anything is allocated.
public final class AtlasFile {
    private static final long MAGIC = 0x4153_5341_595F_0001L;
    private static final int MOST_ENTRIES = 1_000_000;
    private static final int MOST_TURNS = 100_000;

    private AtlasFile() {}

    /// Writes an atlas to a stream.
    public static void write(Atlas atlas, OutputStream target) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(target, new CRC32C());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeLong(MAGIC);
        out.writeInt(atlas.header().size());
        for (Map.Entry<String, String> field : new java.util.TreeMap<>(atlas.header()).entrySet()) {
            out.writeUTF(field.getKey());
            out.writeUTF(field.getValue());
        }
        writeProbe(atlas.probe(), out);
        out.writeLong(atlas.map().seed());
        writeFloats(atlas.map().whitened(), out);
        out.writeInt(atlas.entries().size());
        for (Atlas.Entry entry : atlas.entries()) {
            out.writeUTF(entry.text());
            out.writeUTF(entry.source());
        }
        out.writeInt(atlas.sketches().columns());
        writeFloats(atlas.sketches().scales(), out);
        out.write(atlas.sketches().steps());
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    /// Reads an atlas.
    ///
    /// @param where named in errors
    /// @throws InputException if it is not an atlas, of another version, torn or altered
    public static Atlas read(InputStream source, String where) {
        CheckedInputStream checked = new CheckedInputStream(source, new CRC32C());
        try (DataInputStream in = new DataInputStream(checked)) {
            if (in.readLong() != MAGIC) {
                throw broken("an atlas of version 1", "something else", where);
            }
            Map<String, String> header = new LinkedHashMap<>();
            for (int left = count(in, 1000, where); left > 0; left--) {
                header.put(in.readUTF(), in.readUTF());
            }
            Probe probe = readProbe(in, where);
            long seed = in.readLong();
            SketchMap map = new SketchMap(readFloats(in, 100_000 * SketchMap.COLUMNS, where), seed);
            List<Atlas.Entry> entries = new ArrayList<>();
            for (int left = count(in, MOST_ENTRIES, where); left > 0; left--) {
                entries.add(new Atlas.Entry(in.readUTF(), in.readUTF()));
            }
            QuantisedRows sketches = readRows(in, entries.size(), where);
            long expected = checked.getChecksum().getValue();
            if (in.readLong() != expected) {
                throw broken("an intact file", "a wrong checksum", where);
            }
            return new Atlas(header, probe, map, entries, sketches);
        } catch (IOException torn) {
            throw new InputException(
                    "atlas: expected a whole file, found it torn (" + where + "). Build or fetch it again.", torn);
        }
    }

    private static QuantisedRows readRows(DataInputStream in, int entries, String where) throws IOException {
        int columns = count(in, SketchMap.SIZE, where);
        float[] scales = readFloats(in, MOST_ENTRIES, where);
        if (scales.length > entries || columns != SketchMap.SIZE) {
            throw broken(
                    "at most " + entries + " sketches of " + SketchMap.SIZE, scales.length + " of " + columns, where);
        }
        byte[] steps = in.readNBytes(Math.multiplyExact(columns, scales.length));
        if (steps.length != columns * scales.length) {
            throw broken("a whole file", "it torn", where);
        }
        return new QuantisedRows(columns, scales, steps);
    }

    /// A probe as bytes, for hashing.
    public static byte[] bytes(Probe probe) {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writeProbe(probe, out);
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /// A probe from what [#bytes] made of it.
    ///
    /// @param where named in errors
    /// @throws InputException if it is torn or no valid probe
    public static Probe probe(byte[] bytes, String where) {
        try (DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(bytes))) {
            return readProbe(in, where);
        } catch (IOException torn) {
            throw new InputException(
                    "probe: expected a whole file, found it torn (" + where + "). Remove it to have it made again.",
                    torn);
        }
    }

    static void writeProbe(Probe probe, DataOutputStream out) throws IOException {
        out.writeUTF(probe.name());
        out.writeInt(probe.turns().size());
        for (Probe.Turn turn : probe.turns()) {
            out.writeUTF(turn.user());
            out.writeUTF(turn.split().name());
            out.writeUTF(turn.writer());
            out.writeInt(turn.answer().length);
            for (int token : turn.answer()) {
                out.writeInt(token);
            }
        }
    }

    static Probe readProbe(DataInputStream in, String where) throws IOException {
        String name = in.readUTF();
        List<Probe.Turn> turns = new ArrayList<>();
        try {
            for (int left = count(in, MOST_TURNS, where); left > 0; left--) {
                String user = in.readUTF();
                Probe.Split split = Probe.Split.valueOf(in.readUTF());
                String writer = in.readUTF();
                int[] answer = new int[count(in, 4096, where)];
                for (int i = 0; i < answer.length; i++) {
                    answer[i] = in.readInt();
                }
                turns.add(new Probe.Turn(user, split, writer, answer));
            }
            return new Probe(name, turns);
        } catch (IllegalArgumentException nonsense) {
            throw new InputException(
                    "atlas: expected a valid probe, found " + nonsense.getMessage() + " (" + where
                            + "). Build or fetch it again.",
                    nonsense);
        }
    }

    private static void writeFloats(float[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static float[] readFloats(DataInputStream in, int most, String where) throws IOException {
        byte[] bytes = in.readNBytes(4 * count(in, most, where));
        float[] values = new float[bytes.length / 4];
        java.nio.ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return values;
    }

    private static int count(DataInputStream in, int most, String where) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw broken("a count up to " + most, Integer.toString(count), where);
        }
        return count;
    }

    private static InputException broken(String expected, String found, String where) {
        return new InputException(
                "atlas: expected " + expected + ", found " + found + " (" + where + "). Build or fetch it again.");
    }
}
