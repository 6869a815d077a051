package assay.base.sparse;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A linear pool: probabilities, not logits, mixed with weights that are not negative and add up to one. It
/// is the OR of its components, as a log pool is their AND.
///
/// The weights maximise the likelihood of the target, which is the same as minimising the mean over places
/// of KL(target ‖ Σ aᵢ·pᵢ), by expectation maximisation. The problem is concave, and the largest mean of
/// p_t·pᵢ / Σ aⱼ·pⱼ over the components, less one, bounds how far the optimum can still be.
///
/// @param weights one per component, in order
/// @param value KL(target ‖ pool), nats per place
/// @param gap at most how much lower the optimum is, nats per place
public record LinearPool(double[] weights, double value, double gap) {
    private static final int MOST_STEPS = 2_000;
    /// Bound on the distance to the optimum, in nats per place, at which the fit ends.
    private static final double CLOSE_ENOUGH = 1e-5;

    private static final int PLACES_PER_TASK = 16;

    /// Fits the weights.
    ///
    /// @param tokens numbers per place: probabilities of single tokens, or of groups of them
    /// @param target probabilities `[place token]`, rows sum to one
    /// @param components the same of every component `[component][place token]`
    /// @throws IllegalArgumentException if there is no component or an array has another size
    public static LinearPool fit(int tokens, float[] target, List<float[]> components) {
        if (components.isEmpty()
                || target.length % tokens != 0
                || components.stream().anyMatch(component -> component.length != target.length)) {
            throw new IllegalArgumentException(
                    "linear pool: expected components of " + target.length + " numbers, in places of " + tokens + ".");
        }
        Fit fit = new Fit(tokens, target, components);
        double[] weights = new double[components.size()];
        Arrays.fill(weights, 1.0 / weights.length);
        Step step = fit.at(weights);
        for (int i = 0; i < MOST_STEPS && step.gap() > CLOSE_ENOUGH; i++) {
            for (int component = 0; component < weights.length; component++) {
                weights[component] *= step.pull()[component];
            }
            step = fit.at(weights);
        }
        return new LinearPool(weights, step.value(), step.gap());
    }

    /// @param value KL, nats per place
    /// @param pull mean over places of Σ p_t·pᵢ / Σ aⱼ·pⱼ, one per component: the factor of its weight
    private record Step(double value, double[] pull) {
        double gap() {
            return Math.max(0, Arrays.stream(pull).max().orElseThrow() - 1);
        }
    }

    private record Fit(int tokens, float[] target, List<float[]> components) {
        Step at(double[] weights) {
            int places = target.length / tokens;
            int tasks = (places + PLACES_PER_TASK - 1) / PLACES_PER_TASK;
            List<Step> parts = IntStream.range(0, tasks)
                    .parallel()
                    .mapToObj(task -> part(
                            task * PLACES_PER_TASK * tokens,
                            Math.min(places, (task + 1) * PLACES_PER_TASK) * tokens,
                            weights))
                    .toList();
            double value = 0;
            double[] pull = new double[weights.length];
            for (Step part : parts) {
                value += part.value() / places;
                for (int i = 0; i < pull.length; i++) {
                    pull[i] += part.pull()[i] / places;
                }
            }
            return new Step(value, pull);
        }

        /// Sums over the numbers `from` … `to`.
        private Step part(int from, int to, double[] weights) {
            double[] mixed = new double[to - from];
            Arrays.fill(mixed, Double.MIN_NORMAL);
            for (int i = 0; i < weights.length; i++) {
                float[] component = components.get(i);
                for (int k = 0; k < mixed.length; k++) {
                    mixed[k] += weights[i] * component[from + k];
                }
            }
            double value = 0;
            for (int k = 0; k < mixed.length; k++) {
                float share = target[from + k];
                if (share > 0) {
                    value += share * (Math.log(share) - Math.log(mixed[k]));
                }
                mixed[k] = share / mixed[k];
            }
            double[] pull = new double[weights.length];
            for (int i = 0; i < weights.length; i++) {
                float[] component = components.get(i);
                for (int k = 0; k < mixed.length; k++) {
                    pull[i] += mixed[k] * component[from + k];
                }
            }
            return new Step(value, pull);
        }
    }
}
