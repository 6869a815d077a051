package assay.base.sparse;

import java.util.Arrays;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;

/// Squared singular values of a dictionary, descending, with the directions that belong to them.
///
/// @param directions `[direction][atom]`: weights of the atoms that make each direction, unit length before
/// scaling
public record Spectrum(double[] energies, double[][] directions) {
    /// From the Gram matrix of the atoms.
    public static Spectrum ofGram(double[][] gram) {
        EigenDecompositionSymmetric eigen =
                new EigenDecompositionSymmetric(new Array2DRowRealMatrix(gram, false), 1e-12, true);
        double[] energies = Arrays.stream(eigen.getEigenvalues())
                .map(value -> Math.max(0, value))
                .toArray();
        double[][] directions = new double[energies.length][];
        for (int i = 0; i < energies.length; i++) {
            directions[i] = eigen.getEigenvector(i).toArray();
        }
        return new Spectrum(energies, directions);
    }

    /// Share of the energy held by the first i+1 directions.
    public double[] cumulative() {
        double total = Arrays.stream(energies).sum();
        double[] shares = new double[energies.length];
        double held = 0;
        for (int i = 0; i < shares.length; i++) {
            held += energies[i];
            shares[i] = total == 0 ? 0 : held / total;
        }
        return shares;
    }

    /// How many directions the energy is spread over: e to the entropy of its shares. As many equal energies
    /// give their number.
    public double effectiveRank() {
        double total = Arrays.stream(energies).sum();
        double entropy = 0;
        for (double energy : energies) {
            if (energy > 0) {
                entropy -= energy / total * Math.log(energy / total);
            }
        }
        return total == 0 ? 0 : Math.exp(entropy);
    }

    /// The a of σᵢ ∝ i^−a: least squares on the logarithms of singular values `from` … `to` (counted from 1).
    public double exponent(int from, int to) {
        double n = 0;
        double sx = 0;
        double sy = 0;
        double sxx = 0;
        double sxy = 0;
        for (int i = from; i <= Math.min(to, energies.length) && energies[i - 1] > 0; i++) {
            double x = Math.log(i);
            double y = Math.log(energies[i - 1]) / 2;
            n++;
            sx += x;
            sy += y;
            sxx += x * x;
            sxy += x * y;
        }
        return -(n * sxy - sx * sy) / (n * sxx - sx * sx);
    }
}
