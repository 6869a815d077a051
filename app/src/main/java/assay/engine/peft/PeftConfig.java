package assay.engine.peft;

import assay.InputException;
import assay.base.run.Refusal;
import assay.engine.format.Fields;
import assay.engine.format.JsonFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an `adapter_config.json` says of a LoRA adapter, once everything this version would get wrong has
/// been refused.
///
/// @param baseModel the model it was made for, as its author wrote it
/// @param ranks rank and scale of each module
/// @param targets which modules it changes
/// @param besides what stands beside the factors
record PeftConfig(String baseModel, Ranks ranks, PeftTargets targets, Besides besides) {
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
            "use_dora",
            "trainable_token_indices",
            "target_parameters",
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
            // About layers stored the other way round (GPT-2), whose factors are as all others'.
            "fan_in_fan_out",
            "megatron_config",
            "megatron_core",
            "runtime_config",
            // Says which tensors are trained together; the file holds each of them.
            "ensure_weight_tying",
            "task_type",
            "revision",
            "qalora_group_size");

    /// Starts that leave the base weights as they are; the others (PiSSA, OLoRA, CorDA, LoRA-GA, LoftQ)
    /// change them.
    private static final Set<String> HARMLESS_STARTS = Set.of("true", "false", "null", "gaussian", "eva", "orthogonal");

    /// Kinds that PEFT itself turns into LoRA, exactly or nearly.
    private static final Set<String> CONVERTIBLE = Set.of(
            "C3A",
            "DELORA",
            "FOURIERFT",
            "GRALORA",
            "HIRA",
            "LOHA",
            "LOKR",
            "MISS",
            "PSOFT",
            "RANDLORA",
            "SHIRA",
            "TINYLORA",
            "UNILORA",
            "VBLORA",
            "VERA",
            "WAVEFT");

    private static final String CONVERSION =
            "Turn it into a LoRA first: load it with PEFT and call" + " peft.save_as_lora(FOLDER, model, rank=64).";

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

    /// What stands beside the factors.
    ///
    /// @param factorBias whether every B has a bias (`lora_bias`)
    /// @param magnitudes whether every module has a vector of magnitudes (`use_dora`)
    /// @param tokens indices of tokens whose rows were trained, by the end of the module's name
    record Besides(boolean factorBias, boolean magnitudes, Map<String, List<Long>> tokens) {
        private static final Besides NOTHING = new Besides(false, false, Map.of());

        static Besides read(Fields fields) {
            return new Besides(
                    fields.flag("lora_bias", false),
                    fields.flag("use_dora", false),
                    tokens(fields.path(), fields.node().path("trainable_token_indices")));
        }

        private static Map<String, List<Long>> tokens(Path path, JsonNode node) {
            Map<String, List<Long>> tokens = new LinkedHashMap<>();
            if (node.isArray() && !node.isEmpty()) {
                tokens.put("embed_tokens", indices(path, node));
            } else if (node.isObject()) {
                node.properties().forEach(entry -> tokens.put(entry.getKey(), indices(path, entry.getValue())));
            } else if (!isOff(node) && !node.isMissingNode()) {
                throw refusal(path, "trainable_token_indices to be indices", JsonFile.shown(node), "Correct the file.");
            }
            return tokens;
        }

        private static List<Long> indices(Path path, JsonNode node) {
            for (JsonNode index : node) {
                if (!index.isIntegralNumber() || !index.canConvertToInt() || index.asInt() < 0) {
                    throw refusal(
                            path, "trainable_token_indices to be indices", JsonFile.shown(node), "Correct the file.");
                }
            }
            return node.valueStream().map(JsonNode::asLong).toList();
        }
    }

    /// @throws InputException if it is not the configuration of a LoRA adapter, or asks for something not
    /// supported
    static PeftConfig read(Path path) {
        JsonNode root = JsonFile.readObject(path);
        Fields fields = new Fields("adapter", path, "", root);
        String type = root.path("peft_type").asString("none");
        if (type.equals("none") && root.has("lora_parameters")) {
            return mlx(fields);
        }
        if (!type.equals("LORA")) {
            String instead = PeftPromptConfig.TYPES.contains(type)
                    ? "It is a soft prompt: give it with --soft."
                    : "This version reads LoRA adapters, and soft prompts with --soft.";
            throw refusal(path, "peft_type LORA", type, CONVERTIBLE.contains(type) ? CONVERSION : instead);
        }
        requireOff("adapter", path, root, READ, WITHOUT_EFFECT);
        String start = root.path("init_lora_weights")
                .asString(root.path("init_lora_weights").toString());
        if (root.has("init_lora_weights") && !HARMLESS_STARTS.contains(start)) {
            throw refusal(
                    path,
                    "init_lora_weights that leaves the base weights alone",
                    JsonFile.shown(root.path("init_lora_weights")),
                    "Its factors belong to a base that training changed: save it with PEFT's save_pretrained(FOLDER,"
                            + " path_initial_model_for_weight_conversion=START), which makes a plain LoRA.");
        }
        Ranks ranks = new Ranks(
                fields.count("r", 8),
                fields.number("lora_alpha", 8),
                fields.flag("use_rslora", false),
                pattern(fields, "rank_pattern", Fields::count),
                pattern(fields, "alpha_pattern", Fields::number));
        String bias = root.path("bias").asString("none");
        if (!BIASES.contains(bias)) {
            throw refusal(path, "bias to be none, all or lora_only", bias, "Correct the file.");
        }
        return new PeftConfig(baseModel(root), ranks, PeftTargets.read(path, root), Besides.read(fields));
    }

    /// The configuration of an adapter by MLX-LM: `ΔW = scale · (a·b)ᵀ`; its tensors say which modules.
    private static PeftConfig mlx(Fields root) {
        Fields parameters = root.object("lora_parameters", ".");
        if (!root.text("fine_tune_type", "lora").equals("lora") || root.flag("use_dora", false)) {
            throw root.wrong("fine_tune_type", "lora");
        }
        if (parameters.has("alpha")) {
            throw parameters.wrong("alpha", "left out: older versions of MLX-LM multiply by alpha/rank, newer do not");
        }
        int rank = parameters.count("rank");
        Ranks ranks = new Ranks(rank, parameters.number("scale") * rank, false, Map.of(), Map.of());
        JsonNode nothing = JsonMapper.shared().createObjectNode();
        return new PeftConfig(
                root.text("model", "an unnamed model"), ranks, PeftTargets.read(root.path(), nothing), Besides.NOTHING);
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
        return base.isBlank() ? "an unnamed model" : new BaseName(base).words();
    }

    /// Whether a field says nothing: null, false or empty.
    private static boolean isOff(JsonNode value) {
        return value.isNull()
                || (value.isBoolean() && !value.asBoolean())
                || (value.isContainer() && value.isEmpty())
                || (value.isString() && value.asString().isEmpty());
    }

    private static Map<PeftPattern, Double> pattern(
            Fields root, String field, ToDoubleBiFunction<Fields, String> number) {
        Fields numbers = root.object(field, " of ");
        Map<PeftPattern, Double> pattern = new LinkedHashMap<>();
        for (String name : numbers.node().propertyNames()) {
            PeftPattern key = PeftPattern.compile(root.path(), field, "(.*\\.)?(" + name + ")");
            pattern.put(key, number.applyAsDouble(numbers, name));
        }
        return pattern;
    }

    static InputException refusal(Path path, String expected, String found, String nextStep) {
        return Refusal.of("adapter", expected, found, path, nextStep);
    }
}
