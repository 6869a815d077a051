package assay.lab.trials;

import assay.base.sparse.Correlation;
import assay.base.sparse.Quantiles;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.predict.Predictor;
import assay.discover.predict.SketchFit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// How well a predictor foresees prompts it was not made from: what they would add to mixtures, and how sure it
/// rightly is.
///
/// @param explained share of the variance of the unseen sketches that is predicted
/// @param ratio mean squared error of a number of a sketch ÷ what the predictor expects; 1 if it is right
/// @param ranks rank correlation, over prompts, of expected and real squared error
/// @param stages what is lacking before any prompt is taken, after the first, and so on
public record Foresight(double explained, double ratio, double ranks, List<Stage> stages) {
    /// Parts a stage's predictions are sorted into.
    private static final int PARTS = 10;

    /// Predictions while so many prompts explain the target.
    ///
    /// A prompt's *score* is the inner product of its sketch with what is lacking.
    ///
    /// @param atoms prompts taken, from those the predictor was made from
    /// @param taken share of a target's energy they explain, median over the targets
    /// @param score correlation of predicted and true scores
    /// @param normalised the same with every sketch at length one
    /// @param gain correlation of what a prompt is predicted to add ([SketchFit.Lack#gains]) and what it adds
    /// @param sureness of the scores
    /// @param parts the predictions by predicted score: of every target its lowest tenth, the next, and so on
    public record Stage(
            int atoms,
            double taken,
            Agreement score,
            Agreement normalised,
            Agreement gain,
            Sureness sureness,
            List<Part> parts) {}

    /// A correlation over unseen prompts, for several targets.
    ///
    /// @param median over the targets
    /// @param lowest of all targets
    public record Agreement(double median, double lowest) {
        static Agreement of(double[] values) {
            return new Agreement(
                    Quantiles.of(values, 0.5), Arrays.stream(values).min().orElse(0));
        }
    }

    /// How large errors are against the predictor's own standard deviation σ.
    ///
    /// @param inOne share of errors below σ; .68 for normal ones
    /// @param inTwo share of errors below 2σ; .95 for normal ones
    /// @param evenInOne as `inOne`, with σ as if errors were equally large in all directions of a sketch
    public record Sureness(double inOne, double inTwo, double evenInOne) {}

    /// A tenth of the predictions; scores as shares of the squared length of what is lacking.
    ///
    /// @param predicted mean predicted score
    /// @param real mean true score
    /// @param sigma root mean square of the predictor's standard deviation
    /// @param error root mean square of the errors
    /// @param inOne share of errors below σ
    /// @param inTwo share of errors below 2σ
    public record Part(double predicted, double real, double sigma, double error, double inOne, double inTwo) {}

    /// Prompts a predictor has not seen.
    ///
    /// @param readings `[prompt, width]`
    /// @param sketches run exactly `[prompt, number]`
    public record Unseen(float[][] readings, float[][] sketches) {}

