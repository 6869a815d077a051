package assay.engine.family;

import java.util.List;
import java.util.function.IntPredicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// How the blocks of a model are built, where families differ. No code asks for a family's name: these
/// properties decide.
///
/// @param norms where norms stand in a block, and which kind they are
/// @param headNorms what is normed of queries and keys before they are rotated
/// @param modules the linear layers of a block
/// @param feedForward what works on each place by itself
/// @param normOffset added to every norm's weight (Gemma stores them less one)
/// @param scales what numbers are multiplied with on their way
/// @param ropes how positions enter, block by block
/// @param limit up to which all this holds
public record Design(
        Norms norms,
        HeadNorms headNorms,
        Modules modules,
        FeedForward feedForward,
        double normOffset,
        Scales scales,
        Ropes ropes,
        Limit limit) {
    /// The longest context of which every block sees all, with the rope given here.
    ///
    /// @param tokens how many
    /// @param name the setting it comes from
    public record Limit(int tokens, String name) {
        static final Limit NONE = new Limit(Integer.MAX_VALUE, "");
    }

    /// Llama's block: norms before both layers, a SiLU, no scale but 1/√headDim.
    public static Design plain(ModelConfig.Heads heads, Rope rope) {
        Scales scales = new Scales(1, 1, 1 / Math.sqrt(heads.dimension()), 1, 1, Caps.NONE);
        Ropes ropes = new Ropes(rope, rope, _ -> false);
        FeedForward feedForward = new FeedForward(Activation.SILU, Experts.NONE);
        return new Design(Norms.BEFORE, HeadNorms.NONE, Modules.APART, feedForward, 0, scales, ropes, Limit.NONE);
    }

    Design with(HeadNorms other) {
        return new Design(norms, other, modules, feedForward, normOffset, scales, ropes, limit);
    }

    Design with(Scales other) {
        return new Design(norms, headNorms, modules, feedForward, normOffset, other, ropes, limit);
    }

    Design with(Ropes other) {
        return new Design(norms, headNorms, modules, feedForward, normOffset, scales, other, limit);
    }

    Design with(Modules other) {
        return new Design(norms, headNorms, other, feedForward, normOffset, scales, ropes, limit);
    }

    Design with(Experts other) {
        FeedForward many = new FeedForward(feedForward.activation(), other);
        return new Design(norms, headNorms, modules, many, normOffset, scales, ropes, limit);
    }

    /// The smaller of the limits.
    Design within(Limit other) {
        Limit smaller = other.tokens() < limit.tokens() ? other : limit;
        return new Design(norms, headNorms, modules, feedForward, normOffset, scales, ropes, smaller);
    }

    Design normed(Norms other, double offset) {
        return new Design(other, headNorms, modules, feedForward, offset, scales, ropes, limit);
    }

    Design activated(Activation other) {
        FeedForward changed = new FeedForward(other, feedForward.experts());
        return new Design(norms, headNorms, modules, changed, normOffset, scales, ropes, limit);
    }

    /// The linear layers of a block, by their names below `model.layers.N.`; names in their family's spelling, so that
    /// adapters find them.
    public enum Modules {
        /// One matrix for each.
        APART(
                List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
                "self_attn.o_proj",
                List.of("mlp.gate_proj", "mlp.up_proj"),
                "mlp.down_proj",
                true),
        /// Queries, keys and values are one matrix, and gate and up another (Phi-3).
        FUSED(List.of("self_attn.qkv_proj"), "self_attn.o_proj", List.of("mlp.gate_up_proj"), "mlp.down_proj", true),
        /// Queries, keys and values are one matrix, no gate (GPT-2).
        GPT2(List.of("attn.c_attn"), "attn.c_proj", List.of("mlp.c_fc"), "mlp.c_proj", false),
        /// The same, with the query, key and value of each head side by side (GPT-NeoX).
        NEOX(
                List.of("attention.query_key_value"),
                "attention.dense",
                List.of("mlp.dense_h_to_4h"),
                "mlp.dense_4h_to_h",
                false);

        /// What makes queries, keys and values.
        @SuppressWarnings("ImmutableEnumChecker")
        public final List<String> asking;

        /// Behind attention.
        public final String output;

        /// What makes the wide layer, the gate first.
        @SuppressWarnings("ImmutableEnumChecker")
        public final List<String> opening;

        /// Behind the wide layer.
        public final String down;

        /// Whether half of what opens the wide layer is a gate.
        public final boolean isGated;

        Modules(List<String> asking, String output, List<String> opening, String down, boolean isGated) {
            this.asking = asking;
            this.output = output;
            this.opening = opening;
            this.down = down;
            this.isGated = isGated;
        }

        /// Whether the one matrix holds query, key and value head by head.
        public boolean isByHead() {
            return this == NEOX;
        }
    }

    /// What works on each place by itself.
    ///
    /// @param activation behind the gate, or behind the wide layer
    /// @param experts of which a few do the work in some blocks
    public record FeedForward(Activation activation, Experts experts) {}

    /// Feed-forward layers of which a router chooses a few for every place (arXiv 1701.06538).
    ///
    /// @param count how many there are; 0 for none
    /// @param used how many are chosen
    /// @param width of each
    /// @param isNormed whether the shares of the chosen ones are made to sum to one
    /// @param isIn which blocks have them, by index
    public record Experts(int count, int used, int width, boolean isNormed, IntPredicate isIn) {
        static final Experts NONE = new Experts(0, 0, 0, false, _ -> false);

        /// The name of the router's weight below `model.layers.N.`.
        public static final String ROUTER = "mlp.gate";

        /// Names of one expert's modules below `model.layers.N.`: gate, up and down.
        public static List<String> modules(int expert) {
            String prefix = "mlp.experts." + expert + ".";
            return List.of(prefix + "gate_proj", prefix + "up_proj", prefix + "down_proj");
        }
    }

    /// Where norms stand in a block, by their names below `model.layers.N.`; an empty name is no norm.
    public enum Norms {
        /// Before attention and feed-forward layer.
        BEFORE("input_layernorm", "", "post_attention_layernorm", ""),
        /// The same, less the mean and with a bias, under GPT-2's names.
        GPT2("ln_1", "", "ln_2", ""),
        /// The same under GPT-NeoX's names.
        NEOX("input_layernorm", "", "post_attention_layernorm", ""),
        /// The same, both in front of the same numbers: what attention adds is not seen by the feed-forward layer.
        NEOX_PARALLEL("input_layernorm", "", "post_attention_layernorm", ""),
        /// Before and after both (Gemma).
        AROUND(
                "input_layernorm",
                "post_attention_layernorm",
                "pre_feedforward_layernorm",
                "post_feedforward_layernorm"),
        /// After both only (OLMo 2).
        AFTER("", "post_attention_layernorm", "", "post_feedforward_layernorm");

        /// In front of attention.
        public final String beforeAttention;
        /// Behind attention.
        public final String afterAttention;
        /// In front of the feed-forward layer.
        public final String beforeFeedForward;
        /// Behind the feed-forward layer.
        public final String afterFeedForward;

        Norms(String beforeAttention, String afterAttention, String beforeFeedForward, String afterFeedForward) {
            this.beforeAttention = beforeAttention;
            this.afterAttention = afterAttention;
            this.beforeFeedForward = beforeFeedForward;
            this.afterFeedForward = afterFeedForward;
        }

        /// Whether they take the mean off and have biases (LayerNorm, arXiv 1607.06450), not only a root mean square.
        public boolean isCentred() {
            return this == GPT2 || this == NEOX || this == NEOX_PARALLEL;
        }

        /// Whether attention and feed-forward layer see the same numbers.
        public boolean isParallel() {
            return this == NEOX_PARALLEL;
        }

        /// The names of those there are.
        List<String> names() {
            return List.of(beforeAttention, afterAttention, beforeFeedForward, afterFeedForward).stream()
                    .filter(name -> !name.isEmpty())
                    .toList();
        }
    }

    /// What is normed of queries and keys.
    public enum HeadNorms {
        /// Nothing.
        NONE,
        /// Every head by itself, with one weight for all heads (Qwen 3, Gemma 3).
        EACH,
        /// All heads of a place together (OLMo 2).
        WHOLE
    }

    /// The function behind a gate, by its names in `config.json`.
    public enum Activation {
        SILU("silu", "swish"),
        GELU_TANH("gelu_pytorch_tanh", "gelu_new"),
        GELU("gelu");

        @SuppressWarnings("ImmutableEnumChecker")
        final List<String> names;

        Activation(String... names) {
            this.names = List.of(names);
        }

        /// In place where no gradient is wanted.
        public Tensor apply(Tensor gated) {
            return switch (this) {
                case SILU -> gated.requires_grad() ? torch.silu(gated) : torch.silu_(gated);
                case GELU_TANH -> gated.requires_grad() ? torch.gelu(gated, "tanh") : torch.gelu_(gated, "tanh");
                case GELU -> gated.requires_grad() ? torch.gelu(gated) : torch.gelu_(gated);
            };
        }
    }

    /// What numbers are multiplied with.
    ///
    /// @param embedding rows of the embedding, where they are looked up (Gemma)
    /// @param input input embeddings of any kind, as the first block gets them (Granite)
    /// @param attention products of queries and keys
    /// @param residual what a layer adds to the residual stream
    /// @param logits final hidden states, and with them the logits
    /// @param caps what some of these never reach
    public record Scales(double embedding, double input, double attention, double residual, double logits, Caps caps) {}

    /// What numbers never reach: they become `cap·tanh(number / cap)`. Infinite for no cap.
    ///
    /// @param attention of products of queries and keys
    /// @param logits of the logits
    public record Caps(double attention, double logits) {
        /// Divergences under larger ones would leave the range of numbers.
        static final double LARGEST = 200;

        static final Caps NONE = new Caps(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /// The rope of every block.
    ///
    /// @param usual of most
    /// @param other of those that have another
    /// @param hasOther which these are, by index
    /// @param hasTable whether rows of a table, one for each position, are added to input embeddings (GPT-2)
    public record Ropes(Rope usual, Rope other, IntPredicate hasOther, boolean hasTable) {
        /// Without a table.
        public Ropes(Rope usual, Rope other, IntPredicate hasOther) {
            this(usual, other, hasOther, false);
        }

        /// A table of positions, and no rope.
        static Ropes table() {
            Rope still = new Rope(1, new Rope.Scaling.Still());
            return new Ropes(still, still, _ -> false, true);
        }

        /// The rope of one block.
        public Rope of(int layer) {
            return hasOther.test(layer) ? other : usual;
        }
    }
}
