package assay.tasks.extend;

import assay.engine.text.Tokenizer;
import assay.measure.behaviour.HardPrompt;
import java.util.Optional;
import java.util.Set;

/// Lets through what can be a prompt and did not come before.
final class Sieve {
    /// Longest candidate in characters.
    static final int MOST_CHARACTERS = 2_000;

    private final Set<String> known;
    private final SeenTexts seen;
    private final Tokenizer tokenizer;

    /// @param known prompts of the atlas
    Sieve(Set<String> known, SeenTexts seen, Tokenizer tokenizer) {
        this.known = known;
        this.seen = seen;
        this.tokenizer = tokenizer;
    }

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

    /// A text that was not refused, with its tokens; nothing if there are too many.
    Optional<Candidate> candidate(String text, String source) {
        int[] tokens = tokenizer.encode(text);
        return tokens.length == 0 || tokens.length > HardPrompt.MOST_TOKENS
                ? Optional.empty()
                : Optional.of(new Candidate(text, source, tokens));
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
