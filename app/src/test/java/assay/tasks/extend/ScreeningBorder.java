package assay.tasks.extend;

import assay.discover.atlas.QuantisedRows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// How the checkpoint of an extension is read.
public final class ScreeningBorder {
    private static final Map<String, String> RUN = Map.of("keep", "5", "seed", "0", "candidates", "100 drawn");

    private ScreeningBorder() {}

    /// A sound one.
    public static byte[] sample() throws IOException {
        Tally tally = new Tally();
        tally.countUsable();
        tally.count(Dropped.BLANK);
        List<Shortlist.Kept> kept = List.of(
                Shortlist.Kept.of(new Candidate("Sé amable.", "file", new int[] {1}), 1.5, new float[] {2, -1, 3, 4}),
                Shortlist.Kept.of(
                        new Candidate("Be brief.", "sampled", new int[] {2}), 0.5, new float[] {-2, 1, 3, 4}));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ScreeningState(
                        RUN, new Position(77, 3, new long[] {4, -5}, tally), true, kept, QuantisedRows.of(new float[] {
                            1, 2, 3, 4
                        }))
                .write(out);
        return out.toByteArray();
    }

    /// Reads one and goes on with it.
    public static void read(byte[] file) {
        ScreeningState state = ScreeningState.read(new ByteArrayInputStream(file), RUN, "x.extend");
        state.position().tally().summary();
        Shortlist list = new Shortlist(5, state.kept());
        list.offer(Shortlist.Kept.of(new Candidate("Be loud.", "file", new int[] {3}), 1, new float[] {9, 1, 1, -1}));
        state.exact().decoded();
    }
}
