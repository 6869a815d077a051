package assay.base.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.vector.Vectors;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each step against the same in libtorch, operation by operation. Widths that are no whole number of vectors come
/// before those that are.
final class FusedTest {
    private static final torch.ScalarType HALF = torch.ScalarType.BFloat16;
    private static final torch.ScalarType FULL = torch.ScalarType.Float;
    private static final double CLOSE = 2e-6;

    private final TensorScope scope = TensorScope.withoutGradients();

    @BeforeEach
    void open() {
        assertThat(Fused.applies(random(1, 1))).isTrue();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor random(long seed, long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
        }
        return Torch.floats(values, shape);
    }

    private static void assertSame(Tensor found, Tensor expected) {
        assertThat(Torch.toLongs(torch.tensor(found.sizes()))).isEqualTo(Torch.toLongs(torch.tensor(expected.sizes())));
        float[] left = Torch.toFloats(found);
        float[] right = Torch.toFloats(expected);
        double coarse = found.element_size() == 2 ? 1.0 / 128 : CLOSE;
        for (int i = 0; i < left.length; i++) {
            assertThat((double) left[i]).isCloseTo(right[i], within(CLOSE + coarse * Math.abs(right[i])));
        }
    }

    private static Tensor half(Tensor x) {
        return x.to(HALF);
    }

    private static Tensor full(Tensor x) {
        return x.to(FULL);
    }

