package assay.lab.bench;

import assay.base.tensor.Dtype;
import assay.engine.model.LanguageModel;

/// What Assay's side of a row has to do, counted on paper: what is multiplied, and what must at least be read or
/// written.
///
/// @param flop of the matrix products, in the format of the row
/// @param bytes that must move through memory at least once
/// @param dtype the format most of it is multiplied in
public record Cost(double flop, double bytes, Dtype dtype) {
    /// Nothing that a processor's peak would bound.
    public static final Cost NONE = new Cost(0, 0, Dtype.FLOAT32);

    /// Reading tokens through the first blocks of a model, without its unembedding.
    ///
    /// @param passes how often all weights are read
    /// @param keys tokens each token looks at, on average
    public static Cost ofTokens(LanguageModel model, int blocks, double tokens, double passes, double keys) {
        double matrices = matrices(model) * blocks / model.layers();
        double attention = 4.0 * tokens * keys * model.hidden() * blocks;
        double states = 2.0 * tokens * model.hidden() * model.dtype().bytes() * blocks;
        return new Cost(
                2 * matrices * tokens + attention, matrices * model.dtype().bytes() * passes + states, model.dtype());
    }

    /// Logits over the whole vocabulary, in float32.
    public static Cost ofLogits(LanguageModel model, double places, double passes) {
        double size = (double) model.vocabulary() * model.hidden();
        return new Cost(2 * size * places, size * Float.BYTES * passes, Dtype.FLOAT32);
    }

    /// Numbers in the matrices of all blocks.
    public static double matrices(LanguageModel model) {
        return model.tensorShapes().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("model.layers."))
                .filter(entry -> entry.getValue().size() == 2)
                .mapToDouble(entry ->
                        entry.getValue().getFirst() * (double) entry.getValue().getLast())
                .sum();
    }

    /// So many times.
    public Cost times(double factor) {
        return new Cost(flop * factor, bytes * factor, dtype);
    }
}
