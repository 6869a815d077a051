package assay.tasks.extend;

import assay.measure.behaviour.HardPrompt;

/// Why a text is not looked at.
public enum Dropped {
    /// Nothing but white space.
    BLANK("blank"),
    /// Came before, or has the hash of one that did.
    REPEATED("repeated"),
    /// Stands in the atlas.
    KNOWN("in the atlas already"),
    /// Longer than [Sieve#MOST_CHARACTERS] or [HardPrompt#MOST_TOKENS].
    LONG("over " + HardPrompt.MOST_TOKENS + " tokens or " + Sieve.MOST_CHARACTERS + " characters"),
    /// Holds control characters, tabs included.
    CONTROL("with control characters"),
    /// Its bytes are no UTF-8.
    NOT_UTF8("not UTF-8"),
    /// Written by the model and no readable prompt.
    UNREADABLE("written by the model and not readable");

    private final String words;

    Dropped(String words) {
        this.words = words;
    }

    /// What is wrong, to stand behind a count.
    public String words() {
        return words;
    }
}
