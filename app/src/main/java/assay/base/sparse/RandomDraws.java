package assay.base.sparse;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// What least squares on vectors drawn by chance from a dictionary is expected to leave of a target,
/// told before any is drawn: only the dictionary's mean products and the target's with it are looked at.
///
/// K random vectors do what ridge regression on the whole dictionary does whose ridge κ leaves it K
/// degrees of freedom, and pay for being random with a variance: the deterministic equivalents of
/// random-features regression (Bach, arXiv 2303.01372; derived in docs/theory-of-the-null.md). Weights
/// are fitted on some numbers of the vectors and measured on others.
///
/// @param energies λ `[direction]`: eigenvalues of the mean product of the dictionary's vectors where
/// weights are fitted
/// @param pulls u `[direction]`: the target's coordinates there times √λ
/// @param length squared length of the target there
/// @param elsewhere `[direction][number]`: the dictionary along the same directions where lists are
/// measured
/// @param spread `[direction]`: squared lengths of these
/// @param target the target there
public record RandomDraws(
        double[] energies, double[] pulls, double length, float[][] elsewhere, double[] spread, float[] target) {
    private static final int HALVINGS = 80;

    /// Share of the largest energy below which a direction is rounding.
    private static final double SMALLEST = 1e-7;

    /// Ridges between which the best one of the whole dictionary is looked for, as shares of the mean
    /// energy.
    private static final double[] RIDGES = {1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30, 100};

    /// Shares of the target's squared length that are left.
    ///
    /// @param fitted where weights are fitted
    /// @param measured where they are measured
    public record Left(double fitted, double measured) {
        /// What would be left if weights were fitted on other amounts of the same kind: half of what
        /// parts the two is what fitting took from the one, half what it did to the other, and both
        /// shrink with the amount.
        ///
        /// @param amount how many times as much as here
        public double with(double amount) {
            double middle = (fitted + measured) / 2;
            return middle + (measured - middle) / amount;
        }
    }

    /// Directions that the dictionary has, rounding apart: so many vectors and more leave nothing where
    /// they are fitted.
    public int rank() {
        double least = SMALLEST * Arrays.stream(energies).max().orElse(0);
        return Math.toIntExact(
                Arrays.stream(energies).filter(energy -> energy > least).count());
    }

    /// What `count` random vectors are expected to leave.
    ///
    /// @param count at least 1 and below [#rank]
    public Left left(double count) {
        double ridge = ridge(count);
        double second = sum(i -> energies[i] * energies[i] / square(energies[i] + ridge));
        double weights = sum(i -> square(pulls[i] / (energies[i] + ridge))) / (count - second);
        double variance = sum(i -> square(ridge / (energies[i] + ridge)) * spread[i]);
        double reached = sum(i -> square(pulls[i]) / (energies[i] + ridge));
        return new Left(1 - reached / length, (missed(ridge) + variance * weights) / InnerProduct.of(target, target));
    }

    /// What all of the dictionary leaves where it is measured, by the best of some ridges.
    public double dense() {
        double mean = Arrays.stream(energies).average().orElse(0);
        return Arrays.stream(RIDGES).map(ridge -> missed(ridge * mean)).min().orElse(Double.NaN)
                / InnerProduct.of(target, target);
    }

    /// κ at which ridge regression on the dictionary has so many degrees of freedom: Σ λ/(λ + κ) =
    /// `count`.
    double ridge(double count) {
        double low = Math.log(SMALLEST * Arrays.stream(energies).max().orElse(1));
        double high = Math.log(Arrays.stream(energies).sum() / count);
        for (int i = 0; i < HALVINGS; i++) {
            double middle = Math.exp((low + high) / 2);
            if (sum(direction -> energies[direction] / (energies[direction] + middle)) > count) {
                low = Math.log(middle);
            } else {
                high = Math.log(middle);
            }
        }
        return Math.exp((low + high) / 2);
    }

    /// Squared length of what ridge regression on the dictionary misses where it is measured.
    private double missed(double ridge) {
        double[] rest = new double[target.length];
        Arrays.setAll(rest, number -> target[number]);
        for (int i = 0; i < energies.length; i++) {
            double weight = pulls[i] / (energies[i] + ridge);
            for (int number = 0; number < rest.length; number++) {
                rest[number] -= weight * elsewhere[i][number];
            }
        }
        return InnerProduct.of(rest, rest);
    }

    private double sum(IntToDoubleFunction term) {
        return IntStream.range(0, energies.length).mapToDouble(term).sum();
    }

    private static double square(double value) {
        return value * value;
    }
}
