package assay.lab.trials;

import assay.discover.atlas.Atlas;
import assay.discover.atlas.NearDuplicates;
import assay.lab.matching.Reader;
import assay.tasks.session.TargetSource;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Which prompts say the same as a target, so that explaining it by them would explain nothing: those that have half
/// of the content words in common with it, and those an embedding reader finds as like it as [#SAME].
///
/// @param embeddings readers that compare by meaning; there may be none
record Paraphrases(List<Reader> embeddings) {
    /// Cosine of sentence embeddings from which on two prompts say the same.
    private static final double SAME = 0.8;

    /// Prompts that must not stand for what a tournament's file names.
    Predicate<String> of(TargetSource source) {
        return source instanceof TargetSource.Prompt(String text)
                ? prompt -> NearDuplicates.isParaphrase(prompt, text) || isAlike(prompt, text)
                : source.forbidden();
    }

    private boolean isAlike(String prompt, String text) {
        return embeddings.stream()
                .anyMatch(reader -> reader.similarities(List.of(prompt), List.of(text))[0][0] >= SAME);
    }

    /// The rule in words.
    String rule() {
        String byWords = "half of the content words in common";
        return embeddings.isEmpty()
                ? byWords + " (no embedding reader here)"
                : byWords + ", or cosine " + SAME + " or more by "
                        + String.join(
                                ", ", embeddings.stream().map(Reader::name).toList());
    }

    /// What was left out for a target.
    ///
    /// @param rule by which
    /// @param prompts of the atlas that say the same as it
    record LeftOut(String rule, List<String> prompts) {}

    /// The entries of an atlas with these indices, as what was left out.
    LeftOut leftOut(Atlas atlas, Set<Integer> indices) {
        return new LeftOut(
                rule(),
                indices.stream()
                        .sorted()
                        .map(i -> atlas.entries().get(i).text())
                        .toList());
    }
}
