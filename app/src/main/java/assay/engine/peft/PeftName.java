package assay.engine.peft;

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
    private static final String PREFIX = "base_model.model.";
    private static final Pattern ADAPTER_NAME =
            Pattern.compile("\\.(lora_A|lora_B|lora_embedding_A|lora_embedding_B|modules_to_save)\\.default(?=\\.|$)");

    /// What a tensor is to its module.
    enum Part {
        FACTOR_A(".lora_A.weight"),
        FACTOR_B(".lora_B.weight"),
        FACTOR_BIAS(".lora_B.bias"),
        EMBEDDING_A(".lora_embedding_A"),
        EMBEDDING_B(".lora_embedding_B"),
        WEIGHT(".modules_to_save.weight", ".base_layer.weight", ".weight"),
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
                case WEIGHT, BIAS -> true;
            };
        }

        boolean isFactor() {
            return this != WEIGHT && this != BIAS;
        }
    }

    /// Where a tensor belongs, or nothing if the model has no such place.
    static Optional<PeftName> land(String name, Map<String, List<Long>> modelShapes) {
        String plain = ADAPTER_NAME.matcher(name).replaceFirst(".$1").replace("_orig_mod.", "");
        String inner = plain.startsWith(PREFIX) ? plain.substring(PREFIX.length()) : plain;
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
        return Stream.of(spelling, spelling.replaceFirst("language_model\\.", ""), "model." + spelling)
                .filter(module -> {
                    List<Long> shape = modelShapes.get(module + ".weight");
                    boolean hasBias = part != Part.BIAS || modelShapes.containsKey(module + ".bias");
                    return shape != null && hasBias && part.fits(module, shape);
                })
                .findFirst()
                .map(module -> new PeftName(module, spelling, part));
    }
}
