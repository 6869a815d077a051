package assay.engine.peft;

import assay.InputException;
import assay.base.run.Refusal;
import assay.engine.format.JsonFile;
import java.nio.file.Path;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What an `adapter_config.json` says of a soft prompt, once everything this version would get wrong has been
/// refused.
///
/// @param baseModel the model it was made for, as its author wrote it
/// @param tokens number of soft tokens
/// @param width numbers in each
/// @param isPrefix whether they are keys and values of all blocks
record PeftPromptConfig(String baseModel, long tokens, long width, boolean isPrefix) {
    /// More soft tokens than any prompt tuning uses and than most contexts hold.
    static final long MOST_TOKENS = 4096;

    private static final String PREFIX = "PREFIX_TUNING";

    /// Kinds whose file holds the soft prompt itself; of P-tuning's encoder PEFT saves only what it
    /// puts out.
    static final Set<String> TYPES = Set.of("PROMPT_TUNING", "P_TUNING", PREFIX);

    /// Fields read below.
    private static final Set<String> READ = Set.of(
            "peft_type",
            "base_model_name_or_path",
            "num_virtual_tokens",
            "token_dim",
            "num_transformer_submodules",
            "task_type");

    /// Fields that say how training began or describe the file or the base.
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "auto_mapping",
            "encoder_dropout",
            "encoder_hidden_size",
            "encoder_num_layers",
            "encoder_reparameterization_type",
            "inference_mode",
            "num_attention_heads",
            "num_layers",
            "peft_version",
            // The file holds what the projection put out.
            "prefix_projection",
            "prompt_tuning_init",
            "prompt_tuning_init_text",
            "revision",
            "runtime_config",
            "tokenizer_kwargs",
            "tokenizer_name_or_path");

    /// @param hidden width of the model it is to run on
    /// @throws InputException if it is not the configuration of a soft prompt, or not of one for such a model
    /// @param keys numbers its blocks keep of a token as keys and values
    static PeftPromptConfig read(Path path, long hidden, long keys) {
        JsonNode root = JsonFile.readObject(path);
        requireType(path, root.path("peft_type"));
        PeftConfig.requireOff("soft prompt", path, root, READ, WITHOUT_EFFECT);
        requireDecoder(path, root);
        String baseModel = PeftConfig.baseModel(root);
        long tokens = number(path, root, "num_virtual_tokens", MOST_TOKENS);
        boolean isPrefix = root.path("peft_type").asString("").equals(PREFIX);
        if (isPrefix) {
            return prefix(path, baseModel, tokens, keys);
        }
        long width = number(path, root, "token_dim", Integer.MAX_VALUE);
        if (width != hidden) {
            throw refusal(
                    path,
                    "token_dim " + hidden + ", the model's width",
                    width,
                    "It was made for " + baseModel + "; give that model.");
        }
        return new PeftPromptConfig(baseModel, tokens, width, false);
    }

    /// The width of the configuration may be that of all heads or of the shared ones; the tensor's counts.
    private static PeftPromptConfig prefix(Path path, String baseModel, long tokens, long keys) {
        if (keys == 0) {
            throw refusal(
                    path,
                    "peft_type PROMPT_TUNING",
                    PREFIX,
                    "Prefix tuning keeps keys and values for every layer, which can be explained but not trained on.");
        }
        return new PeftPromptConfig(baseModel, tokens, keys, true);
    }

    static InputException refusal(Path path, String expected, Object found, String nextStep) {
        return Refusal.of("soft prompt", expected, found, path, nextStep);
    }

    private static void requireType(Path path, JsonNode type) {
        String found = type.isString() ? type.asString() : JsonFile.shown(type);
        if (TYPES.contains(found)) {
            return;
        }
        String instead = switch (found) {
            case "LORA" -> "It is a LoRA adapter: give it with --adapter.";
            default -> "This version reads soft prompts made by P-tuning, prefix tuning and prompt tuning only.";
        };
        throw refusal(path, "peft_type PROMPT_TUNING", found, instead);
    }

    /// Models with an encoder and a decoder keep one soft prompt for each.
    private static void requireDecoder(Path path, JsonNode root) {
        JsonNode submodules = root.path("num_transformer_submodules");
        boolean untold = submodules.isMissingNode() || submodules.isNull();
        boolean single = submodules.isIntegralNumber() && submodules.canConvertToInt() && submodules.asInt() == 1;
        if (!untold && !single) {
            throw refusal(
                    path,
                    "num_transformer_submodules 1",
                    JsonFile.shown(submodules),
                    "This version reads soft prompts of decoder-only models.");
        }
        String task = root.path("task_type").asString("CAUSAL_LM");
        if (task.startsWith("SEQ_2_SEQ")) {
            throw refusal(path, "task_type CAUSAL_LM", task, "This version reads soft prompts of decoder-only models.");
        }
    }

    private static long number(Path path, JsonNode root, String field, long most) {
        JsonNode value = root.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 1 || value.asLong() > most) {
            throw refusal(
                    path,
                    field + " to be a whole number from 1 to " + most,
                    JsonFile.shown(value),
                    "Is it the file PEFT wrote?");
        }
        return value.asLong();
    }
}
