package assay.measure.decompose;

import assay.base.sparse.KlFit;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A behaviour as weighted prompts, for every K up to the number asked for.
///
/// @param steps one per K, ascending from 1; mostly each has the prompts of the one before and one more
/// @param chosen the K at which the search split stopped improving
/// @param searchBase KL of the base on the search split, nats per token
public record Decomposition(List<Step> steps, int chosen, double searchBase) {
    /// Keeps its own copy.
    public Decomposition {
        steps = List.copyOf(steps);
    }

    /// One K.
    ///
    /// @param atoms prompts in the order they were chosen
    /// @param weights one per prompt
    /// @param search KL on the search split, nats per token
    /// @param test KL on the test split, per turn
    public record Step(List<HardPrompt> atoms, double[] weights, double search, SplitStates.TurnSums test) {
        /// The prompt that entered last.
        public HardPrompt added() {
            return atoms.getLast();
        }

        /// Σ|w|.
        public double absoluteWeights() {
            return java.util.Arrays.stream(weights).map(Math::abs).sum();
        }

        /// The prompts by the size of their weights, the heaviest first.
        public List<String> heaviestFirst() {
            return weighted().stream()
                    .sorted(Comparator.comparingDouble(atom -> -Math.abs(atom.weight())))
                    .map(atom -> atom.prompt().text())
                    .toList();
        }

        /// The prompts with their weights, in the order they were chosen.
        public List<Mixture.Weighted> weighted() {
            return IntStream.range(0, weights.length)
                    .mapToObj(i -> new Mixture.Weighted(atoms.get(i), weights[i]))
                    .toList();
        }

        /// The behaviour it stands for.
        public Mixture mixture(String name) {
            return new Mixture(name, weighted());
        }
    }

    /// The step with `k` prompts.
    public Step at(int k) {
        return steps.get(k - 1);
    }

    /// The step at which the search split stopped improving.
    public Step best() {
        return at(chosen);
    }

    /// The smallest K whose KL on the search split is within `tolerance` of the KL it has closed at the best
    /// K.
    static int stop(double[] search, double base, double tolerance) {
        double lowest = java.util.Arrays.stream(search).min().orElseThrow();
        for (int i = 0; i < search.length; i++) {
            if (search[i] <= lowest + tolerance * Math.max(0, base - lowest)) {
                return i + 1;
            }
        }
        throw new IllegalStateException("stop: expected finite divergences.");
    }

    /// Prompts of a fit, in the order they were chosen.
    static List<HardPrompt> chosen(KlFit fit, List<HardPrompt> candidates) {
        List<HardPrompt> atoms = new ArrayList<>();
        for (int index : fit.support()) {
            atoms.add(candidates.get(index));
        }
        return List.copyOf(atoms);
    }
}
