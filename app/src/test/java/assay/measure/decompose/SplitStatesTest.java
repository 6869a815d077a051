package assay.measure.decompose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import assay.engine.model.ModelGolden;
import assay.measure.behaviour.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/// Mixtures and sums of one split, and shuffled targets: what a null of the verdict is made of.
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

    @Test
    void mixturesAreLinearInTheirWeights() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates states = states();
            SplittableRandom random = new SplittableRandom(9);
            List<Tensor> deltas = List.of(gaussian(random), gaussian(random));
            Tensor one = states.mixed(deltas, new double[] {0.4, -1.2});
            Tensor two = states.mixed(deltas, new double[] {-0.1, 0.5});
            Tensor both = states.mixed(deltas, new double[] {0.3, -0.7});
            near(both.add(states.base()), one.add(two));
            near(states.mixed(deltas, new double[] {1, 0}).sub(states.base()), deltas.getFirst());
            near(states.mixed(deltas, new double[2]), states.base());
        }
    }

    @Test
    void aMixtureOfNothingIsACopyOfTheBase() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates states = states();
            float[] before = Torch.toFloats(states.base());
            Tensor mixed = states.mixed(List.of(), new double[0]);
            assertThat(Torch.toFloats(mixed)).isEqualTo(before);
            mixed.add_(states.target());
            assertThat(Torch.toFloats(states.base())).isEqualTo(before);
        }
    }

    @Test
    void deltasOverForeignPlacesGiveAMixtureOverThose() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates states = states();
            Tensor delta = gaussian(new SplittableRandom(9)).narrow(0, 0, 20);
            Tensor mixed = states.mixed(List.of(delta), new double[] {2});
            near(mixed, states.base().narrow(0, 0, 20).add(delta).add(delta));
            assertThat(mixed.size(0)).isEqualTo(20);
        }
    }

    @Test
    void sumsPerTurnAreThoseOfThePlacesAndForeignOnesComeFirst() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates states = withContexts();
            Unembedding unembedding = unembedding();
            Tensor model = gaussian(new SplittableRandom(5));
            double[] places = states.perPlace(model, unembedding);
            assertThat(places).hasSize(PLACES);
            List<SplitStates.TurnSums> sums =
                    states.divergences(List.of(model, states.target(), states.base()), unembedding);
            assertThat(sums.get(0).foreign())
                    .containsExactly(new double[] {sum(places, 0, 10), sum(places, 10, 30)}, within(1e-4));
            assertThat(sums.get(0).own()).containsExactly(new double[] {sum(places, 30, 50)}, within(1e-4));
            assertThat(sums.get(0).total()).isCloseTo(sum(places, 0, PLACES), within(1e-4));
            assertThat(sums.get(1).total()).isCloseTo(0, within(1e-4));
            assertThat(sums.get(2).total()).isGreaterThan(1);
        }
    }

    @Test
    void aModelOfForeignPlacesHasNoOwnSums() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates states = withContexts();
            Tensor model = states.base().narrow(0, 0, 30);
            SplitStates.TurnSums sums =
                    states.divergences(List.of(model), unembedding()).getFirst();
            assertThat(sums.own()).isEmpty();
            assertThat(sums.foreign()).hasSize(2);
            assertThat(states.perPlace(model, unembedding())).hasSize(30);
            assertThat(states.divergences(List.of(), unembedding())).isEmpty();
        }
    }

    @Test
    void contextsAreTheForeignOnesThenTheOwnOnes() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates states = withContexts();
            assertThat(states.contexts()).extracting(Context::turn).containsExactly(0, 1, 2);
            assertThat(states.foreignPlaces()).isEqualTo(30);
            assertThat(SplitStates.places(states.own())).isEqualTo(20);
        }
    }

    private static SplitStates withContexts() {
        SplitStates plain = states();
        return new SplitStates(
                List.of(new Context(0, new int[10], 10), new Context(1, new int[25], 20)),
                List.of(new Context(2, new int[20], 20)),
                plain.base(),
                plain.target());
    }

    private static Unembedding unembedding() {
        return new Unembedding(gaussian(new SplittableRandom(77)));
    }

    private static double sum(double[] values, int from, int to) {
        return Arrays.stream(values, from, to).sum();
    }

    private static void near(Tensor one, Tensor other) {
        assertThat(ModelGolden.difference(one, other)).isLessThan(1e-5);
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
