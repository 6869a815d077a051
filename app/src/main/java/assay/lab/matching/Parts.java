package assay.lab.matching;

import assay.base.sparse.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Are the parts of a composition named apart? "A depressed robot who hates its job" has two parts, "a
/// robot" and "unhappy with its job"; a reading that took it to pieces names each by an atom of its own.
///
/// @param found the parts in the order given
public record Parts(List<Found> found) {
    /// How sure a likeness must be: chance reaches it in one of twenty.
    public static final double SHARE = 0.95;

    /// What became of a part.
    ///
    /// @param atom the atom assigned to it, each atom to one part at most; empty where none was left
    /// @param likeness of the two; 0 without an atom
    /// @param single the 95th percentile of the part's likeness to a random phrase
    /// @param threshold the 95th percentile of the *greatest* likeness among as many random phrases as
    ///     there are atoms to choose from: with twenty atoms, chance passes `single` in two of three cases
    public record Found(Optional<Phrase> atom, double likeness, double single, double threshold) {
        /// Whether the atom names the part: it is more alike than the best of equally many random phrases.
        public boolean isNamed() {
            return atom.isPresent() && likeness > threshold;
        }
    }

    /// Assigns atoms to parts so that the sum of likenesses is greatest.
    ///
    /// @param parts at most 12 descriptions of parts
    /// @param phrases of the mixture; those with a weight of 0 or less name nothing
    /// @param random phrases unlike any part by intent, several hundred; from them the thresholds are taken
    public static Parts of(Reader reader, List<String> parts, List<Phrase> phrases, List<String> random) {
        if (parts.size() > 12 || random.isEmpty()) {
            throw new IllegalArgumentException(
                    "parts: expected at most 12 and random phrases, found " + parts.size() + " and " + random.size());
        }
        List<Phrase> atoms = phrases.stream().filter(one -> one.weight() > 0).toList();
        double[][] alike = reader.similarities(parts, Phrase.texts(atoms));
        double[][] chance = reader.similarities(parts, random);
        int[] assigned = assign(alike, atoms.size());
        List<Found> found = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            int atom = assigned[part];
            // The greatest of n independent draws lies below q as often as one draw does, to the power n.
            double best = Quantiles.of(chance[part], Math.pow(SHARE, 1.0 / Math.max(1, atoms.size())));
            found.add(new Found(
                    atom < 0 ? Optional.empty() : Optional.of(atoms.get(atom)),
                    atom < 0 ? 0 : alike[part][atom],
                    Quantiles.of(chance[part], SHARE),
                    best));
        }
        return new Parts(List.copyOf(found));
    }

    /// The best assignment, by dynamic programming over the atoms and the set of parts that have one
    /// already.
    ///
    /// @return for each part its atom, −1 for none
    private static int[] assign(double[][] alike, int atoms) {
        int sets = 1 << alike.length;
        double[][] best = new double[atoms + 1][sets];
        int[][] taken = new int[atoms + 1][sets];
        Arrays.fill(best[0], Double.NEGATIVE_INFINITY);
        best[0][0] = 0;
        for (int atom = 0; atom < atoms; atom++) {
            for (int set = 0; set < sets; set++) {
                best[atom + 1][set] = best[atom][set];
                taken[atom + 1][set] = -1;
                for (int part = 0; part < alike.length; part++) {
                    int without = set & ~(1 << part);
                    double sum = best[atom][without] + alike[part][atom];
                    if (without != set && sum > best[atom + 1][set]) {
                        best[atom + 1][set] = sum;
                        taken[atom + 1][set] = part;
                    }
                }
            }
        }
        int[] assigned = new int[alike.length];
        Arrays.fill(assigned, -1);
        int set = fullest(best[atoms], Math.min(atoms, alike.length));
        for (int atom = atoms; atom > 0; atom--) {
            int part = taken[atom][set];
            if (part >= 0) {
                assigned[part] = atom - 1;
                set &= ~(1 << part);
            }
        }
        return assigned;
    }

    /// Of the sets with so many parts the one with the greatest sum.
    private static int fullest(double[] sums, int parts) {
        int fullest = -1;
        for (int set = 0; set < sums.length; set++) {
            if (Integer.bitCount(set) == parts && (fullest < 0 || sums[set] > sums[fullest])) {
                fullest = set;
            }
        }
        return fullest;
    }
}
