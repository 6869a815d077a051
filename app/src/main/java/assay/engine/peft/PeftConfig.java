package assay.engine.peft;

import assay.InputException;
import assay.base.run.Refusal;
import assay.engine.format.JsonFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What an `adapter_config.json` says of a LoRA adapter, once everything this version would get wrong has
/// been refused.
///
/// @param baseModel the model it was made for, as its author wrote it
/// @param ranks rank and scale of each module
/// @param targets which modules it changes
/// @param factorBias whether every B has a bias (`lora_bias`)
record PeftConfig(String baseModel, Ranks ranks, PeftTargets targets, boolean factorBias) {
    /// Fields read below.
    private static final Set<String> READ = Set.of(
            "peft_type",
            "base_model_name_or_path",
            "r",
            "lora_alpha",
            "use_rslora",
            "rank_pattern",
            "alpha_pattern",
            "target_modules",
            "exclude_modules",
            "layers_to_transform",
            "layers_pattern",
            "modules_to_save",
            "bias",
            "lora_bias",
            "init_lora_weights");

    /// Fields that matter while training or describe the file, never to a trained adapter of a decoder-only
    /// model.
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "lora_dropout",
            "inference_mode",
            "auto_mapping",
            "peft_version",
            "loftq_config",
            "eva_config",
            "megatron_config",
            "megatron_core",
            "runtime_config",
            "task_type",
            "revision",
            "qalora_group_size");

    /// Starts that leave the base weights as they are; the others (PiSSA, OLoRA, CorDA, LoRA-GA, LoftQ)
    /// change them.
    private static final Set<String> HARMLESS_STARTS = Set.of("true", "false", "null", "gaussian", "eva", "orthogonal");

    /// Which biases of the model were trained. Whatever it says, the tensors tell which were.
    private static final Set<String> BIASES = Set.of("none", "all", "lora_only");

    /// Rank and scale of each module.
    ///
    /// @param rank where no pattern says otherwise
    /// @param alpha where no pattern says otherwise
    /// @param stabilised rank-stabilised LoRA (arXiv 2312.03732): α/√r instead of α/r
    /// @param rankPattern exceptions, the first that matches a module's name counts
    /// @param alphaPattern exceptions, likewise
    record Ranks(
            long rank,
            double alpha,
            boolean stabilised,
            Map<PeftPattern, Double> rankPattern,
            Map<PeftPattern, Double> alphaPattern) {
        /// The rank of a module, by the name PEFT knows it under.
        long of(String module) {
            return (long) lookUp(rankPattern, module, (double) rank);
        }

        /// What B·A is multiplied by.
        double scale(String module, long rank) {
            return lookUp(alphaPattern, module, alpha) / (stabilised ? Math.sqrt((double) rank) : (double) rank);
        }

        private static double lookUp(Map<PeftPattern, Double> pattern, String module, double otherwise) {
            for (Map.Entry<PeftPattern, Double> entry : pattern.entrySet()) {
                if (entry.getKey().matches(module)) {
                    return entry.getValue();
                }
            }
            return otherwise;
        }
    }

    /// @throws InputException if it is not the configuration of a LoRA adapter, or asks for something not
    /// supported
    static PeftConfig read(Path path) {
        JsonNode root = JsonFile.readObject(path);
        String type = root.path("peft_type").asString("none");
        if (!type.equals("LORA")) {
            String instead = type.equals("PROMPT_TUNING")
                    ? "It is a soft prompt: give it with --soft."
                    : "This version reads LoRA adapters, and soft prompts with --soft.";
            throw refusal(path, "peft_type LORA", type, instead);
        }
        requireOff("adapter", path, root, READ, WITHOUT_EFFECT);
        String start = root.path("init_lora_weights")
                .asString(root.path("init_lora_weights").toString());
        if (root.has("init_lora_weights") && !HARMLESS_STARTS.contains(start)) {
            throw refusal(
                    path,
                    "init_lora_weights that leaves the base weights alone",
                    JsonFile.shown(root.path("init_lora_weights")),
                    "Convert the adapter to a plain LoRA with PEFT first.");
        }
        Ranks ranks = new Ranks(
                (long) number(path, "r", root.path("r"), 8, true),
                number(path, "lora_alpha", root.path("lora_alpha"), 8, false),
                flag(path, root, "use_rslora"),
                pattern(path, root, "rank_pattern", true),
                pattern(path, root, "alpha_pattern", false));
        String bias = root.path("bias").asString("none");
        if (!BIASES.contains(bias)) {
            throw refusal(path, "bias to be none, all or lora_only", bias, "Correct the file.");
        }
        return new PeftConfig(baseModel(root), ranks, PeftTargets.read(path, root), flag(path, root, "lora_bias"));
    }

    /// Refuses fields that say something nobody reads.
    static void requireOff(String subject, Path path, JsonNode root, Set<String> read, Set<String> withoutEffect) {
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            String name = field.getKey();
            if (!isOff(field.getValue()) && !read.contains(name) && !withoutEffect.contains(name)) {
                String found = JsonFile.shown(field.getValue());
                String expected = Refusal.name(name) + " to be off";
                throw Refusal.of(subject, expected, found, path, "This version does not support it.");
            }
        }
    }

    /// The model it was made for, as its author wrote it.
    static String baseModel(JsonNode root) {
        String base = root.path("base_model_name_or_path").asString("");
        return base.isBlank() ? "an unnamed model" : base;
    }

    /// Whether a field says nothing: null, false or empty.
    private static boolean isOff(JsonNode value) {
        return value.isNull()
                || (value.isBoolean() && !value.asBoolean())
                || (value.isContainer() && value.isEmpty())
                || (value.isString() && value.asString().isEmpty());
    }

    private static boolean flag(Path path, JsonNode root, String field) {
        JsonNode value = root.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw refusal(path, field + " to be true or false", JsonFile.shown(value), "Correct the file.");
        }
        return value.asBoolean();
    }

    private static double number(Path path, String field, JsonNode value, double otherwise, boolean rank) {
        if (value.isMissingNode()) {
            return otherwise;
        }
        boolean fits = rank
                ? value.isIntegralNumber() && value.canConvertToInt() && value.asInt() > 0
                : value.isNumber() && Double.isFinite(value.asDouble());
        if (!fits) {
            throw refusal(
                    path,
                    field + (rank ? " to be a positive whole number" : " to be a number"),
                    JsonFile.shown(value),
                    "Correct the file.");
        }
        return value.asDouble();
    }

    private static Map<PeftPattern, Double> pattern(Path path, JsonNode root, String field, boolean rank) {
        JsonNode node = root.path(field);
        if (!node.isObject() && !node.isNull() && !node.isMissingNode()) {
            throw refusal(path, field + " to map names to numbers", JsonFile.shown(node), "Correct the file.");
        }
        Map<PeftPattern, Double> pattern = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            PeftPattern key = PeftPattern.compile(path, field, "(.*\\.)?(" + entry.getKey() + ")");
            pattern.put(key, number(path, field + " of " + entry.getKey(), entry.getValue(), 0, rank));
        }
        return pattern;
    }

    static InputException refusal(Path path, String expected, String found, String nextStep) {
        return Refusal.of("adapter", expected, found, path, nextStep);
    }
}
