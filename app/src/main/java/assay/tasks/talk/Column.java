package assay.tasks.talk;

import java.util.Locale;

/// Whose answers stand side by side.
public enum Column {
    /// The model by itself.
    BASE,
    /// What is explained.
    TARGET,
    /// The soft prompt that was trained on the way, if there is one.
    SOFT,
    /// The weighted prompts.
    MIXTURE;

    /// Its name for programs and people: `base`, `target`, `soft`, `mixture`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
