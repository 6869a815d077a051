package assay.engine.text;

import assay.InputException;
import assay.engine.text.Tokenizer.Lead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// A written conversation taken apart at known texts.
///
/// @param tokens before, between and behind the texts
/// @param leads what each of the texts is read behind
record Pieces(List<int[]> tokens, List<Lead> leads) {
    /// Characters of a conversation of short texts.
    private static final int LONGEST = 100_000;

    /// @param leads what a text is to be read behind, by the literal in front of it
    /// @throws InputException if a text is not there once and unchanged, or is read in another way behind its lead
    static Pieces of(String rendered, List<String> texts, Tokenizer tokenizer, Function<String, Lead> leads) {
        if (rendered.length() > LONGEST) {
            throw Slot.fault(
                    "a template that writes at most " + LONGEST + " characters around two short messages",
                    String.valueOf(rendered.length()));
        }
        Tokenizer.Encoded encoded = tokenizer.encodeWithPlaces(rendered);
        List<int[]> tokens = new ArrayList<>();
        List<Lead> found = new ArrayList<>();
        int token = 0;
        int behind = 0;
        for (String text : texts) {
            int at = place(rendered, text, behind);
            String literal = rendered.substring(behind, at);
            Lead lead = leads.apply(literal);
            int own = literal.length() - Lead.behind(literal).border();
            int from = rendered.codePointCount(0, at) - own;
            int to = from + own + text.codePointCount(0, text.length());
            int start = token;
            while (start < encoded.ids().length && encoded.ends()[start] <= from) {
                start++;
            }
            int stop = start;
            while (stop < encoded.ids().length && encoded.starts()[stop] < to) {
                stop++;
            }
            if (!reads(tokenizer.behind(lead), text, Arrays.copyOfRange(encoded.ids(), start, stop))) {
                throw otherReading(text);
            }
            tokens.add(Arrays.copyOfRange(encoded.ids(), token, start));
            found.add(lead);
            token = stop;
            behind = at + text.length();
        }
        tokens.add(Arrays.copyOfRange(encoded.ids(), token, encoded.ids().length));
        return new Pieces(tokens, found);
    }

    private static int place(String rendered, String text, int behind) {
        int at = rendered.indexOf(text);
        if (at < 0 || rendered.indexOf(text, at + 1) >= 0) {
            throw Slot.fault(
                    "a template that writes system, user and assistant messages once and unchanged",
                    at < 0 ? "\"" + text + "\" left out or altered" : "\"" + text + "\" more than once");
        }
        if (at < behind) {
            throw Slot.fault("the system message in front of the user's", "it behind");
        }
        return at;
    }

    /// Whether a text gives these tokens.
    static boolean reads(Tokenizer tokenizer, String text, int[] expected) {
        try {
            return Arrays.equals(expected, tokenizer.encode(text));
        } catch (InputException _) {
            return false;
        }
    }

    static InputException otherReading(String text) {
        return Slot.fault(
                "a tokenizer that reads a text in one way wherever it stands",
                "another reading of \"" + text + "\"",
                "This version cannot exchange prompts with this tokenizer; use another model.");
    }
}
