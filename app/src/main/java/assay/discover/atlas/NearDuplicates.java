package assay.discover.atlas;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Keeps prompts that are not near copies of one kept before.
///
/// Likeness is the mean of two Jaccard overlaps: of content words ([ContentWords]), and of shingles, which
/// are all stems and all pairs of neighbouring stems, articles apart. Two prompts are near copies at a
/// likeness of [#THRESHOLD] or more: the same content in nearly the same wording. "Act as a nurse." beside
/// "You are a nurse." and "Answer in Greek." beside "Answer in Latin." stay apart; a changed article,
/// ending or punctuation mark does not make a new prompt.
///
/// Not for use by several threads at once.
public final class NearDuplicates {
    /// Likeness from which on two prompts are near copies.
    public static final double THRESHOLD = 0.8;

    /// Share of content words in common from which a prompt counts as a paraphrase of another.
    private static final double PARAPHRASE = 0.5;

    /// Least overlap of content words of near copies: what is left when their shingles are the same. A
    /// little less, so that rounding loses none.
    private static final double LEAST_CONTENT = 2 * THRESHOLD - 1 - 1e-9;

    private static final Set<String> ARTICLES = Set.of("a", "an", "the");

    private final List<Kept> kept = new ArrayList<>();
    private final Map<String, List<Integer>> byWord = new HashMap<>();

    /// @param content stems of the content words
    /// @param shingles stems and pairs of neighbouring stems
    private record Kept(Set<String> content, Set<String> shingles) {
        static Kept of(String prompt) {
            List<String> words = ContentWords.words(prompt);
            List<String> stems = words.stream()
                    .filter(word -> !ARTICLES.contains(word))
                    .map(ContentWords::stem)
                    .toList();
            Set<String> shingles = new HashSet<>(stems);
            for (int i = 1; i < stems.size(); i++) {
                shingles.add(stems.get(i - 1) + ' ' + stems.get(i));
            }
            return new Kept(ContentWords.of(words), shingles);
        }
    }

    /// Keeps a prompt unless it is a near copy of one kept before; says whether it was kept.
    public boolean keep(String prompt) {
        Kept candidate = Kept.of(prompt);
        if (hasNearCopy(candidate)) {
            return false;
        }
        for (String word : candidate.content()) {
            byWord.computeIfAbsent(word, _ -> new ArrayList<>()).add(kept.size());
        }
        kept.add(candidate);
        return true;
    }

    /// Share of content words two prompts have in common: 0 for none, 1 for the same.
    ///
    /// Jaccard over stemmed content words; knows no synonyms. Two prompts without any word are the same.
    public static double overlap(String a, String b) {
        return jaccard(ContentWords.of(a), ContentWords.of(b));
    }

    /// Whether two prompts ask for nearly the same, so that explaining one by the other would explain nothing.
    public static boolean isParaphrase(String a, String b) {
        return overlap(a, b) >= PARAPHRASE;
    }

    /// The prompts that are paraphrases of this one.
    public static Predicate<String> paraphrasesOf(String text) {
        return prompt -> isParaphrase(prompt, text);
    }

    /// How alike two prompts are: 0 for nothing in common, 1 for the same words in the same order.
    static double likeness(String a, String b) {
        return likeness(Kept.of(a), Kept.of(b));
    }

    private static double likeness(Kept a, Kept b) {
        return (jaccard(a.content(), b.content()) + jaccard(a.shingles(), b.shingles())) / 2;
    }

    /// A near copy shares so many of the candidate's words that it holds at least one of a few rarest ones,
    /// and the index finds it there.
    private boolean hasNearCopy(Kept candidate) {
        int size = candidate.content().size();
        int shared = (int) Math.ceil(LEAST_CONTENT * size);
        List<String> rarest = candidate.content().stream()
                .sorted(Comparator.comparingInt(word -> places(word).size()))
                .limit(size - shared + 1L)
                .toList();
        for (String word : rarest) {
            for (int index : places(word)) {
                Kept other = kept.get(index);
                if (jaccard(candidate.content(), other.content()) >= LEAST_CONTENT
                        && likeness(candidate, other) >= THRESHOLD) {
                    return true;
                }
            }
        }
        return size == 0 && kept.stream().anyMatch(other -> other.content().isEmpty());
    }

    private List<Integer> places(String word) {
        return byWord.getOrDefault(word, List.of());
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
