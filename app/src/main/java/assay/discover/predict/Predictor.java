package assay.discover.predict;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Amortised fingerprints: predicts a prompt's sketch from its reading alone, and how far off that may be.
///
/// A Gaussian process over standardised readings with a squared-exponential kernel, one for all numbers of a
/// sketch (Rasmussen & Williams, *Gaussian Processes for Machine Learning*, 2006, eq. 2.25–2.26). Its scale comes
/// from leave-one-out residuals (eq. 5.12). What is run exactly later is learnt from at once.
public final class Predictor implements AutoCloseable {
    /// Kernel value from which on two prompts count as unlike noise: variance of what no reading can tell.
    private static final double NOISE = 0.05;
    /// Most prompts learnt in a row: the cost of a prediction grows with it.
    private static final int MOST_LEARNT = 4096;

    private final double[] mean;
    private final double[] deviation;
    private final int numbers;
    private final double scale;
    private final LeaveOneOut leaveOneOut;
    private final Tensor known;
    private final Tensor inverse;
    private final Tensor offset;
    private final Tensor coefficients;
    private final boolean isFork;
    private Learnt learnt = Learnt.NOTHING;

    /// How a predictor does on prompts it was made from, each predicted from all others.
    ///
    /// @param explained share of the sketches' variance that is predicted
    /// @param within share of sketches whose squared error is below twice the predicted one
    public record LeaveOneOut(double explained, double within) {}

    /// Predictions in the caller's scope.
    ///
    /// @param sketches `[prompt number]`
    /// @param variance expected squared error of one number of the sketch `[prompt]`
    public record Guess(Tensor sketches, Tensor variance) {}

    /// What was learnt after the start: readings, and what has to be added to the first prediction.
    private record Learnt(float[][] readings, float[][] sketches, Held held) {
        static final Learnt NOTHING = new Learnt(new float[0][], new float[0][], Held.NONE);
    }

    /// @param points standardised readings `[learnt width]`
    /// @param cross kernel with the first prompts `[known learnt]`
    /// @param precision inverse of the posterior covariance `[learnt learnt]`
    /// @param coefficients `[learnt number]`
    private record Held(
            @Nullable Tensor points,
            @Nullable Tensor cross,
            @Nullable Tensor precision,
            @Nullable Tensor coefficients) {
        static final Held NONE = new Held(null, null, null, null);

        void free() {
            Stream.of(points, cross, precision, coefficients)
                    .filter(java.util.Objects::nonNull)
                    .forEach(Tensor::releaseReference);
        }
    }

    /// Learns from prompts whose sketches are known.
    ///
    /// @param readings `[prompt, width]`
    /// @param sketches `[prompt, number]`
    public Predictor(float[][] readings, float[][] sketches) {
        if (readings.length < 2 || readings.length != sketches.length) {
            throw new IllegalArgumentException("predictor: expected at least two readings with a sketch each, found "
                    + readings.length + " and " + sketches.length + ".");
        }
        mean = mean(readings);
        deviation = deviation(readings, mean);
        numbers = sketches[0].length;
        isFork = false;
        try (TensorScope _ = TensorScope.withoutGradients()) {
            known = held(standardised(readings));
            Tensor noise = torch.eye(readings.length).mul(new Scalar(NOISE));
            Tensor factor = torch.linalg_cholesky(kernel(known, known).add(noise));
            inverse = held(torch.cholesky_inverse(factor));
            Tensor all = Torch.floats(sketches);
            offset = held(all.mean(0));
            Tensor centred = all.sub(offset);
            coefficients = held(inverse.matmul(centred));
            Tensor spread = inverse.diag().reciprocal();
            Tensor errors = coefficients.mul(spread.unsqueeze(1)).square().mean(1);
            scale = errors.div(spread).mean().item_double();
            double explained =
                    1 - errors.mean().item_double() / centred.square().mean().item_double();
            double within = errors.le(spread.mul(new Scalar(2 * scale)))
                    .to(torch.ScalarType.Float)
                    .mean()
                    .item_double();
            leaveOneOut = new LeaveOneOut(explained, within);
        }
    }

    private Predictor(Predictor origin) {
        mean = origin.mean;
        deviation = origin.deviation;
        numbers = origin.numbers;
        scale = origin.scale;
        leaveOneOut = origin.leaveOneOut;
        known = origin.known;
        inverse = origin.inverse;
        offset = origin.offset;
        coefficients = origin.coefficients;
        isFork = true;
    }

    /// A predictor that begins with what this one was made from and learns by itself. Close it before this one.
    public Predictor fork() {
        return new Predictor(this);
    }

    /// How well the first prompts are predicted from each other.
    public LeaveOneOut leaveOneOut() {
        return leaveOneOut;
    }

