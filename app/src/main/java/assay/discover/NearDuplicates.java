package assay.discover;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Keeps prompts that are not near copies of one kept before.
///
/// Likeness is the mean of two Jaccard overlaps: of content words ([ContentWords]), and of shingles, which are all
/// words and all pairs of neighbouring words. Two prompts are near copies at a likeness of [#THRESHOLD] or more: the
/// same
/// content in nearly the same wording. "Act as a nurse." beside "You are a nurse." (0.64) and "Answer in Greek." beside
/// "Answer in Latin." stay apart; a changed article, ending or punctuation mark does not count as a new prompt.
///
/// Not for use by several threads at once.
public final class NearDuplicates {
    /// Likeness from which on two prompts are near copies.
    public static final double THRESHOLD = 0.8;

    private final List<Kept> kept = new ArrayList<>();
    private final Map<String, List<Integer>> byWord = new HashMap<>();

    private record Kept(Set<String> content, Set<String> shingles) {}

    /// Keeps a prompt unless it is a near copy of one kept before; says whether it was kept.
    public boolean keep(String prompt) {
        Kept candidate = new Kept(ContentWords.of(prompt), shingles(prompt));
        if (hasNearCopy(candidate)) {
            return false;
        }
        for (String word : candidate.content()) {
            byWord.computeIfAbsent(word, _ -> new ArrayList<>()).add(kept.size());
        }
        kept.add(candidate);
        return true;
    }

    /// How many prompts were kept.
    public int size() {
        return kept.size();
    }

    /// The prompts without near copies of earlier ones, in their order.
    public static List<String> without(List<String> prompts) {
        NearDuplicates seen = new NearDuplicates();
        return prompts.stream().filter(seen::keep).toList();
    }

    /// Share of content words two prompts have in common: 0 for none, 1 for the same.
    ///
    /// Jaccard over stemmed content words; knows no synonyms. Two prompts without any word are the same.
    public static double overlap(String a, String b) {
        return jaccard(ContentWords.of(a), ContentWords.of(b));
    }

    /// How alike two prompts are: 0 for nothing in common, 1 for the same words in the same order.
    static double likeness(String a, String b) {
        return likeness(new Kept(ContentWords.of(a), shingles(a)), new Kept(ContentWords.of(b), shingles(b)));
    }

    private static double likeness(Kept a, Kept b) {
        return (jaccard(a.content(), b.content()) + jaccard(a.shingles(), b.shingles())) / 2;
    }

    /// Content must overlap by 2·threshold − 1 even where the shingles are the same, so prompts that share no content
    /// word need no look: the index finds the others.
    private boolean hasNearCopy(Kept candidate) {
        Map<Integer, Integer> shared = new HashMap<>();
        for (String word : candidate.content()) {
            for (int index : byWord.getOrDefault(word, List.of())) {
                shared.merge(index, 1, Integer::sum);
            }
        }
        for (Map.Entry<Integer, Integer> entry : shared.entrySet()) {
            Kept other = kept.get(entry.getKey());
            int union = candidate.content().size() + other.content().size() - entry.getValue();
            boolean possible = entry.getValue() >= (2 * THRESHOLD - 1) * union;
            if (possible && likeness(candidate, other) >= THRESHOLD) {
                return true;
            }
        }
        return candidate.content().isEmpty()
                && kept.stream().anyMatch(other -> other.content().isEmpty());
    }

    private static Set<String> shingles(String prompt) {
        List<String> words = ContentWords.words(prompt);
        Set<String> shingles = new HashSet<>(words);
        for (int i = 1; i < words.size(); i++) {
            shingles.add(words.get(i - 1) + ' ' + words.get(i));
        }
        return shingles;
    }

    private static double jaccard(Set<String> a, Set<String> b) {
        if (a.isEmpty() && b.isEmpty()) {
            return 1;
        }
        Set<String> smaller = a.size() <= b.size() ? a : b;
        Set<String> larger = a.size() <= b.size() ? b : a;
        int both = 0;
        for (String word : smaller) {
            both += larger.contains(word) ? 1 : 0;
        }
        return (double) both / (a.size() + b.size() - both);
    }
}
