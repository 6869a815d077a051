package assay.tasks.extend;

import assay.engine.text.Tokenizer;
import assay.measure.behaviour.HardPrompt;
import java.util.Optional;
import java.util.Set;

/// Lets through what can be a prompt and did not come before.
///
/// @param known prompts of the atlas
record Sieve(Set<String> known, SeenTexts seen, Tokenizer tokenizer) {
    /// Longest candidate in characters.
    static final int MOST_CHARACTERS = 2_000;

    /// What is wrong with a text, if anything, before it is tokenized; a good one counts as seen from now on.
    ///
    /// @param text without white space at its ends
    Optional<Dropped> refusal(String text) {
        if (text.isEmpty()) {
            return Optional.of(Dropped.BLANK);
        }
        if (text.codePointCount(0, text.length()) > MOST_CHARACTERS) {
            return Optional.of(Dropped.LONG);
        }
        if (text.codePoints().anyMatch(Sieve::isControl)) {
            return Optional.of(Dropped.CONTROL);
        }
        if (known.contains(text)) {
            return Optional.of(Dropped.KNOWN);
        }
        return seen.add(SeenTexts.hash(text)) ? Optional.empty() : Optional.of(Dropped.REPEATED);
    }

    /// A text as a candidate, nothing if it is refused; both are counted.
    Optional<Candidate> kept(String text, String source, Tally tally) {
        Optional<Dropped> refusal = refusal(text);
        int[] tokens = refusal.isPresent() ? new int[0] : tokenizer.encode(text);
        if (tokens.length == 0 || tokens.length > HardPrompt.MOST_TOKENS) {
            tally.count(refusal.orElse(Dropped.LONG));
            return Optional.empty();
        }
        tally.countUsable();
        return Optional.of(new Candidate(text, source, tokens));
    }

    /// Counts texts as seen that passed in an earlier run.
    void remember(long[] hashes) {
        for (long hash : hashes) {
            seen.add(hash);
        }
    }

    private static boolean isControl(int point) {
        int type = Character.getType(point);
        return type == Character.CONTROL
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }
}