    /// Predicts sketches; differentiable in the readings inside a scope with gradients.
    ///
    /// @param readings `[prompt width]` as they were read
    public Guess guess(Tensor readings) {
        try (TensorScope scope = new TensorScope()) {
            Tensor points = standardised(readings);
            Tensor near = kernel(points, known);
            Tensor weighted = near.matmul(inverse);
            Tensor sketches = near.matmul(coefficients).add(offset);
            Tensor variance = weighted.mul(near).sum(1).neg().add(new Scalar(1.0));
            Held more = learnt.held();
            if (more.points() != null) {
                Tensor rest = kernel(points, more.points()).sub(weighted.matmul(more.cross()));
                sketches = sketches.add(rest.matmul(more.coefficients()));
                variance = variance.sub(rest.matmul(more.precision()).mul(rest).sum(1));
            }
            Tensor bounded = variance.clamp_min(new Scalar(NOISE)).mul(new Scalar(scale));
            return new Guess(scope.keep(sketches), scope.keep(bounded));
        }
    }

    /// Predicts sketches of readings in plain arrays.
    public Guess guess(float[][] readings) {
        try (TensorScope scope = new TensorScope()) {
            Guess guess = guess(Torch.floats(readings));
            return new Guess(scope.keep(guess.sketches()), scope.keep(guess.variance()));
        }
    }

    /// How far predicted inner products with a direction may be off, one standard deviation `[prompt]`: along a
    /// direction errors are as large as they were for the first prompts, each predicted from all others.
    ///
    /// @param variance of predictions, from [Guess#variance()]
    /// @param direction `[number]`
    public double[] deviations(float[] variance, double[] direction) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor along = coefficients.matmul(row(direction).squeeze(0));
            double scaleAlong = along.square().div(inverse.diag()).mean().item_double();
            return IntStream.range(0, variance.length)
                    .mapToDouble(i -> Math.sqrt(variance[i] / scale * scaleAlong))
                    .toArray();
        }
    }

    /// Learns from prompts that have been run exactly.
    public void learn(float[][] readings, float[][] sketches) {
        if (readings.length == 0 || learnt.readings().length + readings.length > MOST_LEARNT) {
            return;
        }
        float[][] allReadings = joined(learnt.readings(), readings);
        float[][] allSketches = joined(learnt.sketches(), sketches);
        learnt.held().free();
        learnt = Learnt.NOTHING;
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor points = standardised(allReadings);
            Tensor cross = kernel(known, points);
            Tensor covariance = kernel(points, points)
                    .sub(cross.t().matmul(inverse).matmul(cross))
                    .add(torch.eye(allReadings.length).mul(new Scalar(NOISE)));
            Tensor precision = torch.cholesky_inverse(torch.linalg_cholesky(covariance));
            Tensor first = cross.t().matmul(coefficients).add(offset);
            Tensor missing = Torch.floats(allSketches).sub(first);
            learnt = new Learnt(
                    allReadings,
                    allSketches,
                    new Held(held(points), held(cross), held(precision), held(precision.matmul(missing))));
        }
    }

    private Tensor standardised(float[][] readings) {
        float[][] rows = new float[readings.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[mean.length];
            for (int j = 0; j < mean.length; j++) {
                rows[i][j] = (float) ((readings[i][j] - mean[j]) / deviation[j]);
            }
        }
        return Torch.floats(rows);
    }

    private Tensor standardised(Tensor readings) {
        return readings.sub(row(mean)).div(row(deviation));
    }

    private static Tensor row(double[] values) {
        return Torch.floats(SketchFit.floats(values), 1, values.length);
    }

    /// exp(−‖a − b‖² / 2·width) for all pairs.
    private static Tensor kernel(Tensor a, Tensor b) {
        Tensor squares = a.square().sum(1).unsqueeze(1).add(b.square().sum(1).unsqueeze(0));
        Tensor distances = squares.sub(a.matmul(b.t()).mul(new Scalar(2.0))).clamp_min(new Scalar(0.0));
        return distances.mul(new Scalar(-0.5 / a.size(1))).exp();
    }

    private static double[] mean(float[][] rows) {
        double[] mean = new double[rows[0].length];
        for (float[] row : rows) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += row[j] / (double) rows.length;
            }
        }
        return mean;
    }

    private static double[] deviation(float[][] rows, double[] mean) {
        return IntStream.range(0, mean.length)
                .mapToDouble(j -> Math.sqrt(Arrays.stream(rows)
                                .mapToDouble(row -> (row[j] - mean[j]) * (row[j] - mean[j]))
                                .average()
                                .orElseThrow()
                        + 1e-12))
                .toArray();
    }

    private static float[][] joined(float[][] first, float[][] second) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(second)).toArray(float[][]::new);
    }

    /// A tensor that outlives its scope, until [#close()].
    private static Tensor held(Tensor tensor) {
        tensor.retainReference();
        return tensor;
    }

    /// Numbers in a sketch.
    public int numbers() {
        return numbers;
    }

    @Override
    public void close() {
        learnt.held().free();
        if (!isFork) {
            Stream.of(known, inverse, offset, coefficients).forEach(Tensor::releaseReference);
        }
    }
}
