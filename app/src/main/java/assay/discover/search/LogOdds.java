package assay.discover.search;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Tells which words some texts hold more often than others do: the log-odds ratio of each word with an informative
/// Dirichlet prior, in standard deviations (Monroe, Colaresi & Quinn 2008, *Fightin' Words*, eq. 16–22).
///
/// A word counts once a text, so that no text that repeats itself decides.
final class LogOdds {
    /// A word in three of sixteen texts and in none of the others just stands out.
    private static final double STANDS_OUT = 1.5;
    /// Words the prior is worth, shared out as the words of all texts are.
    private static final double PRIOR = 50;

    private LogOdds() {}

    /// The words that stand out in `texts`, most telling first.
    ///
    /// @param texts words of each text
    /// @param others words of each text they are compared with
    static List<String> standingOut(
            List<? extends Collection<String>> texts, List<? extends Collection<String>> others) {
        Map<String, Double> here = counts(texts);
        Map<String, Double> there = counts(others);
        Map<String, Double> scores = scores(here, there);
        return here.keySet().stream()
                .filter(word -> scores.getOrDefault(word, 0.0) >= STANDS_OUT)
                .sorted(Comparator.<String>comparingDouble(word -> -scores.getOrDefault(word, 0.0))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private static Map<String, Double> scores(Map<String, Double> here, Map<String, Double> there) {
        double totalHere = total(here);
        double totalThere = total(there);
        Map<String, Double> scores = new HashMap<>();
        here.forEach((word, count) -> {
            double other = there.getOrDefault(word, 0.0);
            double prior = PRIOR * (count + other) / (totalHere + totalThere);
            double odds = logOdds(count + prior, totalHere + PRIOR) - logOdds(other + prior, totalThere + PRIOR);
            double variance = 1 / (count + prior) + 1 / (other + prior);
            scores.put(word, odds / Math.sqrt(variance));
        });
        return scores;
    }

    private static double logOdds(double count, double total) {
        return Math.log(count / Math.max(total - count, 1e-9));
    }

    private static double total(Map<String, Double> counts) {
        return counts.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static Map<String, Double> counts(List<? extends Collection<String>> texts) {
        Map<String, Double> counts = new HashMap<>();
        for (Collection<String> text : texts) {
            Set<String> once = new LinkedHashSet<>(text);
            once.forEach(word -> counts.merge(word, 1.0, Double::sum));
        }
        return counts;
    }
}