    @Test
    void theVectorInstructionsAreThereAndRefuseGradients() {
        assertThat(Fused.applies(random(1, 1))).isTrue();
        try (TensorScope _ = TensorScope.withGradients()) {
            assertThat(Fused.applies(random(1, 1))).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 45, 64, 100})
    void rowsAreDividedByTheirRootMeanSquare(int width) {
        Tensor x = random(1, 5, width);
        Tensor weight = random(2, width);
        Tensor mean = x.mul(x).mean(new long[] {-1}, true, new ScalarTypeOptional());
        Tensor expected = x.mul(mean.add(new Scalar(1e-5)).rsqrt()).mul(weight);
        assertSame(Fused.normed(x, weight, 1e-5, FULL), expected);
        assertSame(Fused.normed(x, weight, 1e-5, HALF), half(expected));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 32, 45, 128, 131})
    void fewRowsAreMultipliedWithAllWeights(int width) {
        Tensor x = half(random(20, 3, width));
        Tensor weight = half(random(21, 70, width));
        Tensor found = Fused.product(x, weight);
        Tensor expected = torch.linear(full(x), full(weight));
        Tensor size = torch.linear(full(x).abs(), full(weight).abs());
        float[] difference = Torch.toFloats(full(found).sub(expected).abs().sub(size.mul(new Scalar(1.0 / 256))));
        for (float each : difference) {
            assertThat(each).isLessThanOrEqualTo(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 45, 64})
    void whatALayerFindsIsAddedInPlace(int width) {
        Tensor x = random(3, 4, width);
        Tensor found = half(random(4, 4, width));
        Tensor expected = x.add(full(found));
        Tensor sum = Fused.add(x, found);
        assertThat(Torch.toFloats(sum)).containsExactly(Torch.toFloats(expected));
        assertThat(Torch.toFloats(x)).containsExactly(Torch.toFloats(expected));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 45, 64})
    void gatesAreSwished(int width) {
        Tensor gate = random(5, 3, width).mul(new Scalar(8));
        Tensor up = random(6, 3, width);
        Tensor expected = torch.silu(gate).mul(up);
        assertSame(Fused.swish(gate.clone(), up), expected);
        assertSame(
                Fused.swish(half(gate), half(up)),
                half(torch.silu(full(half(gate))).mul(full(half(up)))));
    }

    @Test
    void farGatesAreShutOrOpen() {
        Tensor gate = Torch.floats(new float[] {-1e30f, -500, -100, -90, 90, 500, 1e30f}, 1, 7);
        float[] found = Torch.toFloats(Fused.swish(gate, torch.ones(1, 7)));
        assertThat(found[4]).isEqualTo(90);
        assertThat(found[5]).isEqualTo(500);
        assertThat(found[6]).isEqualTo(1e30f);
        assertThat(found[0]).isCloseTo(0, within(1e-7f));
        assertThat(found[1]).isCloseTo(0, within(1e-30f));
    }

    @Test
    void bfloat16IsRoundedAsLibtorchRoundsIt() {
        float[] values = new float[4096];
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(random.nextInt());
        }
        values[0] = Float.intBitsToFloat(0x7FFFFFFF);
        values[1] = Float.POSITIVE_INFINITY;
        values[2] = Float.intBitsToFloat(0x3F808000);
        values[3] = Float.intBitsToFloat(0x3F818000);
        values[4095] = Float.intBitsToFloat(0xFFFFFFFF);
        for (int width : new int[] {4096, 4095, 3}) {
            Tensor x = Torch.floats(values, values.length).narrow(0, 0, width).view(1, width);
            Rows to = Rows.like(x, HALF);
            float[] row = Vectors.row(width);
            Rows.of(x).read(0, row);
            to.write(0, row);
            assertThat(Torch.toFloats(to.tensor())).containsExactly(Torch.toFloats(half(x)));
        }
    }

    private static final long[] PLACES = {0, 1, 2, 3, 3, 3};
    private static final long[] CELLS = {0, 1, 2, 3};

    @ParameterizedTest
    @ValueSource(ints = {2, 16, 20, 64})
    void headsAreTurnedAndPutSideBySide(int dimension) {
        Tensor packed = random(8, 4, 3L * dimension);
        int half = dimension / 2;
        Tensor cosine = random(9, 4, 1, 1, half);
        Tensor sine = random(10, 4, 1, 1, half);
        Tensor halves = packed.view(4, 3, 2, half);
        Tensor first = halves.select(2, 0);
        Tensor second = halves.select(2, 1);
        Tensor c = cosine.squeeze(2);
        Tensor s = sine.squeeze(2);
        Tensor turned = torch.cat(
                new TensorVector(first.mul(c).sub(second.mul(s)), second.mul(c).add(first.mul(s))), 2);
        Tensor expected = turned.index_select(0, Torch.longs(PLACES, 6))
                .view(2, 3, 3, dimension)
                .transpose(1, 2)
                .mul(new Scalar(0.5));
        assertSame(Fused.turnedByHead(packed, 3, 2, PLACES, new Fused.Turn(cosine, sine), 0.5), expected);
    }

    @Test
    void whatLiesBeyondTheTurnedPairsIsOnlyMultiplied() {
        Tensor packed = random(11, 1, 10);
        Tensor angles = torch.zeros(1, 1, 1, 2);
        float[] found =
                Torch.toFloats(Fused.turnedByHead(packed, 1, 1, new long[] {0}, new Fused.Turn(angles, angles), 3));
        float[] all = Torch.toFloats(packed);
        IntStream.range(0, 10).forEach(i -> assertThat(found[i]).isEqualTo(i < 4 ? 0 : 3 * all[i]));
    }

    @Test
    void packedHeadsComeBack() {
        Tensor packed = half(random(12, 4, 15));
        Tensor block = Fused.byHead(packed, 3, 2, PLACES);
        assertThat(block.size(0)).isEqualTo(2);
        assertThat(block.size(1)).isEqualTo(3);
        assertThat(block.size(2)).isEqualTo(3);
        assertThat(Torch.toFloats(Fused.packed(block, CELLS))).containsExactly(Torch.toFloats(packed));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 16, 37})
    void sharesAreTheSoftmaxOverSeenKeys(int keys) {
        Tensor scores = random(13, 4, 6, keys).mul(new Scalar(5));
        Tensor mask = mask(2, 3, keys);
        Tensor expected =
                torch.softmax(scores.view(2, 4, 3, keys).add(mask), -1).view(4, 6, keys);
        Fused.Shares found = Fused.softmax(new Fused.Shares(Optional.empty(), scores.clone()), mask, 12);
        assertThat(found.front()).isEmpty();
        assertSame(found.own(), expected);
        Fused.Shares split = Fused.softmax(
                new Fused.Shares(
                        Optional.of(half(scores.narrow(2, 0, 1))),
                        half(scores).narrow(2, 1, keys - 1L).contiguous()),
                mask,
                12);
        Tensor rounded = torch.softmax(full(half(scores)).view(2, 4, 3, keys).add(mask), -1)
                .view(4, 6, keys);
        assertSame(split.front().orElseThrow(), half(rounded.narrow(2, 0, 1)));
        assertSame(split.own(), half(rounded.narrow(2, 1, keys - 1L)));
    }

    /// The first key is seen by all, each other by whom chance chose.
    private static Tensor mask(int batch, int columns, int keys) {
        SplittableRandom random = new SplittableRandom(14);
        float[] hidden = new float[batch * columns * keys];
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = i % keys > 0 && random.nextBoolean() ? Float.NEGATIVE_INFINITY : 0;
        }
        return Torch.floats(hidden, batch, 1, columns, keys);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 16, 37, 400})
    void oneQueryFindsWhatSoftmaxAndSumsFind(int keys) {
        for (int dimension : new int[] {3, 16, 20}) {
            Tensor queries = random(17, 4, 6, 1, dimension).mul(new Scalar(0.05));
            Tensor mask = mask(4, 1, keys);
            Tensor[] rooms = {random(18, 4, 2, keys + 9L, dimension), random(19, 4, 2, keys + 9L, dimension)};
            for (torch.ScalarType type : new torch.ScalarType[] {FULL, HALF}) {
                Tensor asking = queries.to(type);
                Tensor seen = rooms[0].to(type).narrow(2, 0, keys);
                Tensor values = rooms[1].to(type).narrow(2, 0, keys);
                Tensor shares = torch.softmax(
                        full(asking).matmul(full(each(seen)).transpose(2, 3)).add(mask), -1);
                Tensor expected = shares.matmul(full(each(values))).to(type);
                assertSame(Fused.found(asking, seen, values, mask), expected);
                assertSame(
                        Fused.found(asking, seen, values, mask.narrow(0, 0, 1)).narrow(0, 0, 1),
                        expected.narrow(0, 0, 1));
            }
        }
    }

    /// Every key-value head for the three heads that share it.
    private static Tensor each(Tensor shared) {
        return shared.repeat_interleave(3, new LongOptional(1), new LongOptional());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 31, 45, 128, 131})
    void fewRowsAreMultipliedInFullPrecisionWithWeightsOfEitherFormat(int width) {
        Tensor x = random(20, 3, width);
        Tensor weight = random(21, 70, width);
        Tensor size = torch.linear(x.abs(), weight.abs());
        for (Tensor one : new Tensor[] {weight, half(weight)}) {
            Tensor found = Fused.product(x, one);
            assertThat(found.element_size()).isEqualTo(Float.BYTES);
            assertThat(found.sub(torch.linear(x, full(one)))
                            .abs()
                            .div(size)
                            .max()
                            .item_double())
                    .isLessThan(1e-6);
        }
    }

    @Test
    void largeProductsOnSeveralCoresAreThoseOfOne() {
        Tensor x = half(random(22, 2, 640));
        Tensor weight = half(random(23, 1001, 640));
        Tensor together = Fused.product(x, weight);
        Tensor apart = torch.cat(
                new TensorVector(
                        Fused.product(x, weight.narrow(0, 0, 130)), Fused.product(x, weight.narrow(0, 130, 871))),
                1);
        assertThat(Torch.toFloats(together)).containsExactly(Torch.toFloats(apart));
    }

    @Test
    void notANumberStaysOne() {
        Tensor x = torch.ones(1, 20);
        x.select(1, 3).fill_(new Scalar(Float.NaN));
        for (Tensor found : new Tensor[] {
            Fused.normed(x, torch.ones(20), 1e-5, HALF),
            Fused.swish(x.clone(), torch.ones(1, 20)).narrow(1, 3, 1),
            Fused.softmax(new Fused.Shares(Optional.empty(), x.clone().view(1, 1, 20)), torch.zeros(1, 1, 1, 20), 1)
                    .own()
        }) {
            for (float each : Torch.toFloats(found)) {
                assertThat(each).isNaN();
            }
        }
    }

    @Test
    void whoSeesNothingFindsNothing() {
        Tensor mask = torch.zeros(1, 1, 1, 5).fill_(new Scalar(Float.NEGATIVE_INFINITY));
        assertThat(Torch.toFloats(Fused.softmax(new Fused.Shares(Optional.empty(), random(15, 1, 1, 5)), mask, 1)
                        .own()))
                .containsOnly(0f);
    }

    @Test
    void rowsWithGapsAreRead() {
        Tensor wide = random(16, 4, 30);
        Tensor x = wide.narrow(1, 5, 17);
        Tensor copy = x.contiguous();
        Tensor weight = torch.ones(17);
        assertSame(Fused.normed(x, weight, 1e-5, FULL), Fused.normed(copy, weight, 1e-5, FULL));
    }
}
