package assay.measure.judge;

/// Why a claim does not simply hold, chosen by rules.
public enum Cause {
    /// It holds.
    NONE("it holds"),
    /// The study measured too little.
    NOT_MEASURED("too little was measured"),
    /// Intervals straddle the gate or seeds disagree.
    UNSETTLED("the intervals or the seeds do not settle it"),
    /// Dense ridge over everything run fails too.
    DICTIONARY_LACKS("the dictionary lacks it: all prompts together do not hold it either"),
    /// Dense works, a short list does not.
    NOT_SPARSE("the dictionary holds it, but not in a short list"),
    /// Lists are faithful, but seeds find different ones.
    NOT_IDENTIFIABLE("faithful lists exist, but different seeds find different ones"),
    /// Random prompts do as well.
    MEANINGLESS("random prompts do as well: faithful, but the prompts mean nothing"),
    /// A prefix cannot do it.
    NEEDS_ATTENTION("the adapter changes what no prefix can change"),
    /// Training was cut short.
    STILL_LEARNING("the soft prompt was still learning when its steps were over"),
    /// Searching adds too little to chance.
    SEARCH_TOO_WEAK("searching finds little that random prompts do not have"),
    /// A search beats chance and misses what was planted.
    NOT_RECOVERED("searching beats chance, but does not find planted prompts again"),
    /// Readers cannot tell.
    NOT_READABLE("a reader cannot tell from the prompts what the target does"),
    /// The prompts are no natural language.
    NOT_FLUENT("too many of the prompts read less naturally than the dictionary does"),
    /// Edits of the prompts do not move the list as predicted.
    NOT_CAUSAL("words replaced in the prompts do not move the list as predicted, or stand in none of them"),
    /// A log pool is an AND.
    OR_NOT_AND("a predicate is an OR over answers; a log pool is an AND"),
    /// One set of weights does not fit all contexts.
    CONTEXT_DEPENDENT("one set of weights does not fit all contexts"),
    /// The model does not do it itself.
    MODEL_CANNOT("the model does not do it itself"),
    /// A null held, or a planted truth was missed.
    CONTROL_FAILED("a control misbehaved: a null holds or a planted truth is missed, so no figure can be trusted");

    private final String words;

    Cause(String words) {
        this.words = words;
    }

    /// In plain words.
    public String words() {
        return words;
    }
}
