package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.ResourceException;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who sees whom, and where everything sits, before any number is computed.
final class PlanTest {
    private static final int[] RAGGED = {3, 1, 2};

    private final TensorScope scope = TensorScope.withoutGradients();

    @AfterEach
    void close() {
        scope.close();
    }

    /// Rows of three cached columns of which the last one or two may be padding.
    private static KeyValueCache cache(int... real) {
        boolean[][] visible = new boolean[real.length][3];
        for (int row = 0; row < real.length; row++) {
            for (int column = 0; column < real[row]; column++) {
                visible[row][column] = true;
            }
        }
        return new KeyValueCache(List.of(), visible, real);
    }

    /// Whether the query at `column` of `row` sees each key, by the masks of all windows.
    private static List<List<Boolean>> seen(Plan plan, Positions places) {
        List<List<Boolean>> seen = new ArrayList<>();
        int keys = (plan.past() == null ? 0 : plan.past().columns()) + plan.width();
        List<Plan.Window> windows = plan.windows(places, 1);
        for (int i = 0; i < places.count(); i++) {
            int slot = Math.toIntExact(places.slots()[i] % places.widthPerRow());
            List<Boolean> row = new ArrayList<>();
            for (int key = 0; key < keys; key++) {
                row.add(sees(windows, places.rows()[i], slot, key));
            }
            seen.add(row);
        }
        return seen;
    }

    private static boolean sees(List<Plan.Window> windows, int row, int slot, int key) {
        Plan.Window window = windows.stream()
                .filter(one -> one.from() <= slot && slot < one.from() + one.count())
                .findFirst()
                .orElseThrow();
        if (key >= window.keys()) {
            return false;
        }
        Tensor mask = window.mask();
        float value = mask.select(0, mask.size(0) == 1 ? 0 : row)
                .select(0, 0)
                .select(0, slot - window.from())
                .select(0, key)
                .item_float();
        assertThat(value).isIn(0f, Float.NEGATIVE_INFINITY);
        return value == 0;
    }

    @Test
    void aTokenSeesItselfAndWhatStandsBeforeIt() {
        Plan plan = new Plan(null, RAGGED);
        Positions all = plan.all();
        List<List<Boolean>> seen = seen(plan, all);
        for (int i = 0; i < all.count(); i++) {
            for (int key = 0; key < plan.width(); key++) {
                assertThat(seen.get(i).get(key)).isEqualTo(key <= all.columns()[i]);
            }
        }
    }

    @Test
    void realCachedTokensAreSeenAndCachedPaddingIsNot() {
        int[] real = {2, 3, 1};
        Plan plan = new Plan(cache(real), RAGGED);
        Positions chosen = new Positions(new int[] {0, 0, 1, 2}, new int[] {2, 0, 0, 1});
        List<List<Boolean>> seen = seen(plan, chosen);
        for (int i = 0; i < chosen.count(); i++) {
            for (int key = 0; key < 3 + plan.width(); key++) {
                boolean visible = key < 3 ? key < real[chosen.rows()[i]] : key - 3 <= chosen.columns()[i];
                assertThat(seen.get(i).get(key)).isEqualTo(visible);
            }
        }
    }

    @Test
    void positionsGoOnWhereTheCacheEnds() {
        Plan alone = new Plan(null, RAGGED);
        assertThat(alone.positions(alone.all())).containsExactly(0, 1, 2, 0, 0, 1);
        assertThat(alone.positionsNeeded()).isEqualTo(3);
        assertThat(alone.nextPositions()).containsExactly(RAGGED);
        Plan behind = new Plan(cache(2, 3, 1), RAGGED);
        assertThat(behind.positions(behind.all())).containsExactly(2, 3, 4, 3, 1, 2);
        assertThat(behind.positionsNeeded()).isEqualTo(5);
        assertThat(behind.nextPositions()).containsExactly(5, 4, 3);
        Plan shared = new Plan(cache(2), RAGGED);
        assertThat(shared.positions(shared.all())).containsExactly(2, 3, 4, 2, 2, 3);
        assertThat(shared.nextPositions()).containsExactly(5, 3, 4);
    }

    @Test
    void theCacheItLeavesShowsOldAndNewTokensAndNoPadding() {
        boolean[][] visible = new Plan(cache(2), new int[] {2, 1}).visibleAfter();
        assertThat(visible[0]).containsExactly(true, true, false, true, true);
        assertThat(visible[1]).containsExactly(true, true, false, true, false);
        assertThat(new Plan(null, new int[] {1, 2}).visibleAfter()[0]).containsExactly(true, false);
    }

    @Test
    void chosenPlacesAreFoundAmongAllTokens() {
        Plan plan = new Plan(null, RAGGED);
        Positions chosen = new Positions(new int[] {0, 0, 1, 2}, new int[] {2, 0, 0, 1});
        assertThat(Torch.toLongs(plan.indices(chosen))).containsExactly(2, 0, 3, 5);
        assertThat(Torch.toLongs(plan.indices(plan.all()))).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,1", "3,0", "-1,0", "0,-1", "0,3"})
    void placesOutsideTheBatchAreOurBug(String place) {
        String[] parts = place.split(",", -1);
        Positions outside =
                new Positions(new int[] {Integer.parseInt(parts[0])}, new int[] {Integer.parseInt(parts[1])});
        assertThatThrownBy(() -> new Plan(null, RAGGED).indices(outside))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("positions: expected places inside the batch, found row " + parts[0]);
    }

    @Test
    void windowsFollowEachOtherAndHoldNoMoreScoresThanFit() {
        int length = 1_500;
        int heads = 8;
        List<Plan.Window> windows =
                new Plan(null, new int[] {length}).windows(Positions.all(new int[] {length}), heads);
        assertThat(windows).hasSizeGreaterThan(1);
        int next = 0;
        for (Plan.Window window : windows) {
            assertThat(window.from()).isEqualTo(next);
            next += window.count();
            // A window looks no further than its last query.
            assertThat(window.keys()).isEqualTo(next);
            assertThat((long) window.count() * heads * length).isLessThanOrEqualTo(8L << 20);
        }
        assertThat(next).isEqualTo(length);
    }

    @Test
    void masksThatWouldNotFitInMemoryAreRefusedBeforeTheyAreMade() {
        int[] lengths = IntStream.generate(() -> 30_000).limit(1).toArray();
        assertThatThrownBy(() -> new Plan(null, lengths).windows(Positions.all(lengths), 1))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("found 30000 x 30000 in 1 sequences");
    }
}
