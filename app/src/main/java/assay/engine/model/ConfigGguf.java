package assay.engine.model;

import assay.InputException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;

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
    /// @throws InputException if the architecture is another or a size is missing
    static ModelConfig read(Path path, Map<String, Object> metadata, int vocabulary) {
        return new ConfigGguf(path, metadata).config(vocabulary);
    }

    private ModelConfig config(int vocabulary) {
        int hidden = size("embedding_length");
        int queryHeads = size("attention.head_count");
        int dimension = (int) number("attention.key_length").orElse((double) hidden / queryHeads);
        requirePlain("expert_count", 0);
        requirePlain("rope.dimension_count", dimension);
        return new ModelConfig(
                vocabulary,
                hidden,
                size("feed_forward_length"),
                size("block_count"),
                new ModelConfig.Heads(
                        queryHeads, (int) number("attention.head_count_kv").orElse(queryHeads), dimension),
                number("attention.layer_norm_rms_epsilon").orElse(1e-6),
                new Rope(number("rope.freq_base").orElse(10_000), scaling()),
                (int) number("context_length").orElse(2048));
    }

    private Rope.Scaling scaling() {
        Object type = metadata.getOrDefault(prefix + "rope.scaling.type", "none");
        return switch (type.toString()) {
            case "none" -> new Rope.Scaling.None();
            case "linear" ->
                new Rope.Scaling.Linear(number("rope.scaling.factor").orElse(1));
            default ->
                throw new InputException("model: expected rope scaling none or linear, found " + type + " (" + path
                        + "). This version cannot run it.");
        };
    }

    /// Refuses a variant of the family that would run, but with wrong numbers.
    private void requirePlain(String key, int plain) {
        double found = number(key).orElse(plain);
        if (found != plain) {
            throw new InputException("model: expected " + prefix + key + " to be " + plain + ", found "
                    + metadata.get(prefix + key) + " (" + path + "). This version cannot run it.");
        }
    }

    private int size(String key) {
        double value = number(key).orElse(-1);
        if (value < 1 || value > Integer.MAX_VALUE) {
            throw new InputException("GGUF: expected a positive " + prefix + key + ", found "
                    + metadata.get(prefix + key) + " (" + path + "). Fetch the file again.");
        }
        return (int) value;
    }

    private OptionalDouble number(String key) {
        return metadata.get(prefix + key) instanceof Number number
                ? OptionalDouble.of(number.doubleValue())
                : OptionalDouble.empty();
    }
}
