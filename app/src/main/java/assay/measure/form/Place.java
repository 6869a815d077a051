package assay.measure.form;

/// Where in an answer a kind of form can be met.
public enum Place {
    /// At every token.
    ANYWHERE("tokens"),
    /// At the first token of an answer, and behind the end of a sentence.
    SENTENCE_START("beginnings of sentences"),
    /// At every token that begins no sentence.
    INSIDE("tokens inside sentences"),
    /// At the first token of an answer, and behind a line break.
    LINE_START("beginnings of lines");

    private final String words;

    Place(String words) {
        this.words = words;
    }

    /// What is counted there, for reports.
    public String words() {
        return words;
    }
}
