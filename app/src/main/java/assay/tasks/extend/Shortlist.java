package assay.tasks.extend;

import assay.discover.atlas.QuantisedRows;
import java.util.ArrayList;
import java.util.List;

/// The most novel candidates so far, no two of them nearly the same: when two are, the more novel one stays.
///
/// What is held: the text and a byte for every number of the sketch, about 3.5 KB each.
public final class Shortlist {
    /// Cosine of predicted sketches from which on two candidates are nearly the same.
    public static final double SAME = 0.95;

    private final int most;
    private final List<Kept> kept = new ArrayList<>();

    /// A candidate that was looked at.
    ///
    /// @param source where it came from
    /// @param steps its predicted sketch up to a factor, −127 … 127
    public record Kept(String text, String source, double novelty, byte[] steps) {
        /// A candidate with its predicted sketch.
        public static Kept of(Candidate candidate, double novelty, float[] sketch) {
            byte[] steps = QuantisedRows.of(sketch).steps();
            return new Kept(candidate.text(), candidate.source(), novelty, steps);
        }

        double cosine(Kept other) {
            return product(steps, other.steps) / Math.sqrt(product(steps, steps) * product(other.steps, other.steps));
        }

        /// Exact: at most 127² times some thousand numbers.
        private static double product(byte[] a, byte[] b) {
            int sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }
    }

    /// A list as it was.
    ///
    /// @param most how many are kept
    /// @param saved from [#kept()]; none for an empty list
    public Shortlist(int most, List<Kept> saved) {
        this.most = most;
        kept.addAll(saved);
    }

    /// A candidate of less novelty has no chance.
    double least() {
        return kept.size() < most ? 0 : kept.getLast().novelty();
    }

    /// Whether a candidate of this novelty has a chance.
    public boolean admits(double novelty) {
        return kept.size() < most ? novelty >= 0 : novelty > kept.getLast().novelty();
    }

    /// Takes a candidate in if it is among the best and nearly the same as none that is as novel.
    public boolean offer(Kept candidate) {
        if (!admits(candidate.novelty())) {
            return false;
        }
        int place = 0;
        while (place < kept.size() && kept.get(place).novelty() >= candidate.novelty()) {
            if (kept.get(place).cosine(candidate) > SAME) {
                return false;
            }
            place++;
        }
        kept.subList(place, kept.size()).removeIf(worse -> worse.cosine(candidate) > SAME);
        kept.add(place, candidate);
        if (kept.size() > most) {
            kept.removeLast();
        }
        return true;
    }

    /// The candidates, most novel first.
    public List<Kept> kept() {
        return List.copyOf(kept);
    }
}
