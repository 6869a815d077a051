package assay.train;

import assay.InputException;
import assay.base.run.SavedState;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A training saved: what run it belongs to, what its owner wants to remember, and its whole state, in
/// the frame of a [SavedState].
///
/// @param run what a resuming run must agree on, by name
/// @param notes texts kept for the owner
/// @param state where the training stands
public record Checkpoint(Map<String, String> run, Map<String, String> notes, TrainingState state) {
    private static final long MAGIC = 0x4153_5341_595F_1002L;
    /// How it is refused.
    public static final SavedState.Wording WORDING =
            new SavedState.Wording("run", "Name another --out, or give the options it was begun with.");
    private static final int MOST_BLOCKS = 10_000;
    private static final int MOST_NUMBERS = 1 << 28;

    /// Keeps sorted copies.
    public Checkpoint {
        run = Collections.unmodifiableMap(new TreeMap<>(run));
        notes = Collections.unmodifiableMap(new TreeMap<>(notes));
    }

    /// Writes it to a stream.
    public void write(OutputStream target) throws IOException {
        SavedState.write(target, MAGIC, run, out -> {
            SavedState.writeTexts(notes, out);
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
        });
    }

    /// Reads one that must belong to `run`.
    ///
    /// @param where named in errors
    /// @throws InputException if it is none, torn, or of another run
    public static Checkpoint read(InputStream source, Map<String, String> run, String where) {
        return SavedState.read(source, MAGIC, run, WORDING, where, in -> {
            Map<String, String> notes = in.texts();
            TrainingState.Counters counters = new TrainingState.Counters(
                    in.readInt(), in.readDouble(), in.readDouble(), in.readDouble(), in.readInt());
            List<TrainingState.Look> looks = new ArrayList<>();
            for (int left = in.count(1_000_000); left > 0; left--) {
                looks.add(new TrainingState.Look(in.readInt(), in.readDouble(), in.readDouble(), in.readDouble()));
            }
            float[][] start = readBlocks(in);
            float[][] numbers = readBlocks(in);
            Adam adam = new Adam(readBlocks(in), readBlocks(in));
            float[][] best = readBlocks(in);
            boolean areAlike = Stream.of(numbers, adam.first(), adam.second(), best)
                    .allMatch(blocks -> Arrays.equals(sizes(blocks), sizes(start)));
            if (!areAlike || counters.step() < 0) {
                throw in.refused("a state of one training", "parts of several");
            }
            return new Checkpoint(in.head(), notes, new TrainingState(start, numbers, adam, best, counters, looks));
        });
    }

    private static int[] sizes(float[][] blocks) {
        return Arrays.stream(blocks).mapToInt(block -> block.length).toArray();
    }

    private static void writeBlocks(float[][] blocks, DataOutputStream out) throws IOException {
        out.writeInt(blocks.length);
        for (float[] block : blocks) {
            byte[] bytes = new byte[4 * block.length];
            ByteBuffer.wrap(bytes).asFloatBuffer().put(block);
            out.writeInt(block.length);
            out.write(bytes);
        }
    }

    private static float[][] readBlocks(SavedState.Input in) throws IOException {
        float[][] blocks = new float[in.count(MOST_BLOCKS)][];
        for (int i = 0; i < blocks.length; i++) {
            byte[] bytes = in.bytes(4 * in.count(MOST_NUMBERS));
            blocks[i] = new float[bytes.length / 4];
            ByteBuffer.wrap(bytes).asFloatBuffer().get(blocks[i]);
        }
        return blocks;
    }
}
