package assay.engine.family;

import assay.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The shape of a model with the block all families here share ([Family]).
///
/// @param vocabulary rows of the embedding, padding rows included
/// @param hidden width D of the residual stream
/// @param intermediate width of the gated feed-forward layer
/// @param layers number of blocks
/// @param heads attention heads
/// @param rmsNormEpsilon added to the mean square before its root
/// @param design how its blocks are built
/// @param maxPositions longest context, tokens
public record ModelConfig(
        int vocabulary,
        int hidden,
        int intermediate,
        int layers,
        Heads heads,
        double rmsNormEpsilon,
        Design design,
        int maxPositions) {

    /// Attention heads.
    ///
    /// @param query number of query heads
    /// @param keyValue number of key/value heads; each serves `query / keyValue` query heads
    /// @param dimension numbers per head
    public record Heads(int query, int keyValue, int dimension) {
        /// Checks that they fit each other.
        ///
        /// @throws InputException if query heads are no multiple of key/value heads, or a head is odd
        public Heads {
            if (query < 1 || keyValue < 1 || query % keyValue != 0 || dimension < 2 || dimension % 2 != 0) {
                throw new InputException("model: expected query heads a multiple of key/value heads and an even head"
                        + " width, found " + query + ", " + keyValue + " and " + dimension
                        + ". The configuration is damaged or of another family.");
            }
        }

        /// How many query heads share one key/value head.
        public int group() {
            return query / keyValue;
        }

        /// Numbers in the queries of a place.
        public int queryWidth() {
            return query * dimension;
        }
    }

    /// The rope of the first block.
    public Rope rope() {
        return design.ropes().of(0);
    }

    /// Tokens that can be run: the longest context, or less where a setting is computed up to a limit only.
    public int runnable() {
        return Math.min(maxPositions, design.limit().tokens());
    }

    /// What names of a block's tensors begin with.
    public static String layer(int index) {
        return "model.layers." + index + ".";
    }

    /// The linear layers of one block and their shapes `[out in]`, by the Hugging Face names below
    /// `model.layers.N.`.
    public Map<String, List<Long>> linearShapes() {
        long queries = (long) heads.query() * heads.dimension();
        long keys = (long) heads.keyValue() * heads.dimension();
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        if (design.isFused()) {
            shapes.put("self_attn.qkv_proj", shape(queries + 2 * keys, hidden));
            shapes.put("mlp.gate_up_proj", shape(2L * intermediate, hidden));
        } else {
            shapes.put("self_attn.q_proj", shape(queries, hidden));
            shapes.put("self_attn.k_proj", shape(keys, hidden));
            shapes.put("self_attn.v_proj", shape(keys, hidden));
            shapes.put("mlp.gate_proj", shape(intermediate, hidden));
            shapes.put("mlp.up_proj", shape(intermediate, hidden));
        }
        shapes.put("self_attn.o_proj", shape(hidden, queries));
        shapes.put("mlp.down_proj", shape(hidden, intermediate));
        return shapes;
    }

    /// Every weight matrix and norm of the model with its shape, by Hugging Face name (biases excepted:
    /// they are optional).
    public Map<String, List<Long>> tensorShapes() {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", shape(vocabulary, hidden));
        for (int index = 0; index < layers; index++) {
            String prefix = layer(index);
            linearShapes().forEach((name, shape) -> shapes.put(prefix + name + ".weight", shape));
            design.norms().names().forEach(name -> shapes.put(prefix + name + ".weight", List.of((long) hidden)));
            headNormShapes().forEach((name, shape) -> shapes.put(prefix + name + ".weight", shape));
        }
        shapes.put("model.norm.weight", List.of((long) hidden));
        shapes.put("lm_head.weight", shape(vocabulary, hidden));
        return shapes;
    }

    private Map<String, List<Long>> headNormShapes() {
        long dimension = heads.dimension();
        return switch (design.headNorms()) {
            case NONE -> Map.of();
            case EACH -> Map.of("self_attn.q_norm", List.of(dimension), "self_attn.k_norm", List.of(dimension));
            case WHOLE ->
                Map.of(
                        "self_attn.q_norm", List.of(heads.query() * dimension),
                        "self_attn.k_norm", List.of(heads.keyValue() * dimension));
        };
    }

    private static List<Long> shape(long rows, long columns) {
        return List.of(rows, columns);
    }
}
