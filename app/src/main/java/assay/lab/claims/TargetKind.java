package assay.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What a study's target is, in the order in which reports show them. Study files, run folders and documents
/// spell it as [#toString] does.
public enum TargetKind {
    /// A system prompt; what says the same is left out.
    PROMPT("hard prompts"),
    /// A mixture made of prompts of the dictionary.
    PLANTED("planted mixtures"),
    /// A soft prompt trained to do something.
    SOFT("soft prompts"),
    /// An adapter, explained directly.
    ADAPTER("adapters, directly"),
    /// A soft prompt of random vectors.
    RANDOM_SOFT("random soft prompts"),
    /// A prompt of random tokens.
    GIBBERISH("gibberish prompts"),
    /// A control that must not hold: a prompt's differences from the base, moved to other places.
    NULL_SHUFFLED("null: shuffled target"),
    /// A control that must not hold: a prompt for which only token noise may stand.
    NULL_NOISE("null: token noise"),
    /// A control that must not hold: a prompt of a model that was never trained.
    NULL_UNTRAINED("null: untrained weights");

    private final String words;

    TargetKind(String words) {
        this.words = words;
    }

    /// All as a file spells them.
    public static List<String> spellings() {
        return Arrays.stream(values()).map(TargetKind::toString).toList();
    }

    /// The kind a file spells.
    ///
    /// @throws IllegalArgumentException if it is none of [#spellings]
    public static TargetKind spelled(String spelling) {
        return Arrays.stream(values())
                .filter(kind -> kind.toString().equals(spelling))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "kind of target: expected one of " + spellings() + ", found " + spelling));
    }

    /// In words, plural.
    public String words() {
        return words;
    }

    /// Whether it is a control that must not hold.
    public boolean isNull() {
        return compareTo(NULL_SHUFFLED) >= 0;
    }

    /// Whether the claims S2 to S4 are judged by it.
    public boolean isCounted() {
        return this == PROMPT || this == SOFT;
    }

    /// Whether it means something, so that prompts can be expected to say it.
    public boolean isMeaningful() {
        return compareTo(RANDOM_SOFT) < 0;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
