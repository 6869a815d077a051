package assay.lab.claims;

import assay.base.sparse.Interval;
import java.util.List;

/// Whether the lists say what the targets do (S4).
///
/// @param reader what compared texts: `lexical`, or the name of an embedding model
/// @param matching blind matches of lists with descriptions
/// @param compositions targets of several parts
/// @param agreement overlap, up to paraphrase, of lists found with two seeds or on two halves of the contexts: the
/// smaller of the two means over targets
/// @param wayward overlap of the lists of two soft prompts trained to the same behaviour; NaN if not measured
public record ReadingEvidence(
        String reader,
        List<Matching> matching,
        List<Edit> edits,
        List<Composition> compositions,
        double agreement,
        double wayward) {
    /// Name of the matching that counts: the lists that were found.
    public static final String FOUND = "found";

    /// Answers drawn from the amplified difference of target and base, the cheap alternative to a list.
    public static final String CONTRASTS = "amplified differences";

    /// The words that stand out in those answers.
    public static final String TELLING = "telling words of amplified differences";

    /// Blind matching of one kind of texts with the descriptions of all targets.
    ///
    /// @param texts what was matched: `found`, the answers or words of amplified differences, or one of the nulls
    /// @param isNull whether it must sit at chance
    /// @param cases number of targets, each matched against the descriptions of all
    /// @param right share of first places that were right
    /// @param chance share right by guessing
    /// @param atChance whether an exact binomial test finds no difference from guessing, all nulls together at 5 %
    /// @param misses names of targets matched wrongly, with what they were taken for
    public record Matching(
            String texts,
            boolean isNull,
            int cases,
            Interval right,
            double chance,
            boolean atChance,
            List<String> misses) {}

    /// Words replaced in the prompts of a list.
    ///
    /// @param target whose list
    /// @param edit the replacements, such as `pirate → cowboy`
    /// @param towards the behaviour it was predicted to move towards
    /// @param before KL(towards ‖ list), nats per token
    /// @param after KL(towards ‖ edited list), nats per token
    /// @param changed prompts in which the word stood; 0 if the edit could not be made
    public record Edit(String target, String edit, String towards, double before, double after, int changed) {
        /// Whether it went as predicted.
        public boolean right() {
            return changed > 0 && after < before;
        }
    }

    /// A target of several parts.
    ///
    /// @param parts what it is made of
    /// @param named for each part, the prompt that names it, or an empty text
    /// @param closed by the list shown
    public record Composition(String text, List<String> parts, List<String> named, double closed, List<String> atoms) {
        /// Whether every part is named, by prompts of their own.
        public boolean separate() {
            return named.stream().noneMatch(String::isEmpty)
                    && named.stream().distinct().count() == named.size();
        }
    }
}
