package assay.engine.family;

import java.util.List;
import java.util.function.IntPredicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// How the blocks of a model are built, where families differ. No code asks for a family's name: these properties
/// decide.
///
/// @param norms where norms stand in a block
/// @param headNorms what is normed of queries and keys before they are rotated
/// @param activation behind the gate of the feed-forward layer
/// @param isFused whether queries, keys and values are one matrix, and gate and up another (Phi-3)
/// @param normOffset added to every norm's weight (Gemma stores them less one)
/// @param scales what numbers are multiplied with on their way
/// @param ropes how positions enter, block by block
/// @param limit up to which all this holds
public record Design(
        Norms norms,
        HeadNorms headNorms,
        Activation activation,
        boolean isFused,
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
        return new Design(Norms.BEFORE, HeadNorms.NONE, Activation.SILU, false, 0, scales, ropes, Limit.NONE);
    }

    Design with(HeadNorms other) {
        return new Design(norms, other, activation, isFused, normOffset, scales, ropes, limit);
    }

    Design with(Scales other) {
        return new Design(norms, headNorms, activation, isFused, normOffset, other, ropes, limit);
    }

    Design with(Ropes other) {
        return new Design(norms, headNorms, activation, isFused, normOffset, scales, other, limit);
    }

    /// The smaller of the limits.
    Design within(Limit other) {
        return new Design(
                norms,
                headNorms,
                activation,
                isFused,
                normOffset,
                scales,
                ropes,
                other.tokens() < limit.tokens() ? other : limit);
    }

    Design normed(Norms other, double offset) {
        return new Design(other, headNorms, activation, isFused, offset, scales, ropes, limit);
    }

    Design activated(Activation other) {
        return new Design(norms, headNorms, other, isFused, normOffset, scales, ropes, limit);
    }

    Design fused() {
        return new Design(norms, headNorms, activation, true, normOffset, scales, ropes, limit);
    }

    /// Where norms stand in a block, by their names below `model.layers.N.`; an empty name is no norm.
    public enum Norms {
        /// Before attention and feed-forward layer.
        BEFORE("input_layernorm", "", "post_attention_layernorm", ""),
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
        GELU_TANH("gelu_pytorch_tanh", "gelu_new");

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
    public record Scales(
            double embedding, double input, double attention, double residual, double logits, Caps caps) {}

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
    public record Ropes(Rope usual, Rope other, IntPredicate hasOther) {
        /// The rope of one block.
        public Rope of(int layer) {
            return hasOther.test(layer) ? other : usual;
        }
    }
}