    /// Compares predictions with the truth; every target is one of the unseen prompts, explained by known ones.
    ///
    /// @param known the prompts the predictor was made from
    /// @param targets which of the unseen prompts are to be explained, by index
    /// @param sizes of the mixtures whose lack is looked at
    public static Foresight of(
            Predictor predictor, List<SketchFit.Atom> known, Unseen unseen, int[] targets, int... sizes) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Predictor.Guess guess = predictor.guess(unseen.readings());
            float[][] predicted = Torch.toRows(guess.sketches());
            float[] variance = Torch.toFloats(guess.variance());
            List<SketchFit> standings = Arrays.stream(targets)
                    .mapToObj(target -> new SketchFit(unseen.sketches()[target], known))
                    .toList();
            List<Stage> stages = new ArrayList<>();
            for (int size : sizes) {
                List<Sight> sights = new ArrayList<>();
                for (int i = 0; i < targets.length; i++) {
                    SketchFit.Lack lack = standings.get(i).lack(size);
                    float[] gains = Torch.toFloats(lack.gains(guess));
                    double[] sigma = predictor.deviations(variance, lack.residual());
                    sights.add(Sight.of(lack, unseen.sketches(), predicted, gains, variance, sigma, targets[i]));
                }
                stages.add(stage(size, sights));
            }
            return whole(predicted, unseen.sketches(), variance, known, stages);
        }
    }

    /// Predictions and truth for one target, over all unseen prompts but itself.
    ///
    /// @param values see the constants
    /// @param explained share of the target's energy
    private record Sight(double[][] values, double explained) {
        static final int SCORE = 0;
        static final int REAL = 1;
        static final int NORMALISED = 2;
        static final int REAL_NORMALISED = 3;
        static final int GAIN = 4;
        static final int REAL_GAIN = 5;
        static final int SIGMA = 6;
        static final int EVEN_SIGMA = 7;

        static Sight of(
                SketchFit.Lack lack,
                float[][] real,
                float[][] predicted,
                float[] gains,
                float[] variance,
                double[] sigma,
                int target) {
            double square = dot(lack.residual(), lack.residual());
            double[][] values = new double[8][real.length - 1];
            int at = 0;
            for (int i = 0; i < real.length; i++) {
                if (i == target) {
                    continue;
                }
                values[SCORE][at] = dot(predicted[i], lack.residual()) / square;
                values[REAL][at] = dot(real[i], lack.residual()) / square;
                values[NORMALISED][at] = values[SCORE][at] / length(predicted[i]);
                values[REAL_NORMALISED][at] = values[REAL][at] / length(real[i]);
                values[GAIN][at] = gains[i];
                values[REAL_GAIN][at] = lack.gain(real[i]);
                values[SIGMA][at] = sigma[i] / square;
                values[EVEN_SIGMA][at] = Math.sqrt(variance[i] / square);
                at++;
            }
            return new Sight(values, lack.explained());
        }

        double correlation(int one, int other) {
            return Correlation.of(values[one], values[other]);
        }

        double error(int at) {
            return Math.abs(values[SCORE][at] - values[REAL][at]);
        }
    }

    private static Stage stage(int atoms, List<Sight> sights) {
        List<Part> parts = IntStream.range(0, PARTS)
                .mapToObj(number -> part(sights, number))
                .toList();
        return new Stage(
                atoms,
                Quantiles.of(sights.stream().mapToDouble(Sight::explained).toArray(), 0.5),
                agreement(sights, Sight.SCORE, Sight.REAL),
                agreement(sights, Sight.NORMALISED, Sight.REAL_NORMALISED),
                agreement(sights, Sight.GAIN, Sight.REAL_GAIN),
                new Sureness(
                        within(sights, Sight.SIGMA, 1),
                        within(sights, Sight.SIGMA, 2),
                        within(sights, Sight.EVEN_SIGMA, 1)),
                parts);
    }

    private static Agreement agreement(List<Sight> sights, int one, int other) {
        return Agreement.of(sights.stream()
                .mapToDouble(sight -> sight.correlation(one, other))
                .toArray());
    }

    private static double within(List<Sight> sights, int sigma, double times) {
        return sights.stream()
                .flatMapToInt(sight -> IntStream.range(0, sight.values()[sigma].length)
                        .map(i -> sight.error(i) <= times * sight.values()[sigma][i] ? 1 : 0))
                .average()
                .orElse(0);
    }

    private static Part part(List<Sight> sights, int number) {
        double[] sums = new double[6];
        int count = 0;
        for (Sight sight : sights) {
            double[] scores = sight.values()[Sight.SCORE];
            int[] order = IntStream.range(0, scores.length)
                    .boxed()
                    .sorted(java.util.Comparator.comparingDouble(i -> scores[i]))
                    .mapToInt(i -> i)
                    .toArray();
            for (int at = order.length * number / PARTS; at < order.length * (number + 1) / PARTS; at++, count++) {
                int i = order[at];
                double sigma = sight.values()[Sight.SIGMA][i];
                sums[0] += scores[i];
                sums[1] += sight.values()[Sight.REAL][i];
                sums[2] += sigma * sigma;
                sums[3] += sight.error(i) * sight.error(i);
                sums[4] += sight.error(i) <= sigma ? 1 : 0;
                sums[5] += sight.error(i) <= 2 * sigma ? 1 : 0;
            }
        }
        double all = Math.max(1, count);
        return new Part(
                sums[0] / all,
                sums[1] / all,
                Math.sqrt(sums[2] / all),
                Math.sqrt(sums[3] / all),
                sums[4] / all,
                sums[5] / all);
    }

    private static Foresight whole(
            float[][] predicted, float[][] real, float[] variance, List<SketchFit.Atom> known, List<Stage> stages) {
        double[] mean = new double[real[0].length];
        known.forEach(atom -> {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += atom.sketch()[k] / (double) known.size();
            }
        });
        double[] errors = new double[real.length];
        double[] expected = new double[real.length];
        double spread = 0;
        for (int i = 0; i < real.length; i++) {
            expected[i] = variance[i];
            for (int k = 0; k < mean.length; k++) {
                double error = predicted[i][k] - real[i][k];
                errors[i] += error * error / mean.length;
                spread += (real[i][k] - mean[k]) * (real[i][k] - mean[k]) / mean.length;
            }
        }
        double missed = Arrays.stream(errors).sum();
        return new Foresight(
                1 - missed / spread,
                missed / Arrays.stream(expected).sum(),
                Correlation.ofRanks(expected, errors),
                stages);
    }

    private static double length(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.max(Math.sqrt(sum), 1e-12);
    }

    private static double dot(float[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
