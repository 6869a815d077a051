package assay.engine.family;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.run.SmallFile;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.format.Fields;
import assay.engine.format.Spelling;
import assay.engine.format.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A Hugging Face `config.json`, in transformers 4 and 5 spelling, and what the weights beside it must
/// be. A field that says null says nothing.
///
/// @param root its fields
/// @param family which it names
public record ConfigJson(Fields root, Family family) implements Settings {
    private static final long MOST_BYTES = 1L << 26;
    private static final String HEAD = "lm_head.weight";
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final Map<String, String> OTHER_NAMES = Map.of(
            "n_embd", "hidden_size",
            "n_head", "num_attention_heads",
            "n_layer", "num_hidden_layers",
            "n_positions", "max_position_embeddings",
            "n_inner", "intermediate_size",
            "activation_function", "hidden_act",
            "layer_norm_epsilon", "rms_norm_eps",
            "layer_norm_eps", "rms_norm_eps",
            "rotary_pct", "partial_rotary_factor",
            "num_local_experts", "num_experts");
    private static final String NEOX_THETA = "rotary_emb_base";
    private static final List<String> CAPS = List.of("attn_logit_softcapping", "final_logit_softcapping");

    /// Reads it.
    ///
    /// @throws InputException if the file is missing, not JSON, or of another family
    public static ConfigJson read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new InputException("model: expected config.json, found none (" + path
                    + "). Give a Hugging Face folder or a .gguf file.");
        }
        try {
            JsonNode root = JsonMapper.shared().readTree(SmallFile.bytes(path, MOST_BYTES));
            Fields fields = new Fields("config.json", path, "", said(root));
            Family family = Family.of(fields);
            return new ConfigJson(text(fields, family), family);
        } catch (JacksonException broken) {
            throw new InputException(
                    "config.json: expected JSON, found " + broken.getOriginalMessage() + " (" + path
                            + "). Fetch the file again.",
                    broken);
        } catch (IOException unreadable) {
            throw Refusal.of("config.json", "JSON", Refusal.reason(unreadable), path, "Fetch the file again.");
        }
    }

    /// The settings of the language model, which models with vision keep in `text_config`, on top of what the family
    /// means where they are silent.
    private static Fields text(Fields root, Family family) {
        ObjectNode all = (ObjectNode) JsonMapper.shared().readTree(family.defaults());
        boolean isNested = root.node().path("text_config").isObject();
        JsonNode own = isNested ? said(root.node().path("text_config")) : root.node();
        all.setAll(renamed((ObjectNode) own));
        for (String shared : List.of("quantization_config", "tie_word_embeddings")) {
            if (isNested && root.has(shared)) {
                all.set(shared, root.node().path(shared));
            }
        }
        return new Fields(root.subject(), root.path(), isNested ? "text_config." : "", all);
    }

    /// Fields that older families call otherwise under the names that others have.
    private static ObjectNode renamed(ObjectNode own) {
        OTHER_NAMES.forEach((theirs, ours) -> {
            if (own.has(theirs) && !own.has(ours)) {
                own.set(ours, own.path(theirs));
            }
        });
        if (own.path("n_embd").canConvertToInt() && !own.has("intermediate_size")) {
            own.put("intermediate_size", 4L * own.path("n_embd").asInt());
        }
        return own;
    }

    /// A cap that is null is none, whatever the family has otherwise.
    static JsonNode said(JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        CAPS.stream().filter(cap -> object.path(cap).isNull()).forEach(cap -> object.put(cap, 0));
        return object.removeIf(JsonNode::isNull);
    }

    /// The shape of the model.
    ///
    /// @throws InputException if a size is missing, a field has another type, or a setting cannot be run
    public ModelConfig config() {
        int vocabulary = root.count("vocab_size");
        int intermediate = root.count("intermediate_size");
        int layers = layers();
        Design design = family.design().apply(this);
        requirePlain(design.feedForward().activation());
        return new ModelConfig(
                vocabulary,
                hidden(),
                intermediate,
                layers,
                heads(),
                root.positive("rms_norm_eps", 1e-6),
                design,
                root.count("max_position_embeddings", 2048));
    }

    /// Refuses settings that would run, but with wrong numbers.
    private void requirePlain(Design.Activation activation) {
        String usual = activation.names.getFirst();
        String found = root.text("hidden_activation", root.text("hidden_act", usual));
        if (!activation.names.contains(found)) {
            throw new InputException("model: expected hidden_act " + usual + ", found " + found + " (" + root.path()
                    + "). This version cannot run it.");
        }
        if (root.has("quantization_config")) {
            String method =
                    root.node().path("quantization_config").path("quant_method").asString("");
            throw new InputException("model: expected plain weights, found quantised ones"
                    + (method.isBlank() ? "" : " by " + Refusal.name(method)) + " (quantization_config in "
                    + root.path()
                    + "). Give the 16-bit original, whose name mostly lacks the last part such as -GPTQ, -AWQ, -FP8 or"
                    + " -bnb-4bit, or a .gguf file.");
        }
    }

    @Override
    public int hidden() {
        return root.count("hidden_size");
    }

    @Override
    public int layers() {
        return root.count("num_hidden_layers");
    }

    @Override
    public ModelConfig.Heads heads() {
        int queries = root.count("num_attention_heads");
        return new ModelConfig.Heads(
                queries, root.count("num_key_value_heads", queries), root.count("head_dim", hidden() / queries));
    }

    @Override
    public double number(String json, String gguf, double otherwise) {
        return root.positive(json, otherwise);
    }

    @Override
    public double cap(String name, double otherwise) {
        double cap = root.number(name, 0);
        if (cap < 0 || cap > Design.Caps.LARGEST) {
            throw root.wrong(name, "0 to " + (int) Design.Caps.LARGEST);
        }
        return cap == 0 ? Double.POSITIVE_INFINITY : cap;
    }

    @Override
    public void requirePlain(String json, String gguf, double plain) {
        if (root.number(json, plain) != plain) {
            throw root.wrong(json, "missing or " + plain);
        }
    }

    @Override
    public void requireOff(String json) {
        if (root.flag(json, false)) {
            throw root.wrong(json, "false");
        }
    }

    @Override
    public boolean flag(String json, String gguf, boolean otherwise) {
        return root.flag(json, otherwise);
    }

    @Override
    public Design.Experts experts() {
        int step = root.count("decoder_sparse_step", 1);
        Set<Integer> dense = new HashSet<>();
        for (JsonNode index : root.node().path("mlp_only_layers")) {
            if (!index.canConvertToInt()) {
                throw root.wrong("mlp_only_layers", "numbers of layers");
            }
            dense.add(index.asInt());
        }
        int count = root.count("num_experts");
        int used = root.count("num_experts_per_tok");
        if (used > count) {
            throw root.wrong("num_experts_per_tok", "at most num_experts");
        }
        return new Design.Experts(
                count,
                used,
                root.count("moe_intermediate_size"),
                root.flag("norm_topk_prob", false),
                index -> !dense.contains(index) && (index + 1) % step == 0);
    }

    @Override
    public Design.Limit window() {
        boolean isOff = root.has("use_sliding_window") && !root.flag("use_sliding_window", false);
        boolean isNowhere = root.has("max_window_layers") && root.number("max_window_layers") >= layers();
        return isOff || isNowhere || !root.has("sliding_window")
                ? Design.Limit.NONE
                : new Design.Limit(root.count("sliding_window"), "sliding_window");
    }

    @Override
    public IntPredicate windowed(int every) {
        JsonNode types = list("layer_types");
        if (types.isMissingNode()) {
            int period = root.count("sliding_window_pattern", every);
            return layer -> (layer + 1) % period != 0;
        }
        for (JsonNode type : types) {
            if (!type.asString("").matches("sliding_attention|full_attention")) {
                throw root.wrong("layer_types", "sliding_attention or full_attention everywhere");
            }
        }
        return layer -> types.path(layer).asString("").equals("sliding_attention");
    }

    @Override
    public IntPredicate unrotated(int every) {
        JsonNode rotated = list("no_rope_layers");
        int period = root.count("no_rope_layer_interval", every);
        return rotated.isMissingNode()
                ? layer -> (layer + 1) % period == 0
                : layer -> rotated.path(layer).asInt(1) == 0;
    }

    private JsonNode list(String field) {
        JsonNode list = root.node().path(field);
        if (!list.isMissingNode() && (!list.isArray() || list.size() != layers())) {
            throw root.wrong(field, "a list with an entry for each layer");
        }
        return list;
    }

    @Override
    public Rope windowRope(double theta) {
        Fields all = RopeJson.inside(root, "rope_parameters");
        return all.node().path("sliding_attention").isObject()
                ? ropes().of(RopeJson.inside(all, "sliding_attention"), theta)
                : new Rope(root.positive("rope_local_base_freq", theta), new Rope.Scaling.None());
    }

    @Override
    public Rope rope() {
        Rope rope = partialRope();
        if (rope.share() != 1) {
            throw (root.has("partial_rotary_factor") ? root : RopeJson.inside(root, "rope_parameters"))
                    .wrong("partial_rotary_factor", "1");
        }
        return rope;
    }

    @Override
    public Rope partialRope() {
        Fields scaling = RopeJson.inside(root, root.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
        boolean isByLayer = scaling.node().path("full_attention").isObject();
        return ropes().of(
                        isByLayer ? RopeJson.inside(scaling, "full_attention") : scaling,
                        root.positive("rope_theta", root.positive(NEOX_THETA, 10_000)));
    }

    private RopeJson ropes() {
        return new RopeJson(root, heads().dimension());
    }

    @Override
    public Design.Limit ropeLimit() {
        boolean isLong = partialRope().scaling() instanceof Rope.Scaling.Stretched;
        Fields scaling = RopeJson.inside(root, root.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
        return isLong
                ? new Design.Limit(ropes().originalContext(scaling), "original_max_position_embeddings")
                : Design.Limit.NONE;
    }

    /// The weights of the folder, once configuration and file agree; sizes are compared first.
    ///
    /// @param config of this file
    /// @param folder for messages
    /// @throws InputException if they disagree
    public WeightSource source(ModelConfig config, WeightFile file, Path folder) {
        file.requireFilled("model", folder);
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        file.tensors()
                .forEach((name, info) ->
                        shapes.put(name, Spelling.isTurned(name) ? info.shape().reversed() : info.shape()));
        Fit.shapes(config, shapes);
        shapes.keySet().removeIf(name -> name.endsWith("_proj.bias") && !hasBias(name) && isZero(file, name));
        requireAgreement(config, shapes.keySet());
        if (isTied() && shapes.remove(HEAD) != null && !areEqual(file)) {
            throw disagreement("lm_head.weight to be the embedding, as tie_word_embeddings is true", "another");
        }
        return new Source(file, shapes);
    }

    private boolean isTied() {
        return root.flag("tie_word_embeddings", false);
    }

    private static boolean areEqual(WeightFile file) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            boolean isAlike = file.exact(HEAD) == file.exact(EMBEDDING);
            Dtype format = isAlike ? file.exact(HEAD) : Dtype.FLOAT32;
            return file.read(HEAD, format).equal(file.read(EMBEDDING, format));
        }
    }

    /// Refuses a file that has a head or biases where the configuration says that there are none, and
    /// the reverse: transformers would leave them out, or begin them at random.
    private void requireAgreement(ModelConfig config, Set<String> stored) {
        if (!isTied() && !stored.contains(HEAD)) {
            throw disagreement(HEAD + ", as tie_word_embeddings is false", "none");
        }
        for (int index = 0; index < config.layers(); index++) {
            for (String module : config.linearShapes(index).keySet()) {
                String bias = ModelConfig.layer(index) + module + ".bias";
                boolean said = hasBias(bias);
                if (stored.contains(bias) != said) {
                    String flag = family.biasFlag(bias);
                    String because = flag.isEmpty()
                            ? " in " + family.architectures().getFirst()
                            : ", as " + flag + " is " + said;
                    throw disagreement((said ? "" : "no ") + bias + because, said ? "none" : "one");
                }
            }
        }
    }

    private boolean hasBias(String name) {
        String flag = family.biasFlag(name);
        return flag.equals(Family.ALWAYS) || root.flag(flag, false);
    }

    /// Some quantisers leave biases of nothing but zeros behind.
    private static boolean isZero(WeightFile file, String name) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return torch.count_nonzero(file.read(name, Dtype.FLOAT32)).item_long() == 0;
        }
    }

    private InputException disagreement(String expected, String found) {
        return new InputException("model: expected " + expected + ", found " + found + " (" + root.path()
                + "). Correct the field, or fetch configuration and weights again.");
    }

    private record Source(WeightFile file, Map<String, List<Long>> shapes) implements WeightSource {
        @Override
        public Tensor read(String name, Dtype dtype) {
            Tensor tensor = file.read(name, dtype);
            return Spelling.isTurned(name) ? tensor.t().contiguous() : tensor;
        }

        @Override
        public Dtype exact(String name) {
            return file.exact(name);
        }
    }
}
