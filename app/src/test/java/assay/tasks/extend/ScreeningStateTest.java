package assay.tasks.extend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.discover.atlas.QuantisedRows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a checkpoint brings back, and what it refuses.
class ScreeningStateTest {
    private static final Map<String, String> RUN = Map.of("keep", "5", "seed", "0");

    @Test
    void everythingComesBack() throws IOException {
        ScreeningState state = read(bytes(), RUN);
        assertThat(state.finished()).isTrue();
        assertThat(state.position().items()).isEqualTo(77);
        assertThat(state.position().fresh()).isEqualTo(3);
        assertThat(state.position().written()).containsExactly(4, -5);
        assertThat(state.position().tally().summary()).isEqualTo("1 usable, skipped 2 blank");
        assertThat(state.kept().getFirst().text()).isEqualTo("Sé amable.");
        assertThat(state.kept().getFirst().steps()).containsExactly(127, -63);
        assertThat(state.exact().row(0))
                .containsExactly(QuantisedRows.of(new float[] {1, 2}).row(0));
    }

    @Test
    void anotherCommandsIsRefusedWithTheReason() {
        assertThatThrownBy(() -> read(bytes(), Map.of("keep", "5", "seed", "1")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "expected one of this command (seed 1), found one of another (seed 0) (x.extend)");
    }

    @Test
    void tornAndAlteredOnesAreRefused() throws IOException {
        byte[] whole = bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] torn = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(torn, RUN))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("What it kept begins anew.");
        }
        byte[] altered = whole.clone();
        altered[altered.length - 12] ^= 1;
        assertThatThrownBy(() -> read(altered, RUN)).hasMessageContaining("wrong checksum");
    }

    @Test
    void sketchesOfSeveralLengthsAreRefused() throws IOException {
        Candidate candidate = new Candidate("Be.", "file", new int[] {1});
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ScreeningState(
                        RUN,
                        new Position(0, 0, new long[0], new Tally()),
                        false,
                        List.of(
                                Shortlist.Kept.of(candidate, 1, new float[] {2, -1}),
                                Shortlist.Kept.of(candidate, 1, new float[] {2})),
                        QuantisedRows.none(2))
                .write(out);
        assertThatThrownBy(() -> read(out.toByteArray(), RUN))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected sketches of one length");
    }

    private static ScreeningState read(byte[] bytes, Map<String, String> run) {
        return ScreeningState.read(new ByteArrayInputStream(bytes), run, "x.extend");
    }

    private static byte[] bytes() throws IOException {
        Tally tally = new Tally();
        tally.countUsable();
        tally.count(Dropped.BLANK);
        tally.count(Dropped.BLANK);
        Candidate candidate = new Candidate("Sé amable.", "file", new int[] {1});
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ScreeningState(
                        RUN,
                        new Position(77, 3, new long[] {4, -5}, tally),
                        true,
                        List.of(Shortlist.Kept.of(candidate, 1.5, new float[] {2, -1})),
                        QuantisedRows.of(new float[] {1, 2}))
                .write(out);
        return out.toByteArray();
    }
}
