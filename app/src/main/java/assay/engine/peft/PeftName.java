package assay.engine.peft;

import assay.engine.format.Spelling;
import assay.engine.format.Wrappers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a tensor of a PEFT file is for, worked out from its name.
///
/// @param module the model's name of the module, e.g. `model.layers.0.self_attn.q_proj`
/// @param spelling the name PEFT knew it under, which the configuration's patterns are about
/// @param part what it is to that module
record PeftName(String module, String spelling, Part part) {
    static final String EMBEDDING = "model.embed_tokens";
    private static final Pattern PREFIX = Pattern.compile("^(base_model\\.model\\.)+");
    /// PEFT leaves the adapter's name out when it saves; others do not.
    private static final Pattern ADAPTER_NAME = Pattern.compile(
            "\\.(lora_A|lora_B|lora_embedding_A|lora_embedding_B|modules_to_save|lora_magnitude_vector|token_adapter\\.trainable_tokens_delta)\\.(?!(?:weight|bias)$)[^.]+(?=\\.|$)");
    /// The base's own weights, kept beside a trained copy of them.
    private static final Pattern ORIGINAL = Pattern.compile(".*\\.original_module\\..*");

    /// What a tensor is to its module.
    enum Part {
        FACTOR_A(".lora_A.weight", ".lora_a"),
        FACTOR_B(".lora_B.weight", ".lora_b"),
        FACTOR_BIAS(".lora_B.bias"),
        EMBEDDING_A(".lora_embedding_A"),
        EMBEDDING_B(".lora_embedding_B"),
        MAGNITUDE(".lora_magnitude_vector.weight", ".lora_magnitude_vector"),
        TOKENS(".token_adapter.trainable_tokens_delta"),
        WEIGHT(".modules_to_save.weight", ".token_adapter.base_layer.weight", ".base_layer.weight", ".weight"),
        BIAS(".modules_to_save.bias", ".base_layer.bias", ".bias");

        @SuppressWarnings("ImmutableEnumChecker")
        private final List<String> endings;

        Part(String... endings) {
            this.endings = List.of(endings);
        }

        /// What the embedding and the linear layers keep apart, both in this file and in the model.
        boolean fits(String module, List<Long> weight) {
            return switch (this) {
                case FACTOR_A, FACTOR_B, FACTOR_BIAS -> weight.size() == 2 && !module.equals(EMBEDDING);
                case EMBEDDING_A, EMBEDDING_B -> module.equals(EMBEDDING);
                case MAGNITUDE, TOKENS -> weight.size() == 2;
                case WEIGHT, BIAS -> true;
            };
        }

        boolean isFactor() {
            return this != WEIGHT && this != BIAS && this != TOKENS;
        }
    }

    /// Whether a tensor is a copy that nobody uses.
    static boolean isIdle(String name) {
        return ORIGINAL.matcher(name).matches();
    }

    /// Whether a matrix is stored the other way round, as factors by MLX and whole weights of GPT-2 are.
    static boolean isTransposed(String name) {
        return name.endsWith(".lora_a") || name.endsWith(".lora_b") || (isWhole(name) && Spelling.isTurned(name));
    }

    private static boolean isWhole(String name) {
        return Part.WEIGHT.endings.stream().anyMatch(name::endsWith) && !name.contains(".lora_");
    }

    /// Where a tensor belongs, or nothing if the model has no such place.
    static Optional<PeftName> land(String name, Map<String, List<Long>> modelShapes) {
        String unwrapped = Wrappers.without(name);
        String plain = ADAPTER_NAME.matcher(unwrapped).replaceFirst(".$1");
        String inner = PREFIX.matcher(plain).replaceFirst("");
        for (Part part : Part.values()) {
            for (String ending : part.endings) {
                if (inner.endsWith(ending)) {
                    return land(inner.substring(0, inner.length() - ending.length()), part, modelShapes);
                }
            }
        }
        return Optional.empty();
    }

    /// Models wrapped for vision say `language_model.` somewhere; models saved without a head leave out
    /// `model.`.
    private static Optional<PeftName> land(String spelling, Part part, Map<String, List<Long>> modelShapes) {
        String textOnly = spelling.replaceFirst("language_model\\.", "");
        return Stream.of(
                        spelling,
                        textOnly,
                        "model." + textOnly,
                        textOnly.replaceFirst("^model\\.", ""),
                        Spelling.ours(textOnly))
                .filter(module -> {
                    List<Long> shape = modelShapes.get(module + ".weight");
                    boolean hasBias = part != Part.BIAS || modelShapes.containsKey(module + ".bias");
                    return shape != null && hasBias && part.fits(module, shape);
                })
                .findFirst()
                .map(module -> new PeftName(module, spelling, part));
    }
}
