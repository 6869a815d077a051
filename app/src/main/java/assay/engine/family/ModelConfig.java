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
    /// The table of positions, in families that have one.
    public static final String POSITIONS = "model.embed_positions.weight";

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

    /// The linear layers of one block and their shapes `[out in]`, by their names below `model.layers.N.`.
    public Map<String, List<Long>> linearShapes(int index) {
        long queries = (long) heads.query() * heads.dimension();
        long keys = (long) heads.keyValue() * heads.dimension();
        Design.Modules modules = design.modules();
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        put(shapes, modules.asking, List.of(queries, keys, keys), hidden);
        Design.Experts experts = design.feedForward().experts();
        boolean hasExperts = experts.isIn().test(index);
        if (hasExperts) {
            shapes.put(Design.Experts.ROUTER, shape(experts.count(), hidden));
            for (int expert = 0; expert < experts.count(); expert++) {
                List<String> names = Design.Experts.modules(expert);
                shapes.put(names.get(0), shape(experts.width(), hidden));
                shapes.put(names.get(1), shape(experts.width(), hidden));
                shapes.put(names.get(2), shape(hidden, experts.width()));
            }
        } else {
            List<Long> wide =
                    modules.isGated ? List.of((long) intermediate, (long) intermediate) : List.of((long) intermediate);
            put(shapes, modules.opening, wide, hidden);
        }
        shapes.put(modules.output, shape(hidden, queries));
        if (!hasExperts) {
            shapes.put(modules.down, shape(hidden, intermediate));
        }
        return shapes;
    }

    /// Layers with so many outputs, each by itself or all in one.
    private static void put(Map<String, List<Long>> shapes, List<String> names, List<Long> outputs, long inputs) {
        if (names.size() == outputs.size()) {
            for (int i = 0; i < names.size(); i++) {
                shapes.put(names.get(i), shape(outputs.get(i), inputs));
            }
        } else {
            shapes.put(
                    names.getFirst(),
                    shape(outputs.stream().mapToLong(Long::longValue).sum(), inputs));
        }
    }

    /// Every weight matrix and norm of the model with its shape, by Hugging Face name; of biases only those that norms
    /// always have.
    public Map<String, List<Long>> tensorShapes() {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", shape(vocabulary, hidden));
        if (design.ropes().hasTable()) {
            shapes.put(POSITIONS, shape(maxPositions, hidden));
        }
        for (int index = 0; index < layers; index++) {
            String prefix = layer(index);
            linearShapes(index).forEach((name, shape) -> shapes.put(prefix + name + ".weight", shape));
            design.norms().names().forEach(name -> putNorm(shapes, prefix + name));
            headNormShapes().forEach((name, shape) -> shapes.put(prefix + name + ".weight", shape));
        }
        putNorm(shapes, "model.norm");
        shapes.put("lm_head.weight", shape(vocabulary, hidden));
        return shapes;
    }

    private void putNorm(Map<String, List<Long>> shapes, String name) {
        shapes.put(name + ".weight", List.of((long) hidden));
        if (design.norms().isCentred()) {
            shapes.put(name + ".bias", List.of((long) hidden));
        }
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
