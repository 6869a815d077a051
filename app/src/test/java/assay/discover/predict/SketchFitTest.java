package assay.discover.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.QRDecomposition;
import org.junit.jupiter.api.Test;

class SketchFitTest {
    private static final int SIZE = 40;

    private final List<SketchFit.Atom> atoms = atoms(60);
    private final float[] mixed = mixed();
    private final SketchFit standing = new SketchFit(mixed, atoms);

    @Test
    void aPlantedMixtureIsFoundWithItsWeights() {
        SketchFit.Lack lack = standing.lack(3);
        assertThat(lack.atoms()).extracting(SketchFit.Atom::text).containsExactly("4", "17", "30");
        assertThat(lack.weights()[0]).isCloseTo(2, within(0.02));
        assertThat(lack.weights()[1]).isCloseTo(-1, within(0.02));
        assertThat(lack.weights()[2]).isCloseTo(0.5, within(0.02));
        assertThat(lack.explained()).isGreaterThan(0.98);
    }

    @Test
    void aMixtureAndItsResidualAreTheTarget() {
        SketchFit.Lack lack = standing.lack(5);
        for (int k = 0; k < SIZE; k++) {
            double sum = lack.residual()[k];
            for (int i = 0; i < 5; i++) {
                sum += lack.weights()[i] * lack.atoms().get(i).sketch()[k];
            }
            assertThat(sum).isCloseTo(mixed[k], within(1e-6));
        }
    }

    @Test
    void nothingIsExplainedByNothing() {
        SketchFit.Lack lack = standing.lack(0);
        assertThat(lack.atoms()).isEmpty();
        assertThat(lack.weights()).isEmpty();
        assertThat(lack.explained()).isZero();
    }

    @Test
    void moreAtomsExplainMore() {
        double before = 0;
        for (int count = 1; count < 12; count++) {
            double explained = standing.lack(count).explained();
            assertThat(explained).isGreaterThan(before).isLessThan(1);
            before = explained;
        }
    }

    @Test
    void theGainOfAnAtomIsWhatTheSquaredResidualFallsBy() {
        for (int count : new int[] {0, 1, 2, 6}) {
            SketchFit.Lack lack = standing.lack(count);
            double before = left(lack.atoms());
            for (SketchFit.Atom atom : atoms(80).subList(60, 80)) {
                List<SketchFit.Atom> more = new ArrayList<>(lack.atoms());
                more.add(atom);
                double decrease = (before - left(more)) / lack.energy();
                assertThat(lack.gain(atom.sketch())).isCloseTo(decrease, within(0.002 + 0.01 * decrease));
            }
        }
    }

    @Test
    void whatTheMixtureHoldsAddsNothingMore() {
        for (SketchFit.Atom atom : standing.lack(3).atoms()) {
            assertThat(standing.lack(0).gain(atom.sketch())).isGreaterThan(0.01);
            float[] again = atom.sketch().clone();
            again[0] += 0.5f;
            assertThat(standing.lack(3).gain(again)).isLessThan(0.01);
        }
    }

    @Test
    void aCertainGuessGainsWhatItsSketchGains() {
        for (int count : new int[] {0, 3}) {
            SketchFit.Lack lack = standing.lack(count);
            List<SketchFit.Atom> guessed = atoms(80).subList(60, 80);
            float[] gains = gains(lack, guessed, 0);
            for (int i = 0; i < gains.length; i++) {
                double exact = lack.gain(guessed.get(i).sketch());
                assertThat((double) gains[i]).isCloseTo(exact, within(1e-6 + 1e-4 * exact));
            }
        }
    }

    @Test
    void anUncertainGuessGainsLess() {
        SketchFit.Lack lack = standing.lack(1);
        List<SketchFit.Atom> guessed = atoms(80).subList(60, 80);
        float[] certain = gains(lack, guessed, 0);
        float[] uncertain = gains(lack, guessed, 0.5f);
        for (int i = 0; i < certain.length; i++) {
            assertThat(uncertain[i]).isLessThan(certain[i]);
        }
    }

    @Test
    void theMostAlikeComeFirst() {
        SketchFit.Lack lack = standing.lack(0);
        assertThat(standing.alike(lack, 1)).extracting(SketchFit.Atom::text).containsExactly("4");
        assertThat(standing.alike(lack, 60).subList(40, 60))
                .extracting(SketchFit.Atom::text)
                .contains("17");
        assertThat(standing.alike(lack, 100)).hasSize(60);
    }

    @Test
    void morePromptsAreKnownBesideTheOld() {
        SketchFit.Atom whole = new SketchFit.Atom("whole", "test", mixed);
        SketchFit more = standing.with(List.of(whole));
        assertThat(more.atoms()).hasSize(61).contains(whole);
        assertThat(more.lack(1).atoms()).containsExactly(whole);
        assertThat(standing.atoms()).hasSize(60);
    }

    private static float[] gains(SketchFit.Lack lack, List<SketchFit.Atom> guessed, float variance) {
        float[] flat = new float[guessed.size() * SIZE];
        float[] variances = new float[guessed.size()];
        Arrays.fill(variances, variance);
        for (int i = 0; i < guessed.size(); i++) {
            System.arraycopy(guessed.get(i).sketch(), 0, flat, i * SIZE, SIZE);
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor sketches = Torch.floats(flat, guessed.size(), SIZE);
            return Torch.toFloats(lack.gains(new Predictor.Guess(sketches, Torch.floats(variances, guessed.size()))));
        }
    }

    /// Squared residual of exact least squares.
    private double left(List<SketchFit.Atom> mixture) {
        ArrayRealVector target = new ArrayRealVector(doubles(mixed));
        if (mixture.isEmpty()) {
            return target.dotProduct(target);
        }
        Array2DRowRealMatrix columns = new Array2DRowRealMatrix(SIZE, mixture.size());
        for (int i = 0; i < mixture.size(); i++) {
            columns.setColumn(i, doubles(mixture.get(i).sketch()));
        }
        var rest = target.subtract(
                columns.operate(new QRDecomposition(columns).getSolver().solve(target)));
        return rest.dotProduct(rest);
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    /// 2 of the fifth, −1 of the eighteenth, ½ of the thirty-first, and a little of nothing.
    private float[] mixed() {
        SplittableRandom random = new SplittableRandom(9);
        float[] sum = new float[SIZE];
        for (int k = 0; k < SIZE; k++) {
            sum[k] = (float) (2 * atoms.get(4).sketch()[k]
                    - atoms.get(17).sketch()[k]
                    + 0.5 * atoms.get(30).sketch()[k]
                    + 0.02 * random.nextGaussian());
        }
        return sum;
    }

    private static List<SketchFit.Atom> atoms(int count) {
        SplittableRandom random = new SplittableRandom(6);
        List<SketchFit.Atom> atoms = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] sketch = new float[SIZE];
            for (int k = 0; k < SIZE; k++) {
                sketch[k] = (float) random.nextGaussian();
            }
            atoms.add(new SketchFit.Atom(String.valueOf(i), "test", sketch));
        }
        return atoms;
    }
}
