package assay.engine.text;

/// What becomes of a model's habit to think before it answers. It is switched off wherever the template can.
public enum Thinking {
    /// The template knows nothing of it.
    NONE("none"),
    /// Switched off by an empty think block in front of the answer.
    EMPTY_BLOCK("off, by an empty think block"),
    /// Switched off in another way.
    OFF("off"),
    /// The template opens a think block itself.
    ON("on: the template opens a think block, and offers no way to leave it out");

    private final String words;

    Thinking(String words) {
        this.words = words;
    }

    /// For the user.
    public String words() {
        return words;
    }
}
