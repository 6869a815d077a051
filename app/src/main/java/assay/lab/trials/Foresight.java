package assay.lab.trials;

import assay.base.sparse.Correlation;
import assay.base.sparse.InnerProduct;
import assay.base.sparse.Quantiles;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.predict.Predictor;
import assay.discover.predict.SketchFit;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
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
    /// @param explained share of a target's energy they explain, median over the targets
    /// @param score correlation of predicted and true scores
    /// @param normalised the same with every sketch at length one
    /// @param gain correlation of what a prompt is predicted to add ([SketchFit.Lack#gains]) and what it adds
    /// @param sureness of the scores
    /// @param tenths the predictions by predicted score: of every target its lowest tenth, the next, and so on
    public record Stage(
            int atoms,
            double explained,
            Agreement score,
            Agreement normalised,
            Agreement gain,
            @JsonUnwrapped Sureness sureness,
            List<Part> tenths) {}

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
    /// @param withinOneSigma share of errors below σ; .68 for normal ones
    /// @param withinTwoSigma share of errors below 2σ; .95 for normal ones
    /// @param withinOneSigmaIfEven the same with σ as if errors were equally large in all directions of a sketch
    public record Sureness(double withinOneSigma, double withinTwoSigma, double withinOneSigmaIfEven) {}

    /// A tenth of the predictions; scores as shares of the squared length of what is lacking.
    ///
    /// @param sigma root mean square of the predictor's standard deviation
    /// @param error root mean square of the errors
    /// @param withinOneSigma share of errors below σ
    /// @param withinTwoSigma share of errors below 2σ
    public record Part(
            double predicted,
            @JsonProperty("true") double real,
            double sigma,
            double error,
            double withinOneSigma,
            double withinTwoSigma) {}

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

    /// Predictions and truth of one unseen prompt for one target.
    private record Seen(
            double score,
            double real,
            double scoreAtOne,
            double realAtOne,
            double gain,
            double realGain,
            double sigma,
            double evenSigma) {
        double error() {
            return Math.abs(score - real);
        }
    }

    /// All unseen prompts but the target itself.
    ///
    /// @param explained share of the target's energy
    private record Sight(List<Seen> seen, double explained) {
        static Sight of(
                SketchFit.Lack lack,
                float[][] real,
                float[][] predicted,
                float[] gains,
                float[] variance,
                double[] sigma,
                int target) {
            double square = InnerProduct.of(lack.residual(), lack.residual());
            List<Seen> seen = new ArrayList<>();
            for (int i = 0; i < real.length; i++) {
                if (i != target) {
                    double score = InnerProduct.of(predicted[i], lack.residual()) / square;
                    double truth = InnerProduct.of(real[i], lack.residual()) / square;
                    seen.add(new Seen(
                            score,
                            truth,
                            score / length(predicted[i]),
                            truth / length(real[i]),
                            gains[i],
                            lack.gain(real[i]),
                            sigma[i] / square,
                            Math.sqrt(variance[i] / square)));
                }
            }
            return new Sight(seen, lack.explained());
        }
    }

    private static Stage stage(int atoms, List<Sight> sights) {
        List<Part> parts = IntStream.range(0, PARTS)
                .mapToObj(number -> part(sights, number))
                .toList();
        return new Stage(
                atoms,
                Quantiles.of(sights.stream().mapToDouble(Sight::explained).toArray(), 0.5),
                agreement(sights, Seen::score, Seen::real),
                agreement(sights, Seen::scoreAtOne, Seen::realAtOne),
                agreement(sights, Seen::gain, Seen::realGain),
                new Sureness(
                        within(sights, Seen::sigma, 1),
                        within(sights, Seen::sigma, 2),
                        within(sights, Seen::evenSigma, 1)),
                parts);
    }

    private static Agreement agreement(List<Sight> sights, ToDoubleFunction<Seen> one, ToDoubleFunction<Seen> other) {
        return Agreement.of(sights.stream()
                .mapToDouble(sight -> Correlation.of(
                        sight.seen().stream().mapToDouble(one).toArray(),
                        sight.seen().stream().mapToDouble(other).toArray()))
                .toArray());
    }

    private static double within(List<Sight> sights, ToDoubleFunction<Seen> sigma, double times) {
        return sights.stream()
                .flatMap(sight -> sight.seen().stream())
                .mapToInt(one -> one.error() <= times * sigma.applyAsDouble(one) ? 1 : 0)
                .average()
                .orElse(0);
    }

    private static Part part(List<Sight> sights, int number) {
        double[] sums = new double[6];
        int count = 0;
        for (Sight sight : sights) {
            List<Seen> order = sight.seen().stream()
                    .sorted(Comparator.comparingDouble(Seen::score))
                    .toList();
            for (Seen one : order.subList(order.size() * number / PARTS, order.size() * (number + 1) / PARTS)) {
                sums[0] += one.score();
                sums[1] += one.real();
                sums[2] += one.sigma() * one.sigma();
                sums[3] += one.error() * one.error();
                sums[4] += one.error() <= one.sigma() ? 1 : 0;
                sums[5] += one.error() <= 2 * one.sigma() ? 1 : 0;
                count++;
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
        return Math.max(Math.sqrt(InnerProduct.of(values, values)), 1e-12);
    }
}
