package assay.cli.chat;

import assay.measure.behaviour.Sampling;

/// How answers are drawn in a chat.
///
/// @param seed of the next answers
/// @param temperature 0 takes the likeliest token
/// @param topP share of probability drawn from
/// @param tokens most of an answer
/// @param system what stands behind every prompt in the system message
/// @param prefill how every answer begins
/// @param isRaw whether messages are texts to go on with
public record ChatSettings(
        long seed, double temperature, double topP, int tokens, String system, String prefill, boolean isRaw) {
    private static final int LIKELIEST = 256;

    /// Temperature .7 over 90 % of the probability, 128 tokens.
    public static ChatSettings defaults(long seed) {
        return new ChatSettings(seed, 0.7, 0.9, 128, "", "", false);
    }

    Sampling sampling() {
        return new Sampling(tokens, temperature, topP, LIKELIEST, seed);
    }

    ChatSettings withSeed(long other) {
        return new ChatSettings(other, temperature, topP, tokens, system, prefill, isRaw);
    }

    ChatSettings withTemperature(double other) {
        return new ChatSettings(seed, other, topP, tokens, system, prefill, isRaw);
    }

    ChatSettings withTopP(double other) {
        return new ChatSettings(seed, temperature, other, tokens, system, prefill, isRaw);
    }

    ChatSettings withTokens(int other) {
        return new ChatSettings(seed, temperature, topP, other, system, prefill, isRaw);
    }

    ChatSettings withSystem(String other) {
        return new ChatSettings(seed, temperature, topP, tokens, other, prefill, isRaw);
    }

    ChatSettings withPrefill(String other) {
        return new ChatSettings(seed, temperature, topP, tokens, system, other, isRaw);
    }

    ChatSettings raw(boolean other) {
        return new ChatSettings(seed, temperature, topP, tokens, system, prefill, other);
    }
}
