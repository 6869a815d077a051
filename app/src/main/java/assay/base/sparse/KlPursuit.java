package assay.base.sparse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Greedy selection by the KL gradient: the next atom is the one that promises the largest fall of f once
/// all weights are fitted again.
///
/// For a candidate c at a fitted mixture with support S the promise is `g_c² / 2(H_cc − H_cS·H_SS⁻¹·H_Sc)`,
/// the decrease of the quadratic model in all weights (orthogonal matching pursuit in the KL's own metric).
/// The most promising few are fitted for real.
///
/// @param problem atoms to choose from and the target
/// @param ridge as in [KlFit#of]
/// @param tried how many of the most promising candidates are fitted at every step
public record KlPursuit(KlProblem problem, double ridge, int tried) {
    /// Steps taken forward beyond the number asked for, before the way back.
    private static final int LOOKAHEAD = 5;

    /// Fits with 1, 2, … `atoms` atoms: forward one by one, a few steps further than asked, then back by
    /// leaving out the atom that matters least; for every number the better fit of the two ways stands. The
    /// way back undoes early choices that later ones made needless, such as a prompt that stood for two
    /// others at once.
    ///
    /// @param listener hears of every step forward
    public List<KlFit> path(int atoms, Consumer<KlFit> listener) {
        int most = Math.min(atoms, problem.atoms().size());
        List<KlFit> path = new ArrayList<>();
        KlFit current = new KlFit(new int[0], new double[0], problem.value(new int[0], new double[0]));
        while (current.support().length
                < Math.min(most + LOOKAHEAD, problem.atoms().size())) {
            current = extended(current);
            if (path.size() < most) {
                path.add(current);
                listener.accept(current);
            }
        }
        while (current.support().length > 1) {
            current = withoutLeast(current);
            int count = current.support().length;
            if (count <= most && current.value() < path.get(count - 1).value()) {
                path.set(count - 1, current);
            }
        }
        return path;
    }

    /// Leaves out the atom whose removal costs least and fits the others again.
    private KlFit withoutLeast(KlFit current) {
        double[] costs = removals(current);
        int least = 0;
        for (int i = 1; i < costs.length; i++) {
            least = costs[i] < costs[least] ? i : least;
        }
        return without(current, least);
    }

    /// What leaving out each atom costs by the quadratic model, `w² / 2(H⁻¹)ᵢᵢ`, nats per place.
    double[] removals(KlFit current) {
        double[][] hessian = problem.local(current.support(), current.weights()).hessian();
        double[] costs = new double[hessian.length];
        for (int i = 0; i < costs.length; i++) {
            double[] unit = new double[costs.length];
            unit[i] = 1;
            double variance = Cholesky.solve(hessian, unit)[i];
            costs[i] = current.weights()[i] * current.weights()[i] / (2 * variance);
        }
        return costs;
    }

    /// The others fitted again.
    KlFit without(KlFit current, int least) {
        int[] support = new int[current.support().length - 1];
        double[] weights = new double[support.length];
        for (int i = 0; i < support.length; i++) {
            int from = i < least ? i : i + 1;
            support[i] = current.support()[from];
            weights[i] = current.weights()[from];
        }
        return KlFit.of(problem, support, weights, ridge);
    }

    private KlFit extended(KlFit current) {
        boolean[] used = new boolean[problem.atoms().size()];
        Arrays.stream(current.support()).forEach(index -> used[index] = true);
        int[] free =
                IntStream.range(0, used.length).filter(index -> !used[index]).toArray();
        double[] promise = promises(current, free);
        return IntStream.range(0, free.length)
                .boxed()
                .sorted((a, b) -> Double.compare(promise[b], promise[a]))
                .limit(tried)
                .map(i -> with(current, free[i]))
                .min(Comparator.comparingDouble(KlFit::value))
                .orElseThrow();
    }

    KlFit with(KlFit current, int atom) {
        int count = current.support().length;
        int[] support = Arrays.copyOf(current.support(), count + 1);
        support[count] = atom;
        return KlFit.of(problem, support, Arrays.copyOf(current.weights(), count + 1), ridge);
    }

    /// Promised decrease of f for every free atom, nats per place.
    double[] promises(KlFit current, int[] free) {
        List<KlProblem.Candidate> candidates = problem.candidates(current.support(), current.weights(), free);
        double[][] hessian = problem.local(current.support(), current.weights()).hessian();
        double[] promise = new double[free.length];
        for (int i = 0; i < free.length; i++) {
            KlProblem.Candidate candidate = candidates.get(i);
            double schur = candidate.curvature();
            if (hessian.length > 0) {
                double[] solved = Cholesky.solve(hessian, candidate.coupling());
                for (int j = 0; j < solved.length; j++) {
                    schur -= solved[j] * candidate.coupling()[j];
                }
            }
            double floor = candidate.curvature() * Math.max(ridge, 1e-6);
            promise[i] = candidate.slope() * candidate.slope() / (2 * (Math.max(schur, 0) + floor + Double.MIN_NORMAL));
        }
        return promise;
    }
}
