package assay.measure.behaviour;

import assay.InputException;
import assay.engine.model.Overlay;
import assay.engine.text.Tokenizer;
import java.util.List;

/// Readable text in the slot.
///
/// @param text the prompt
/// @param tokens its token ids
public record HardPrompt(String text, int[] tokens) implements Behaviour {
    /// The longest prompt accepted, in tokens: beyond it the probe's contexts would no longer fit beside it.
    public static final int MOST_TOKENS = 512;

    /// Tokenises a prompt a user gave.
    ///
    /// @throws InputException if it is blank or longer than [#MOST_TOKENS]
    public static HardPrompt of(String text, Tokenizer tokenizer) {
        requireText(text);
        int[] tokens = tokenizer.encode(text);
        if (tokens.length > MOST_TOKENS) {
            throw new InputException("prompt: expected at most " + MOST_TOKENS + " tokens, found " + tokens.length
                    + ". Shorten the prompt.");
        }
        return new HardPrompt(text, tokens);
    }

    /// Refuses a blank prompt.
    ///
    /// @throws InputException if it is one
    public static void requireText(String text) {
        if (text.isBlank()) {
            throw new InputException("prompt: expected some text, found none. Give the system prompt to explain.");
        }
    }

    @Override
    public String name() {
        return text;
    }

    @Override
    public List<Term> terms() {
        return List.of(new Term(new Filling.Text(tokens), 1));
    }

    @Override
    public Overlay overlay() {
        return Overlay.NONE;
    }
}
