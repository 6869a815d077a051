package assay.tasks.extend;

import assay.InputException;
import assay.base.run.SavedState;
import assay.discover.atlas.QuantisedRows;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A screening saved between two batches, in the frame of a [SavedState].
///
/// @param run what a resuming run must agree on, by name
/// @param position how far the stream is
/// @param finished whether the stream is at its end
/// @param kept the most novel candidates
/// @param exact sketches of the first of them, once all have been screened
public record ScreeningState(
        Map<String, String> run, Position position, boolean finished, List<Shortlist.Kept> kept, QuantisedRows exact) {
    private static final long MAGIC = 0x4153_5341_595F_2001L;
    static final SavedState.Wording WORDING =
            new SavedState.Wording("command", "Give the options it was begun with, remove it, or name another --out.");
    private static final int MOST_KEPT = 1_000_000;
    private static final int MOST_WRITTEN = 1 << 27;
    private static final int MOST_NUMBERS = 1 << 16;

    /// Writes it to a stream.
    public void write(OutputStream target) throws IOException {
        SavedState.write(target, MAGIC, run, out -> {
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
            exact.write(out);
        });
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
        return SavedState.read(source, MAGIC, run, WORDING, where, in -> {
            Position position = readPosition(in);
            boolean finished = in.readBoolean();
            List<Shortlist.Kept> kept = new ArrayList<>();
            for (int left = in.count(MOST_KEPT); left > 0; left--) {
                kept.add(new Shortlist.Kept(
                        in.readUTF(), in.readUTF(), in.readDouble(), in.bytes(in.count(MOST_NUMBERS))));
            }
            if (kept.stream().mapToInt(one -> one.steps().length).distinct().count() > 1) {
                throw in.refused("sketches of one length", "some of several");
            }
            return new ScreeningState(in.head(), position, finished, kept, QuantisedRows.read(in, kept.size()));
        });
    }

    private static Position readPosition(SavedState.Input in) throws IOException {
        long items = in.readLong();
        long fresh = in.readLong();
        byte[] bytes = in.bytes(8 * in.count(MOST_WRITTEN));
        long[] written = new long[bytes.length / 8];
        ByteBuffer.wrap(bytes).asLongBuffer().get(written);
        long usable = in.readLong();
        if (in.readInt() != Dropped.values().length) {
            throw in.refused("one of this version", "other counts");
        }
        Map<Dropped, Long> dropped = new EnumMap<>(Dropped.class);
        for (Dropped reason : Dropped.values()) {
            dropped.put(reason, in.readLong());
        }
        return new Position(items, fresh, written, new Tally(usable, dropped));
    }
}
