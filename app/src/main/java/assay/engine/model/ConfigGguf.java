package assay.engine.model;

import assay.InputException;
import java.nio.file.Path;
import java.util.Map;

/// Reads the configuration of a model from GGUF metadata.
final class ConfigGguf {
    private final Path path;
    private final Map<String, Object> metadata;
    private final String prefix;

    private ConfigGguf(Path path, Map<String, Object> metadata) {
        this.path = path;
        this.prefix = Family.ofGguf(metadata, path).gguf() + ".";
        this.metadata = metadata;
    }

    /// @param vocabulary rows of the embedding tensor
    /// @param ropeDivisors what each rotary frequency is divided by; empty for nothing
    /// @throws InputException if the architecture is another, a size is missing, or a number is none
    static ModelConfig read(Path path, Map<String, Object> metadata, int vocabulary, float[] ropeDivisors) {
        return new ConfigGguf(path, metadata).config(vocabulary, ropeDivisors);
    }

    private ModelConfig config(int vocabulary, float[] ropeDivisors) {
        int hidden = size("embedding_length", 0);
        int queryHeads = size("attention.head_count", 0);
        int dimension = size("attention.key_length", hidden / queryHeads);
        requirePlain("attention.value_length", dimension);
        requirePlain("expert_count", 0);
        requirePlain("rope.dimension_count", dimension);
        requirePlain("rope.scaling.attn_factor", 1);
        return new ModelConfig(
                vocabulary,
                hidden,
                size("feed_forward_length", 0),
                size("block_count", 0),
                new ModelConfig.Heads(queryHeads, size("attention.head_count_kv", queryHeads), dimension),
                positive("attention.layer_norm_rms_epsilon", 1e-6),
                new Rope(positive("rope.freq_base", 10_000), scaling(ropeDivisors, dimension / 2)),
                size("context_length", 2048));
    }

    /// As llama.cpp reads it: without a type the scaling is linear, without a factor or with 0 it is
    /// none, and files from before August 2023 call the factor `rope.scale_linear`.
    private Rope.Scaling scaling(float[] divisors, int frequencies) {
        Object type = metadata.getOrDefault(prefix + "rope.scaling.type", "linear");
        if (!type.equals("none") && !type.equals("linear")) {
            throw new InputException("model: expected rope scaling none or linear, found " + type + " (" + path
                    + "). This version cannot run it.");
        }
        double given = number("rope.scaling.factor", number("rope.scale_linear", 0));
        double factor = given == 0 || type.equals("none") ? 1 : given;
        boolean arePositive = true;
        for (float divisor : divisors) {
            arePositive &= divisor > 0;
        }
        if (factor < 0 || !arePositive || (divisors.length > 0 && divisors.length != frequencies)) {
            throw new InputException("model: expected a positive rope.scaling.factor and " + frequencies
                    + " positive numbers in rope_freqs.weight, found " + given + " and " + divisors.length
                    + " numbers (" + path + "). The file is damaged or of another family.");
        }
        return divisors.length > 0
                ? Rope.Scaling.Divided.by(factor, divisors)
                : factor == 1 ? new Rope.Scaling.None() : new Rope.Scaling.Linear(factor);
    }

    /// Refuses a variant of the family that would run, but with wrong numbers.
    private void requirePlain(String key, int plain) {
        if (number(key, plain) != plain) {
            throw new InputException("model: expected " + prefix + key + " to be " + plain + ", found "
                    + metadata.get(prefix + key) + " (" + path + "). This version cannot run it.");
        }
    }

    private int size(String key, int otherwise) {
        double value = positive(key, otherwise);
        if (value > Integer.MAX_VALUE || value != Math.rint(value)) {
            throw wrong(key, "a positive whole ");
        }
        return (int) value;
    }

    private double positive(String key, double otherwise) {
        double value = number(key, otherwise);
        if (!(value > 0)) {
            throw wrong(key, "a positive ");
        }
        return value;
    }

    private double number(String key, double otherwise) {
        Object value = metadata.getOrDefault(prefix + key, otherwise);
        if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
            throw wrong(key, "a number as ");
        }
        return number.doubleValue();
    }

    private InputException wrong(String key, String kind) {
        Object found = metadata.get(prefix + key);
        return new InputException("GGUF: expected " + kind + prefix + key + ", found "
                + (found == null ? "none" : found) + " (" + path + "). Fetch the file again.");
    }
}
