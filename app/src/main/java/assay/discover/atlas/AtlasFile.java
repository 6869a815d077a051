package assay.discover.atlas;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.run.SavedState;
import assay.measure.probe.Probe;
import assay.measure.probe.SketchMap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads and writes atlas files: header fields, probe, sketch map, prompts and sketches in the frame of a
/// [SavedState]. Counts are checked before anything is allocated.
public final class AtlasFile {
    private static final long MAGIC = 0x4153_5341_595F_0001L;
    private static final int MOST_ENTRIES = 1_000_000;
    private static final int MOST_TURNS = 100_000;
    /// Stands in the head of a file that has a reserve: how many prompts it is.
    private static final String RESERVE = "reserve";

    private static final SavedState.Wording ATLAS =
            new SavedState.Wording("atlas", "an atlas of version 1", "Build or fetch it again.", "atlas", "");
    private static final SavedState.Wording PROBE =
            new SavedState.Wording("probe", "a probe", "Remove it to have it made again.", "probe", "");

    private AtlasFile() {}

    /// Writes an atlas to a stream.
    public static void write(Atlas atlas, OutputStream target) throws IOException {
        Map<String, String> head = new TreeMap<>(atlas.header());
        if (!atlas.reserve().isEmpty()) {
            head.put(RESERVE, Integer.toString(atlas.reserve().size()));
        }
        SavedState.write(target, MAGIC, head, out -> {
            writeProbe(atlas.probe(), out);
            out.writeLong(atlas.map().seed());
            SavedState.writeFloats(atlas.map().whitened(), out);
            out.writeInt(atlas.entries().size());
            writeEntries(atlas.entries(), out);
            atlas.sketches().write(out);
            writeEntries(atlas.reserve(), out);
        });
    }

    private static void writeEntries(List<Atlas.Entry> entries, DataOutputStream out) throws IOException {
        for (Atlas.Entry entry : entries) {
            out.writeUTF(entry.text());
            out.writeUTF(entry.source());
        }
    }

    private static List<Atlas.Entry> readEntries(SavedState.Input in, int count) throws IOException {
        List<Atlas.Entry> entries = new ArrayList<>();
        for (int left = count; left > 0; left--) {
            entries.add(new Atlas.Entry(in.readUTF(), in.readUTF()));
        }
        return entries;
    }

    private static int reserved(SavedState.Input in) {
        String count = in.head().getOrDefault(RESERVE, "0");
        if (!count.matches("[0-9]{1,6}")) {
            throw in.refused("hashes and numbers in its header", count);
        }
        return Integer.parseInt(count);
    }

    /// Refuses a file that is something else than an atlas, damaged or not. None, or an empty one, will do.
    ///
    /// @throws InputException if it is
    public static void requireOne(Path file) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            byte[] first = in.readNBytes(Long.BYTES);
            if (first.length > 0
                    && !(first.length == Long.BYTES && ByteBuffer.wrap(first).getLong() == MAGIC)) {
                throw SavedState.refused(ATLAS, ATLAS.version(), "something else", file.toString());
            }
        } catch (IOException unreadable) {
            throw Refusal.unreadable("atlas", file, unreadable);
        }
    }

    /// Reads an atlas.
    ///
    /// @param where named in errors
    /// @throws InputException if it is not an atlas, of another version, torn or altered
    public static Atlas read(InputStream source, String where) {
        return SavedState.read(source, MAGIC, Map.of(), ATLAS, where, in -> {
            Probe probe = readProbe(in);
            long seed = in.readLong();
            SketchMap map = new SketchMap(in.floats(100_000 * SketchMap.COLUMNS), seed);
            List<Atlas.Entry> entries = readEntries(in, in.count(MOST_ENTRIES));
            QuantisedRows sketches = QuantisedRows.read(in, entries.size());
            if (sketches.columns() != SketchMap.SIZE) {
                throw in.refused("sketches of " + SketchMap.SIZE, "some of " + sketches.columns());
            }
            List<Atlas.Entry> reserve = readEntries(in, reserved(in));
            Map<String, String> header = new TreeMap<>(in.head());
            header.remove(RESERVE);
            Atlas atlas = new Atlas(header, probe, map, entries, sketches, reserve);
            if (!sketches.isFinite() || !QuantisedRows.allFinite(map.whitened())) {
                throw in.refused("numbers in sketches", "NaN or infinity");
            }
            String fault = fault(atlas);
            if (!fault.isEmpty()) {
                throw in.refused("hashes and numbers in its header", fault);
            }
            return atlas;
        });
    }

    /// What of the header is not what its field asks for; empty if nothing.
    private static String fault(Atlas atlas) {
        String hash = atlas.header().getOrDefault(Atlas.MODEL_SHA256, "none");
        try {
            Long.parseLong(atlas.header().getOrDefault("seed", "0"));
            boolean finite = atlas.energy().stream().allMatch(Double::isFinite);
            atlas.exponent();
            return hash.matches("[0-9a-f]{64}") ? finite ? "" : "an energy that is no number" : hash;
        } catch (NumberFormatException broken) {
            return String.valueOf(broken.getMessage());
        }
    }

    /// A probe as bytes, for hashing.
    public static byte[] bytes(Probe probe) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writeProbe(probe, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /// A probe from what [#bytes] made of it.
    ///
    /// @param where named in errors
    /// @throws InputException if it is torn or no valid probe
    public static Probe probe(byte[] bytes, String where) {
        try (SavedState.Input in = new SavedState.Input(new ByteArrayInputStream(bytes), PROBE, where)) {
            return readProbe(in);
        } catch (IOException torn) {
            throw SavedState.refused(PROBE, "a whole file", "it torn", where);
        }
    }

    private static void writeProbe(Probe probe, DataOutputStream out) throws IOException {
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

    private static Probe readProbe(SavedState.Input in) throws IOException {
        String name = in.readUTF();
        List<Probe.Turn> turns = new ArrayList<>();
        try {
            for (int left = in.count(MOST_TURNS); left > 0; left--) {
                String user = in.readUTF();
                Probe.Split split = Probe.Split.valueOf(in.readUTF());
                String writer = in.readUTF();
                int[] answer = new int[in.count(4096)];
                for (int i = 0; i < answer.length; i++) {
                    answer[i] = in.readInt();
                }
                turns.add(new Probe.Turn(user, split, writer, answer));
            }
            return new Probe(name, turns);
        } catch (IllegalArgumentException nonsense) {
            throw in.refused("a valid probe", String.valueOf(nonsense.getMessage()));
        }
    }
}
