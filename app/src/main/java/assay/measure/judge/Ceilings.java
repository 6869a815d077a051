package assay.measure.judge;

import assay.base.sparse.KlFit;
import assay.base.sparse.KlProblem;
import assay.base.sparse.Spectrum;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.SplitStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Explanations that are not short lists of prompts, fitted and measured like one: what they score says what
/// a short list could hope for.
public final class Ceilings {
    /// Ridge of fits with many weights, as a share of the mean curvature.
    static final double DENSE_RIDGE = 1e-3;

    private final Decomposer decomposer;

    /// Ceilings of one target.
    ///
    /// @param decomposer still open, with the target's states
    public Ceilings(Decomposer decomposer) {
        this.decomposer = decomposer;
    }

    /// All these prompts together with a stronger ridge: KL per foreign test turn.
    public double[] dense(List<HardPrompt> prompts) {
        KlProblem problem = decomposer.problem(prompts);
        KlFit fit = KlFit.of(problem, all(prompts.size()), new double[prompts.size()], DENSE_RIDGE);
        return decomposer.left(prompts, fit.weights());
    }

    /// The `rank` directions that hold most of these prompts' energy in the KL's own metric: KL per foreign
    /// test turn.
    double[] rank(List<HardPrompt> prompts, int rank) {
        KlProblem problem = decomposer.problem(prompts);
        Spectrum spectrum = Spectrum.ofGram(problem.curvature(all(prompts.size()), new double[prompts.size()]));
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Tensor> fit = combined(decomposer.fitDeltas(prompts), spectrum, rank);
            List<Tensor> test = combined(decomposer.foreignTestDeltas(prompts), spectrum, rank);
            return fitted(fit, test);
        }
    }

    /// A constant hidden-state offset, the same in every context, free in the `directions` in which the
    /// target differs most from the base.
    double[] constant(int directions) {
        SplitStates fit = decomposer.fit();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor delta = fit.target().sub(fit.base());
            Tensor mean = delta.mean(new long[] {0}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
            TensorVector rows = new TensorVector(mean);
            if (directions > 1) {
                T_TensorTensorTensor_T svd =
                        torch.linalg_svd(delta.sub(mean), false, new org.bytedeco.pytorch.StringViewOptional());
                rows.push_back(svd.get2()
                        .narrow(0, 0, Math.min(directions - 1, svd.get2().size(0))));
            }
            Tensor offsets = torch.cat(rows, 0);
            long places = fit.base().size(0);
            long testPlaces = decomposer.test().foreignPlaces();
            List<Tensor> onFit = new ArrayList<>();
            List<Tensor> onTest = new ArrayList<>();
            for (long i = 0; i < offsets.size(0); i++) {
                Tensor offset = offsets.narrow(0, i, 1);
                onFit.add(offset.expand(places, -1));
                onTest.add(offset.expand(testPlaces, -1));
            }
            return fitted(onFit, onTest);
        }
    }

    private double[] fitted(List<Tensor> onFit, List<Tensor> onTest) {
        KlProblem problem = decomposer.problemOf(onFit);
        KlFit fit = KlFit.of(problem, all(onFit.size()), new double[onFit.size()], decomposer.ridge());
        return decomposer.leftBy(onTest, fit.weights());
    }

    private static List<Tensor> combined(List<Tensor> deltas, Spectrum spectrum, int rank) {
        List<Tensor> combined = new ArrayList<>();
        for (int i = 0; i < Math.min(rank, spectrum.directions().length) && spectrum.energies()[i] > 0; i++) {
            Tensor sum = torch.zeros_like(deltas.getFirst());
            double scale = 1 / Math.sqrt(spectrum.energies()[i]);
            for (int atom = 0; atom < deltas.size(); atom++) {
                sum.add_(deltas.get(atom), new Scalar(spectrum.directions()[i][atom] * scale));
            }
            combined.add(sum);
        }
        return combined;
    }

    private static int[] all(int count) {
        return IntStream.range(0, count).toArray();
    }

    /// Share of the target's squared Fisher norm that dense ridge over the whole atlas explains on user
    /// turns it was not fitted on.
    ///
    /// The ridge is chosen on one group of turns and the share measured on another.
    ///
    /// @param rows sketches of the atlas `[prompt][number]`, groups of equal length one after the other
    /// @param target sketch of the target
    /// @param groups number of groups
    static double denseShare(float[][] rows, float[] target, int groups) {
        int size = target.length / groups;
        double ridge = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (double candidate : new double[] {1e-3, 1e-2, 1e-1, 1}) {
            double share = share(rows, target, size * (groups - 2), size, candidate);
            if (share > best) {
                best = share;
                ridge = candidate;
            }
        }
        return share(rows, target, size * (groups - 1), size, ridge);
    }

    /// Fits on the first `from` numbers and measures on the `size` numbers that follow them.
    private static double share(float[][] rows, float[] target, int from, int size, double ridge) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor fit = block(rows, 0, from);
            Tensor kernel = fit.transpose(0, 1).matmul(fit);
            double scale = kernel.diag().mean().item_double();
            Tensor system = kernel.add(torch.eye(from).mul(new Scalar(ridge * scale)));
            Tensor right = Torch.floats(Arrays.copyOf(target, from), from, 1);
            Tensor weights = fit.matmul(torch.cholesky_solve(right, torch.linalg_cholesky(system)));
            Tensor predicted = block(rows, from, size).transpose(0, 1).matmul(weights);
            Tensor held = Torch.floats(Arrays.copyOfRange(target, from, from + size), size, 1);
            double left = held.sub(predicted).pow(new Scalar(2)).sum().item_double();
            return 1 - left / held.pow(new Scalar(2)).sum().item_double();
        }
    }

    private static Tensor block(float[][] rows, int from, int size) {
        float[] values = new float[rows.length * size];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], from, values, i * size, size);
        }
        return Torch.floats(values, rows.length, size);
    }
}
