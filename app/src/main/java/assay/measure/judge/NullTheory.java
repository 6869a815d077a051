package assay.measure.judge;

import assay.base.sparse.InnerProduct;
import assay.base.sparse.Interval;
import assay.base.sparse.Permutation;
import assay.base.sparse.RandomDraws;
import assay.base.sparse.Spectrum;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The spectrum of a dictionary's sketches, from which it is told what random prompts will close of any
/// target before one is run: [ExpectedNull], derived in docs/theory-of-the-null.md.
///
/// Which prompts a target excludes is not asked: a handful among thousands leave the spectrum as it is.
/// Holds some 40 MB.
public final class NullTheory {
    /// Prompts of the dictionary that are looked at: what counts are its first directions, which hardly
    /// need more.
    static final int SAMPLE = 768;

    private static final int FEWEST = 8;

    /// Student's t, 97.5 %, by how many groups there are less one.
    private static final double[] STUDENT = {Double.NaN, 12.706, 4.303, 3.182};

    private final Model model;
    private final List<Part> parts;

    /// The sizes of the model that the dictionary is of.
    ///
    /// @param width D
    /// @param vocabulary V
    public record Model(int width, int vocabulary) {}

    /// The dictionary without one group of user turns.
    ///
    /// @param energies `[direction]` on the other groups
    /// @param seen `[direction][number]`: the dictionary along its directions, on the other groups
    /// @param held `[direction][number]`: the same on the group left out
    /// @param spread `[direction]`: squared lengths of these
    private record Part(double[] energies, float[][] seen, float[][] held, double[] spread) {}

    private NullTheory(Model model, List<Part> parts) {
        this.model = model;
        this.parts = parts;
    }

    /// Of a dictionary; of fewer than eight prompts nothing is told.
    ///
    /// @param rows sketches `[prompt][number]`, groups of equal length one after the other
    /// @param groups separate groups of user turns in a sketch, two to four
    /// @param seed of the prompts that are looked at
    public static NullTheory of(float[][] rows, int groups, Model model, long seed) {
        float[][] some = Arrays.stream(Permutation.of(rows.length, new SplittableRandom(seed)))
                .filter(prompt -> square(rows[prompt]) > 0)
                .limit(SAMPLE)
                .mapToObj(prompt -> rows[prompt])
                .toArray(float[][]::new);
        if (some.length < FEWEST) {
            return new NullTheory(model, List.of());
        }
        return new NullTheory(
                model,
                IntStream.range(0, groups)
                        .mapToObj(group -> part(some, group, groups))
                        .toList());
    }

    /// Of one target.
    ///
    /// @param target its sketch
    /// @param amount how many times as many contexts lists are fitted on as are in all groups but one
    /// @param sizes numbers of prompts, ascending
    public ExpectedNull of(float[] target, double amount, List<Integer> sizes) {
        if (parts.isEmpty() || !(square(target) > 0)) {
            return ExpectedNull.NONE;
        }
        Told told = new Told(
                IntStream.range(0, parts.size())
                        .mapToObj(group -> draws(parts.get(group), target, group))
                        .toList(),
                amount);
        double rank = told.mean(draws -> new Spectrum(draws.energies(), new double[0][]).effectiveRank());
        double dense = 1 - told.mean(RandomDraws::dense);
        return new ExpectedNull(
                model.width(),
                model.vocabulary(),
                rank,
                dense,
                told.needed(ExpectedNull.NEARLY * dense),
                sizes.stream()
                        .map(k -> new ExpectedNull.Expected(k, told.closed(k)))
                        .toList());
    }

    private RandomDraws draws(Part part, float[] target, int group) {
        float[] seen = without(target, group, parts.size());
        double[] pulls = new double[part.energies().length];
        for (int i = 0; i < pulls.length; i++) {
            pulls[i] = InnerProduct.of(part.seen()[i], seen);
        }
        float[] held = within(target, group, parts.size());
        return new RandomDraws(part.energies(), pulls, square(seen), part.held(), part.spread(), held);
    }

    /// @param draws one for every group that is measured
    private record Told(List<RandomDraws> draws, double amount) {
        Interval closed(int k) {
            if (draws.stream().anyMatch(one -> k >= one.rank())) {
                return Interval.NONE;
            }
            double[] shares = draws.stream()
                    .mapToDouble(one -> 1 - one.left(k).with(amount))
                    .toArray();
            double mean = Arrays.stream(shares).average().orElse(Double.NaN);
            double spread = Arrays.stream(shares)
                    .map(share -> (share - mean) * (share - mean))
                    .sum();
            int freedom = shares.length - 1;
            double half = STUDENT[freedom] * Math.sqrt(spread / freedom / shares.length);
            return new Interval(mean, mean - half, mean + half);
        }

        int needed(double share) {
            for (int k = 1; k <= ExpectedNull.MOST; k += Math.max(1, k / 10)) {
                if (closed(k).value() >= share) {
                    return k;
                }
            }
            return 0;
        }

        double mean(ToDoubleFunction<RandomDraws> figure) {
            return draws.stream().mapToDouble(figure).average().orElse(Double.NaN);
        }
    }

    /// Weights are fitted, so how much a prompt does cannot count: each has length one where they are.
    private static Part part(float[][] rows, int group, int groups) {
        float[][] fitted = new float[rows.length][];
        float[][] held = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            fitted[i] = without(rows[i], group, groups);
            held[i] = within(rows[i], group, groups);
            float length = (float) Math.sqrt(Math.max(square(fitted[i]), Float.MIN_NORMAL));
            divide(fitted[i], length);
            divide(held[i], length);
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor fit = Torch.floats(fitted);
            Scalar share = new Scalar(1.0 / rows.length);
            Scalar root = new Scalar(1 / Math.sqrt(rows.length));
            T_TensorTensor_T eigen =
                    torch.linalg_eigh(fit.matmul(fit.transpose(0, 1)).mul(share));
            Tensor directions = eigen.get1().transpose(0, 1).contiguous();
            float[] ascending = Torch.toFloats(eigen.get0());
            double[] energies = new double[ascending.length];
            Arrays.setAll(energies, i -> Math.max(0, ascending[i]));
            float[][] elsewhere =
                    Torch.toRows(directions.matmul(Torch.floats(held)).mul(root));
            double[] spread =
                    Arrays.stream(elsewhere).mapToDouble(NullTheory::square).toArray();
            return new Part(energies, Torch.toRows(directions.matmul(fit).mul(root)), elsewhere, spread);
        }
    }

    private static float[] within(float[] row, int group, int groups) {
        int size = row.length / groups;
        return Arrays.copyOfRange(row, group * size, (group + 1) * size);
    }

    private static float[] without(float[] row, int group, int groups) {
        int size = row.length / groups;
        float[] rest = new float[row.length - size];
        System.arraycopy(row, 0, rest, 0, group * size);
        System.arraycopy(row, (group + 1) * size, rest, group * size, rest.length - group * size);
        return rest;
    }

    private static double square(float[] values) {
        return InnerProduct.of(values, values);
    }

    private static void divide(float[] values, float by) {
        for (int i = 0; i < values.length; i++) {
            values[i] /= by;
        }
    }
}
