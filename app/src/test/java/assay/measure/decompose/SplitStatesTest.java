package assay.measure.decompose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/// Shuffled targets: what a null of the verdict is made of.
class SplitStatesTest {
    private static final int PLACES = 50;
    private static final int HIDDEN = 6;

    @Test
    void shufflingMovesDifferencesToOtherPlacesAndKeepsTheirMean() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates states = states();
            SplitStates shuffled = states.shuffled(3);
            float[][] before = rows(states.target().sub(states.base()));
            float[][] after = rows(shuffled.target().sub(shuffled.base()));
            for (int j = 0; j < HIDDEN; j++) {
                assertThat(mean(after, j)).isCloseTo(mean(before, j), within(1e-5));
            }
            int stayed = 0;
            List<float[]> left = new ArrayList<>(Arrays.asList(before));
            for (int place = 0; place < PLACES; place++) {
                float[] moved = after[place];
                stayed += near(moved, before[place]) ? 1 : 0;
                assertThat(left.removeIf(row -> near(row, moved))).isTrue();
            }
            assertThat(left).isEmpty();
            assertThat(stayed).isLessThan(PLACES / 5);
        }
    }

    @Test
    void theBaseStaysAndSoDoesTheTargetThatWasGiven() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates states = states();
            float[] base = Torch.toFloats(states.base());
            float[] target = Torch.toFloats(states.target());
            SplitStates shuffled = states.shuffled(3);
            assertThat(Torch.toFloats(shuffled.base())).isEqualTo(base);
            assertThat(Torch.toFloats(states.target())).isEqualTo(target);
            assertThat(Torch.toFloats(shuffled.target())).isNotEqualTo(target);
        }
    }

    @Test
    void aSeedShufflesInOneWay() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates states = states();
            float[] once = Torch.toFloats(states.shuffled(3).target());
            assertThat(Torch.toFloats(states.shuffled(3).target())).isEqualTo(once);
            assertThat(Torch.toFloats(states.shuffled(4).target())).isNotEqualTo(once);
        }
    }

    private static SplitStates states() {
        SplittableRandom random = new SplittableRandom(1);
        return new SplitStates(List.of(), List.of(), gaussian(random), gaussian(random));
    }

    private static Tensor gaussian(SplittableRandom random) {
        float[] values = new float[PLACES * HIDDEN];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Torch.floats(values, PLACES, HIDDEN);
    }

    private static float[][] rows(Tensor tensor) {
        float[] flat = Torch.toFloats(tensor);
        float[][] rows = new float[PLACES][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * HIDDEN, (i + 1) * HIDDEN));
        return rows;
    }

    private static double mean(float[][] rows, int column) {
        return Arrays.stream(rows).mapToDouble(row -> row[column]).average().orElseThrow();
    }

    private static boolean near(float[] one, float[] other) {
        for (int i = 0; i < one.length; i++) {
            if (Math.abs(one[i] - other[i]) > 1e-4) {
                return false;
            }
        }
        return true;
    }
}
