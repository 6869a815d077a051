package assay.lab.matching;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A target whose description is known, and the phrases from which a reader is to guess it.
///
/// @param description what it truly does, in words no part of the program has read
/// @param phrases atoms and weights
public record MatchCase(String name, String description, List<Phrase> phrases) {
    /// The same target with other phrases: those of a null, say.
    public MatchCase with(List<Phrase> others) {
        return new MatchCase(name, description, others);
    }

    /// Every target with the phrases of another one: a random cycle through all of them, so none keeps
    /// its own.
    ///
    /// @param cases at least two
    public static List<MatchCase> deranged(List<MatchCase> cases, long seed) {
        if (cases.size() < 2) {
            throw new IllegalArgumentException("derangement: expected two cases or more, found " + cases.size());
        }
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Phrase>> phrases =
                new ArrayList<>(cases.stream().map(MatchCase::phrases).toList());
        // Sattolo's shuffle: drawing strictly below i leaves one cycle.
        for (int i = phrases.size() - 1; i > 0; i--) {
            Collections.swap(phrases, i, random.nextInt(i));
        }
        return IntStream.range(0, phrases.size())
                .mapToObj(i -> cases.get(i).with(phrases.get(i)))
                .toList();
    }
}
