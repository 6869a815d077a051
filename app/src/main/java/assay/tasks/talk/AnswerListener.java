package assay.tasks.talk;

/// Hears answers as they are written, token by token, on the thread of the [WorkQueue]: it must not wait for anything.
public interface AnswerListener {
    /// A column wrote a token.
    void token(Column column, Token token);

    /// A column's answer is over.
    void ended(Column column, Answered answer);

    /// A token of an answer.
    ///
    /// @param place its number in the answer, what the answer was begun with counted in
    /// @param text what it adds to the text; empty while a letter is not whole yet
    /// @param probability that it had, before temperature and top-p
    record Token(int place, int id, String text, double probability) {}

    /// A whole answer.
    ///
    /// @param tokens with what it was begun with, without the end of the answer
    /// @param text of what was written, without what it was begun with
    record Answered(int[] tokens, String text, Ending ending) {}

    /// Why an answer is over.
    enum Ending {
        /// It ended by itself.
        ITSELF,
        /// It has as many tokens as were asked for.
        LENGTH,
        /// The model's context is full.
        CONTEXT,
        /// It was stopped.
        STOPPED
    }
}
