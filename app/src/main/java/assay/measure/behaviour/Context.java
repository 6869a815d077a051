package assay.measure.behaviour;

/// A user turn and the start of an answer, as the tokens that follow the prompt in the slot, up to but
/// without the last answer token.
///
/// @param turn number of the user turn it belongs to
/// @param tail token ids after the prompt
/// @param places how many last columns of the tail are compared: each predicts one answer token
public record Context(int turn, int[] tail, int places) {
    /// @throws IllegalArgumentException if there is nothing to compare
    public Context {
        if (places < 1 || places > tail.length) {
            throw new IllegalArgumentException(
                    "context: expected 1 to " + tail.length + " places, found " + places + " (turn " + turn + ").");
        }
    }
}
