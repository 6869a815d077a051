package assay.lab.predicates;

import assay.discover.atlas.ContentWords;
import assay.discover.atlas.NearDuplicates;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Which prompts may not explain a predicate: the prompt itself, its paraphrases, and whatever holds one of
/// its content words, whatever its ending ("vote", "votes", "voting").
///
/// @param words stems of its content words
record Exclusion(String prompt, Set<String> words) implements Predicate<String> {
    /// Nothing is left out: the predicate's own prompt may explain it.
    static final Exclusion NOTHING = new Exclusion("", Set.of());

    static Exclusion of(PredicateSpec spec) {
        return new Exclusion(
                spec.prompt(),
                ContentWords.within(spec.prompt()).stream()
                        .map(ContentWords::stem)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /// Whether this text may not be used.
    @Override
    public boolean test(String text) {
        return (!prompt.isEmpty() && NearDuplicates.isParaphrase(text, prompt))
                || ContentWords.within(text).stream().map(ContentWords::stem).anyMatch(words::contains);
    }
}
