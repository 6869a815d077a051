package assay.measure.behaviour;

/// How answers are drawn.
///
/// @param maxTokens longest answer, tokens
/// @param temperature divides the logits; 0 takes the likeliest token
/// @param topP keeps the likeliest tokens up to this share of probability
/// @param topK keeps at most this many tokens
/// @param seed of the draws; sequence `i` of a batch draws from its own stream
public record Sampling(int maxTokens, double temperature, double topP, int topK, long seed) {
    /// Checks ranges.
    public Sampling {
        if (maxTokens < 1 || temperature < 0 || topP <= 0 || topP > 1 || topK < 1) {
            throw new IllegalArgumentException(
                    "sampling: expected maxTokens ≥ 1, temperature ≥ 0, 0 < topP ≤ 1, topK ≥ 1.");
        }
    }

    /// Temperature 1 over the 256 likeliest tokens within 95 % of the probability.
    public static Sampling defaults(int maxTokens, long seed) {
        return new Sampling(maxTokens, 1, 0.95, 256, seed);
    }

    /// Always the likeliest token.
    public static Sampling greedy(int maxTokens) {
        return new Sampling(maxTokens, 0, 1, 1, 0);
    }
}
