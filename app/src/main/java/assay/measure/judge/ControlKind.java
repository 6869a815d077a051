package assay.measure.judge;

/// The other explanations that a short list of prompts is set against, in the order of a study's rows.
///
/// A new one is a constant here, a method that measures it and a line in [Judge#controls]; every report shows
/// it then. In its words `{k}` is the number of prompts or directions.
public enum ControlKind {
    /// The best prompt with weight one.
    UNSCALED(
            "best single prompt as it is",
            "unscaled",
            "best single prompt, weight 1",
            "Best single prompt as it is",
            "its weight is one",
            "unscaled"),
    /// The best prompt, its weight fitted.
    SINGLE(
            "best single prompt, weight fitted",
            "best_single",
            "best single prompt",
            "Best single prompt",
            "its weight is fitted",
            "single"),
    /// The best list of prompts of random tokens.
    NOISE(
            "token noise, the best of " + Judge.NOISE,
            "noise",
            "best list of token noise",
            "Token noise",
            "the best list of prompts of random tokens",
            "noise"),
    /// Prompts that explain another target.
    WRONG(
            "prompts of another target, refitted",
            "wrong",
            "another target's prompts",
            "Prompts of another target",
            "their weights fitted to this one",
            "another's"),
    /// A constant offset of the hidden state.
    CONSTANT(
            "constant offset",
            "constant_offset",
            "constant offset, as many numbers",
            "Constant offset",
            "as many free numbers as the full mixture",
            "offset"),
    /// The best directions of all prompts that were run.
    DIRECTIONS(
            "best directions",
            "svd",
            "best {k} directions",
            "Rank {k}",
            "best directions of these prompts",
            "rank {k}"),
    /// All prompts that were run.
    DENSE(
            "dense ridge",
            "dense",
            "chosen and random, dense",
            "Dense",
            "ridge over the chosen and the random prompts together",
            "dense");

    private final String spelling;
    private final String key;
    private final String line;
    private final String title;
    private final String note;
    private final String brief;

    ControlKind(String spelling, String key, String line, String title, String note, String brief) {
        this.spelling = spelling;
        this.key = key;
        this.line = line;
        this.title = title;
        this.note = note;
        this.brief = brief;
    }

    /// Its key in the document of one explanation.
    public String key() {
        return key;
    }

    /// Details that stand beside its title.
    public String note() {
        return note;
    }

    String line(int k) {
        return counted(line, k);
    }

    String title(int k) {
        return counted(title, k);
    }

    String brief(int k) {
        return counted(brief, k);
    }

    private static String counted(String words, int k) {
        return words.replace("{k}", String.valueOf(k));
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
