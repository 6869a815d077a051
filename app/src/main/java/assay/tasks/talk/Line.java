package assay.tasks.talk;

import assay.engine.model.Overlay;
import assay.measure.behaviour.SoftPrompt;
import java.util.Optional;

/// One sequence of tokens a model reads.
///
/// @param tokens ids; [#SOFT] where a vector of the soft prompt stands
record Line(Overlay overlay, Optional<SoftPrompt> soft, int[] tokens) {
    static final int SOFT = -1;

    /// How many of the first tokens another one has as well.
    int common(Line other, int length) {
        if (!isUnder(other.overlay) || !isSameSoft(other)) {
            return 0;
        }
        int most = Math.min(tokens.length, length);
        int common = 0;
        while (common < most && tokens[common] == other.tokens[common]) {
            common++;
        }
        return common;
    }

    /// Whether it is read under this very overlay.
    @SuppressWarnings("ReferenceEquality") // tensors are the same if they are one
    boolean isUnder(Overlay one) {
        return overlay == one;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isSameSoft(Line other) {
        return soft.isPresent() == other.soft.isPresent()
                && (soft.isEmpty()
                        || soft.get().embeddings() == other.soft.get().embeddings());
    }

    /// Tokens up to and with the last vector; 0 without any.
    int softEnd() {
        int end = soft.isEmpty() ? 0 : tokens.length;
        while (end > 0 && tokens[end - 1] != SOFT) {
            end--;
        }
        return end;
    }
}
