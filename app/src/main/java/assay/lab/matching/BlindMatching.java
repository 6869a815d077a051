package assay.lab.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Who is who? A reader sees only phrases and picks the true description among many.
///
/// A tie counts as what a random tie break would bring on average, so that nothing hangs on the order
/// of the cases.
///
/// @param placed the cases, in the order given
public record BlindMatching(List<Placed> placed) {
    private static final double TIE = 1e-9;

    /// Where the true description of a case came.
    ///
    /// @param rank 1 is best; half ranks where it is tied
    /// @param first the share of "picked first" it earned: 1, 0, or a part of a tie
    /// @param best the description that scored highest; of a tie the earliest
    public record Placed(String name, double rank, double first, String best) {}

    /// Ranks every case's description among all cases' descriptions.
    ///
    /// @param cases at least one; no two may share a description, else there would be two truths
    public static BlindMatching of(Reader reader, List<MatchCase> cases) {
        Set<String> choices = new LinkedHashSet<>();
        for (MatchCase one : cases) {
            if (!choices.add(one.description())) {
                throw new IllegalArgumentException(
                        "cases: expected different descriptions, found twice: " + one.name());
            }
        }
        List<String> descriptions = List.copyOf(choices);
        List<Placed> placed = new ArrayList<>();
        for (int truth = 0; truth < cases.size(); truth++) {
            MatchCase one = cases.get(truth);
            double[] scores = reader.scores(one.phrases(), descriptions);
            placed.add(placed(one.name(), scores, truth, descriptions));
        }
        return new BlindMatching(placed);
    }

    /// How many cases were picked right.
    public Proportion right() {
        return new Proportion(placed.stream().mapToDouble(Placed::first).sum(), placed.size());
    }

    /// Accuracy of guessing blindly: one over the number of choices.
    public double chance() {
        return 1.0 / placed.size();
    }

    /// How likely so improbable a number of right picks is by luck alone: exact, two-sided.
    public double pValue() {
        return right().pValue(chance());
    }

    private static Placed placed(String name, double[] scores, int truth, List<String> descriptions) {
        int above = 0;
        int tied = 0;
        int best = 0;
        double scale = TIE * Arrays.stream(scores).map(Math::abs).max().orElse(0);
        for (int i = 0; i < scores.length; i++) {
            double lead = scores[i] - scores[truth];
            above += lead > scale ? 1 : 0;
            tied += i != truth && Math.abs(lead) <= scale ? 1 : 0;
            best = scores[i] - scores[best] > scale ? i : best;
        }
        double first = above == 0 ? 1.0 / (1 + tied) : 0;
        return new Placed(name, 1 + above + tied / 2.0, first, descriptions.get(best));
    }
}
