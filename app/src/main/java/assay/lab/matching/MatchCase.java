package assay.lab.matching;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A target whose description is known, and the phrases from which a reader is to guess it.
///
/// @param name of the target
/// @param description what it truly does, in words no part of the program has read
/// @param phrases atoms and weights
public record MatchCase(String name, String description, List<Phrase> phrases) {
    /// Copies the list.
    public MatchCase {
        phrases = List.copyOf(phrases);
    }

    /// The same target with other phrases: those of a null, say.
    public MatchCase with(List<Phrase> others) {
        return new MatchCase(name, description, others);
    }

    /// Every target with the phrases of another one: a random cycle through all of them, so none keeps
    /// its own.
    ///
    /// @param cases at least two
    /// @param seed of the cycle
    public static List<MatchCase> deranged(List<MatchCase> cases, long seed) {
        if (cases.size() < 2) {
            throw new IllegalArgumentException("derangement: expected two cases or more, found " + cases.size());
        }
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Phrase>> phrases =
                new ArrayList<>(cases.stream().map(MatchCase::phrases).toList());
        // Sattolo's shuffle: drawing strictly below i leaves one cycle.
        for (int i = phrases.size() - 1; i > 0; i--) {
            int other = random.nextInt(i);
            List<Phrase> kept = phrases.get(i);
            phrases.set(i, phrases.get(other));
            phrases.set(other, kept);
        }
        List<MatchCase> deranged = new ArrayList<>();
        for (int i = 0; i < phrases.size(); i++) {
            deranged.add(cases.get(i).with(phrases.get(i)));
        }
        return deranged;
    }
}
