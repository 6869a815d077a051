package assay.engine.family;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.format.GgufFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Finds Hugging Face weight names in a GGUF file and undoes its row order of queries and keys, if its family has one.
public final class GgufSource {
    private static final String ROPE = "rope_freqs.weight";
    private static final String SHORT = "rope_factors_short.weight";
    private static final Set<String> ROPES = Set.of(ROPE, SHORT, "rope_factors_long.weight");
    private static final String EXPERTS = ".mlp.experts.";
    private static final Pattern EXPERT = Pattern.compile("\\.mlp\\.experts\\.(\\d+)\\.");
    private static final String FUSED = Design.Modules.NEOX.asking.getFirst() + ".";

    private final GgufFile file;
    private final Family family;

    /// The weights of a file.
    ///
    /// @param family whose names it uses
    public GgufSource(GgufFile file, Family family) {
        this.file = file;
        this.family = family;
    }

    /// Rows of the embedding.
    ///
    /// @throws InputException if there is no embedding
    public int vocabulary() {
        var embedding = file.tensors().get("token_embd.weight");
        if (embedding == null || embedding.shape().size() != 2) {
            throw new InputException("GGUF: expected a tensor token_embd.weight with two axes, found "
                    + (embedding == null ? "none" : embedding.shape()) + " (" + file.path()
                    + "). Is it a language model?");
        }
        return Math.toIntExact(embedding.shape().getFirst());
    }

    /// What each rotary frequency is divided by.
    ///
    /// @param divisors one for each pair of a head; empty for nothing
    /// @param isShort whether they are for contexts no longer than the original one (LongRoPE), else for all
    ///     (Llama 3.1 and later)
    public record RopeTable(float[] divisors, boolean isShort) {
        /// The tensor that holds them.
        String name() {
            return isShort ? SHORT : ROPE;
        }
    }

    /// What the file says of rotary frequencies.
    public RopeTable ropeTable() {
        boolean isShort = file.tensors().containsKey(SHORT);
        String name = isShort ? SHORT : ROPE;
        if (!file.tensors().containsKey(name)) {
            return new RopeTable(new float[0], false);
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return new RopeTable(Torch.toFloats(file.read(name, Dtype.FLOAT32)), isShort);
        }
    }

    /// The source of weights for a model of this shape.
    ///
    /// @throws InputException if a tensor has no place in a model of the family
    public WeightSource forConfig(ModelConfig config) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        file.tensors().forEach((name, info) -> {
            if (!ROPES.contains(name)) {
                put(
                        shapes,
                        family.ourName(name).orElseThrow(() -> stranger(name)),
                        info.shape(),
                        config.design().feedForward().experts().count());
            }
        });
        return new Source(file, family, config, shapes);
    }

    /// A tensor of experts stands for one matrix of each, if there are as many as the file says.
    private static void put(Map<String, List<Long>> shapes, String name, List<Long> shape, long experts) {
        if (!name.contains(EXPERTS) || shape.size() != 3 || shape.getFirst() != experts) {
            shapes.put(name, shape);
            return;
        }
        for (long expert = 0; expert < shape.getFirst(); expert++) {
            shapes.put(name.replace(EXPERTS, EXPERTS + expert + "."), shape.subList(1, 3));
        }
    }

    private InputException stranger(String name) {
        return new InputException("model: expected tensors of the " + family.gguf() + " family only, found " + name
                + " (" + file.path() + "). Without it it would be another model; this version cannot run it.");
    }

    /// A weight whose rows the converter brought into another order, or a factor of it with such rows, back in Hugging
    /// Face's; others as they are.
    ///
    /// @param name of the weight here
    public static Tensor restored(Tensor rows, String name, Family family, int queryHeads, int keyHeads) {
        if (name.contains("." + FUSED)) {
            // Query, key and value of each head side by side, which the converter took apart.
            long[] shape =
                    rows.dim() == 1 ? new long[] {3, queryHeads, -1, 1} : new long[] {3, queryHeads, -1, rows.size(1)};
            return rows.view(shape).transpose(0, 1).reshape(rows.sizes()).contiguous();
        }
        if (family.ggufPermuted() && name.contains("self_attn.q_proj")) {
            return LlamaPermutation.undo(rows, queryHeads);
        }
        return family.ggufPermuted() && name.contains("self_attn.k_proj")
                ? LlamaPermutation.undo(rows, keyHeads)
                : rows;
    }

    private record Source(GgufFile file, Family family, ModelConfig config, Map<String, List<Long>> shapes)
            implements WeightSource {
        @Override
        public Tensor read(String name, Dtype dtype) {
            Matcher expert = EXPERT.matcher(name);
            if (expert.find()) {
                return readAll(List.of(name), dtype).getFirst();
            }
            Tensor tensor = file.read(family.ggufName(name), dtype);
            double offset = config.design().normOffset();
            if (offset != 0 && name.endsWith("norm.weight")) {
                // The converter has added it already.
                return tensor.sub(new Scalar(offset));
            }
            return restored(
                    tensor, name, family, config.heads().query(), config.heads().keyValue());
        }

        @Override
        public Dtype exact(String name) {
            return file.exact(family.ggufName(name));
        }

        /// Parts of one tensor where the file holds all in one.
        @Override
        public List<Tensor> readAll(List<String> names, Dtype dtype) {
            List<String> homes = names.stream().map(family::ggufName).distinct().toList();
            if (homes.size() > 1 || !EXPERT.matcher(names.getFirst()).find()) {
                return WeightSource.super.readAll(names, dtype);
            }
            Tensor all = file.read(homes.getFirst(), dtype);
            return names.stream()
                    .map(name -> {
                        Matcher expert = EXPERT.matcher(name);
                        return expert.find() ? all.select(0, Long.parseLong(expert.group(1))) : all;
                    })
                    .toList();
        }
    }
}
