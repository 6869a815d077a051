package assay.tasks.extend;

/// How far a stream is, between two batches: enough to go on from there with the same prompts.
///
/// @param items lines or drawn texts taken
/// @param fresh new phrases of the present draw of the grammars
/// @param written hashes of the usable prompts the model wrote, which are too slow to write again
/// @param tally counts so far
public record Position(long items, long fresh, long[] written, Tally tally) {
    /// The beginning.
    public static Position start() {
        return new Position(0, 0, new long[0], new Tally());
    }
}
