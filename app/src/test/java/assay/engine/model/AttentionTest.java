package assay.engine.model;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.family.ModelConfig;
import assay.engine.family.Rope;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Attention against its definition, written out number by number.
final class AttentionTest {
    private static final int HIDDEN = 10;
    private static final int DIMENSION = 4;
    private static final ModelConfig.Heads GROUPED = new ModelConfig.Heads(4, 2, DIMENSION);
    private static final Rope ROPE = new Rope(100, new Rope.Scaling.None());
    private static final int[] RAGGED = {5, 1, 3};

    private final TensorScope scope = TensorScope.withoutGradients();
    private final Linear query = linear("q", 1, 4 * DIMENSION, HIDDEN);
    private final Linear key = linear("k", 2, 2 * DIMENSION, HIDDEN);
    private final Linear value = linear("v", 3, 2 * DIMENSION, HIDDEN);
    private final Linear output = linear("o", 4, HIDDEN, 4 * DIMENSION);
    private final Attention attention = new Attention(query, key, value, output, GROUPED);

    @AfterEach
    void close() {
        scope.close();
    }

    private static Linear linear(String name, long seed, long out, long in) {
        return new Linear(name, RandomTensors.random(seed, out, in), null);
    }

    private static Tensor run(Attention attention, Tensor normed, int... lengths) {
        Plan plan = new Plan(null, lengths);
        Rope.Angles angles = ROPE.angles(plan.positions(plan.all()), DIMENSION, Dtype.FLOAT32);
        PaddedBlock grid = PaddedBlock.of(lengths.length, plan.all());
        KeyValueCache.Layer layer = attention.keysAndValues(normed, angles, grid, Overlay.NONE);
        List<Plan.Window> windows = plan.windows(plan.all(), attention.heads().query());
        return attention.attend(normed, angles, grid, layer, windows, Overlay.NONE);
    }

    @Test
    void everyQueryFindsTheMeanOfItsGroupsValuesUpToItselfWeighedByLikeness() {
        Tensor normed = RandomTensors.random(9, 9, HIDDEN);
        Tensor found = run(attention, normed, RAGGED);
        int from = 0;
        for (int length : RAGGED) {
            Tensor row = normed.narrow(0, from, length);
            RandomTensors.assertSame(found.narrow(0, from, length), defined(row));
            from += length;
        }
    }

    /// One sequence, head by head and place by place.
    private Tensor defined(Tensor row) {
        int length = Math.toIntExact(row.size(0));
        int[] positions = java.util.stream.IntStream.range(0, length).toArray();
        Rope.Angles angles = ROPE.angles(positions, DIMENSION, Dtype.FLOAT32);
        float[][] q = Torch.toRows(angles.rotate(query.apply(row, Overlay.NONE), DIMENSION));
        float[][] k = Torch.toRows(angles.rotate(key.apply(row, Overlay.NONE), DIMENSION));
        float[][] v = Torch.toRows(value.apply(row, Overlay.NONE));
        float[][] joined = new float[length][4 * DIMENSION];
        for (int head = 0; head < 4; head++) {
            int shared = head / 2 * DIMENSION;
            for (int place = 0; place < length; place++) {
                double[] weights = new double[place + 1];
                double total = 0;
                for (int other = 0; other <= place; other++) {
                    double score = 0;
                    for (int i = 0; i < DIMENSION; i++) {
                        score += q[place][head * DIMENSION + i] * k[other][shared + i];
                    }
                    weights[other] = Math.exp(score / Math.sqrt(DIMENSION));
                    total += weights[other];
                }
                for (int other = 0; other <= place; other++) {
                    for (int i = 0; i < DIMENSION; i++) {
                        joined[place][head * DIMENSION + i] += (float) (weights[other] / total * v[other][shared + i]);
                    }
                }
            }
        }
        return output.apply(Torch.floats(joined), Overlay.NONE);
    }

    @Test
    void groupedHeadsAreHeadsOfTheirOwnWithTheSameKeysAndValues() {
        Attention each = new Attention(query, repeated(key), repeated(value), output, new ModelConfig.Heads(4, 4, 4));
        Tensor normed = RandomTensors.random(9, 9, HIDDEN);
        RandomTensors.assertSame(run(attention, normed, RAGGED), run(each, normed, RAGGED));
        // Heads of the other group are others.
        Attention swapped = new Attention(query, swapped(key), value, output, GROUPED);
        RandomTensors.assertDifferent(run(attention, normed, RAGGED), run(swapped, normed, RAGGED));
    }

    private static Linear repeated(Linear shared) {
        Tensor first = shared.weight().narrow(0, 0, DIMENSION);
        Tensor second = shared.weight().narrow(0, DIMENSION, DIMENSION);
        return new Linear(shared.name(), torch.cat(new TensorVector(first, first, second, second), 0), null);
    }

    private static Linear swapped(Linear shared) {
        Tensor first = shared.weight().narrow(0, 0, DIMENSION);
        Tensor second = shared.weight().narrow(0, DIMENSION, DIMENSION);
        return new Linear(shared.name(), torch.cat(new TensorVector(second, first), 0), null);
    }

    @Test
    void aSingleTokenFindsItsOwnValue() {
        Tensor normed = RandomTensors.random(9, 1, HIDDEN);
        Tensor own = repeated(value).apply(normed, Overlay.NONE);
        RandomTensors.assertSame(run(attention, normed, 1), output.apply(own, Overlay.NONE));
    }
}
