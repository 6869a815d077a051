package assay.measure.judge;

/// The other explanations that a short list of prompts is set against, in the order of a study's rows.
///
/// A new one is a constant here, a method that measures it and a line in [Judge#controls]; every report shows
/// it then.
public enum ControlKind {
    /// The best prompt with weight one.
    UNSCALED(
            "best single prompt as it is",
            "unscaled",
            new Words("best single prompt, weight 1", "Best single prompt as it is", "its weight is one", "unscaled")),
    /// The best prompt, its weight fitted.
    SINGLE(
            "best single prompt, weight fitted",
            "best_single",
            new Words("best single prompt", "Best single prompt", "its weight is fitted", "single")),
    /// The best list of prompts of random tokens.
    NOISE(
            "token noise, the best of " + Judge.NOISE,
            "noise",
            new Words("best list of token noise", "Token noise", "the best list of prompts of random tokens", "noise")),
    /// Prompts that explain another target.
    WRONG(
            "prompts of another target, refitted",
            "wrong",
            new Words(
                    "another target's prompts",
                    "Prompts of another target",
                    "their weights fitted to this one",
                    "another's")),
    /// A constant offset of the hidden state.
    CONSTANT(
            "constant offset",
            "constant_offset",
            new Words(
                    "constant offset, as many numbers",
                    "Constant offset",
                    "as many free numbers as the full mixture",
                    "offset")),
    /// The best directions of all prompts that were run.
    DIRECTIONS(
            "best directions",
            "svd",
            new Words("best {k} directions", "Rank {k}", "best directions of these prompts", "rank {k}")),
    /// All prompts that were run.
    DENSE(
            "dense ridge",
            "dense",
            new Words(
                    "chosen and random, dense",
                    "Dense",
                    "ridge over the chosen and the random prompts together",
                    "dense"));

    private final String spelling;
    private final String key;
    private final Words words;

    ControlKind(String spelling, String key, Words words) {
        this.spelling = spelling;
        this.key = key;
        this.words = words;
    }

    /// What reports call it, with `{k}` for the number of prompts or directions.
    ///
    /// @param line in a terminal
    /// @param title in a table
    /// @param note details beside the title
    /// @param brief where there is little room
    record Words(String line, String title, String note, String brief) {}

    Words words() {
        return words;
    }

    /// Details that stand beside its title.
    public String note() {
        return words.note();
    }

    /// Its key in the document of one explanation.
    public String key() {
        return key;
    }

    /// Whether it is what a list could hope for at most, rather than what a list has to be better than.
    public boolean isCeiling() {
        return this == DIRECTIONS || this == DENSE;
    }

    /// As run folders and the documents of studies write it.
    @Override
    public String toString() {
        return spelling;
    }
}
