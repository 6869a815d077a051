package assay.lab.matching;

import java.util.List;

/// A weighted text: an atom of a mixture as a reader sees it.
///
/// @param text as it stands in the mixture
/// @param weight its weight; a negative one says what the mixture turns away from
public record Phrase(String text, double weight) {
    /// Texts that all count the same, with weights that sum to 1: answers sampled from amplified
    /// logits, say.
    public static List<Phrase> equal(List<String> texts) {
        return texts.stream().map(text -> new Phrase(text, 1.0 / texts.size())).toList();
    }

    static List<String> texts(List<Phrase> phrases) {
        return phrases.stream().map(Phrase::text).toList();
    }
}
