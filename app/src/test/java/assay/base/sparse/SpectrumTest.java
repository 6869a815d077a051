package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpectrumTest {
    @Test
    void aPlantedPowerLawIsRead() {
        double[][] gram = new double[50][50];
        for (int i = 0; i < 50; i++) {
            gram[i][i] = Math.pow(i + 1, -2 * 0.6);
        }
        Spectrum spectrum = Spectrum.ofGram(gram);
        assertThat(spectrum.exponent(2, 50)).isCloseTo(0.6, within(1e-6));
        assertThat(spectrum.cumulative()[49]).isCloseTo(1, within(1e-12));
    }

    @Test
    void energiesDescendAndDirectionsBelongToThem() {
        SplittableRandom random = new SplittableRandom(3);
        double[][] rows = new double[6][10];
        double[][] gram = new double[6][6];
        for (double[] row : rows) {
            for (int k = 0; k < row.length; k++) {
                row[k] = random.nextGaussian();
            }
        }
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 6; j++) {
                for (int k = 0; k < 10; k++) {
                    gram[i][j] += rows[i][k] * rows[j][k];
                }
            }
        }
        Spectrum spectrum = Spectrum.ofGram(gram);
        assertThat(spectrum.energies()).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        for (int d = 0; d < 6; d++) {
            double energy = 0;
            for (int k = 0; k < 10; k++) {
                double sum = 0;
                for (int i = 0; i < 6; i++) {
                    sum += spectrum.directions()[d][i] * rows[i][k];
                }
                energy += sum * sum;
            }
            assertThat(energy).isCloseTo(spectrum.energies()[d], within(1e-8));
        }
    }

    @Test
    void effectiveRankCountsEqualEnergiesAndForgetsEmptyOnes() {
        Spectrum flat = new Spectrum(new double[] {2, 2, 2, 2, 0, 0}, new double[6][6]);
        assertThat(flat.effectiveRank()).isCloseTo(4, within(1e-12));
        Spectrum steep = new Spectrum(new double[] {95, 4, 1}, new double[3][3]);
        assertThat(steep.effectiveRank()).isBetween(1.0, 1.5);
        assertThat(new Spectrum(new double[2], new double[2][2]).effectiveRank())
                .isZero();
    }

    @Test
    void aPowerLawIsReadBetweenItsBoundsWhateverItsHeightAndWhateverFollows() {
        double[] energies = new double[30];
        for (int i = 0; i < 20; i++) {
            energies[i] = 7 * Math.pow(i + 1, -2 * 0.4);
        }
        energies[0] = 100;
        for (int i = 20; i < 25; i++) {
            energies[i] = 1e-9;
        }
        Spectrum spectrum = new Spectrum(energies, new double[30][30]);
        assertThat(spectrum.exponent(2, 20)).isCloseTo(0.4, within(1e-9));
        assertThat(spectrum.exponent(2, 21)).isGreaterThan(0.5);
        // Energies of zero have no logarithm: the law ends before them.
        assertThat(spectrum.exponent(2, 30)).isCloseTo(spectrum.exponent(2, 25), within(1e-12));
        assertThat(spectrum.exponent(2, 90)).isCloseTo(spectrum.exponent(2, 25), within(1e-12));
    }

    @Test
    void sharesAddUpAndOfNothingAreNothing() {
        Spectrum even = new Spectrum(new double[] {1, 1, 1, 1}, new double[4][4]);
        assertThat(even.cumulative()).containsExactly(0.25, 0.5, 0.75, 1);
        assertThat(new Spectrum(new double[2], new double[2][2]).cumulative()).containsExactly(0, 0);
    }
}
