package assay.base.sparse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// Among lists of atoms that fit nearly as well, looks for the one with the least *burden*: one atom is left out or
/// exchanged at a time, as long as that takes burden away and the fit stays good enough.
///
/// @param problem atoms to choose from and the target
/// @param burden what is against each atom; a negative weight counts as one more
/// @param ridge as in [KlFit#of]
public record PlainPursuit(KlProblem problem, double[] burden, double ridge) {
    /// Burden a change must take away.
    private static final double LEAST = 0.05;
    /// Atoms whose removal is tried at a time, and atoms that are exchanged, each for so many others.
    private static final int REMOVED = 3;

    private static final int EXCHANGED = 3;
    private static final int OTHERS = 2;
    private static final int MOST_FITS = 200;

    /// The plainest list on the way from another.
    ///
    /// @param most f it may have, nats per place
    public KlFit from(KlFit start, double most) {
        KlFit current = start;
        int fits = 0;
        while (fits < MOST_FITS) {
            List<KlFit> tried = neighbours(current);
            fits += tried.size() + EXCHANGED;
            Optional<KlFit> best = tried.stream()
                    .filter(fit -> fit.value() <= most)
                    .min(Comparator.comparingDouble((KlFit fit) -> burden(fit)).thenComparingDouble(KlFit::value));
            if (best.isEmpty() || burden(best.get()) > burden(current) - LEAST) {
                return current;
            }
            current = best.get();
        }
        return current;
    }

    /// What is against a list.
    public double burden(KlFit fit) {
        return IntStream.range(0, fit.weights().length)
                .mapToDouble(i -> burden(fit, i))
                .sum();
    }

    private double burden(KlFit fit, int place) {
        return burden[fit.support()[place]] + (fit.weights()[place] < 0 ? 1 : 0);
    }

    private List<KlFit> neighbours(KlFit current) {
        KlPursuit pursuit = new KlPursuit(problem, ridge, 1);
        double[] costs = pursuit.removals(current);
        List<KlFit> tried = new ArrayList<>();
        if (costs.length > 1) {
            places(costs.length, i -> costs[i] / burden(current, i), REMOVED)
                    .forEach(i -> tried.add(pursuit.without(current, i)));
        }
        places(costs.length, i -> -burden(current, i), EXCHANGED)
                .forEach(i -> tried.addAll(exchanged(current, i, pursuit)));
        return tried;
    }

    private List<KlFit> exchanged(KlFit current, int place, KlPursuit pursuit) {
        int[] plainer = IntStream.range(0, burden.length)
                .filter(atom -> burden[atom] <= burden(current, place) - LEAST
                        && Arrays.stream(current.support()).noneMatch(used -> used == atom))
                .toArray();
        if (plainer.length == 0) {
            return List.of();
        }
        KlFit rest = pursuit.without(current, place);
        double[] promises = pursuit.promises(rest, plainer);
        return places(plainer.length, i -> -promises[i], OTHERS).stream()
                .map(i -> pursuit.with(rest, plainer[i]))
                .toList();
    }

    private static List<Integer> places(int count, IntToDoubleFunction order, int most) {
        return IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble(order::applyAsDouble))
                .limit(most)
                .toList();
    }
}
