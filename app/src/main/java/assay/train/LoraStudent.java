package assay.train;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.engine.peft.PeftWriter;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.LoraAdapter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/// A LoRA adapter in training (arXiv 2106.09685): for every module a block A `[rank in]` and a block B
/// `[out rank]`.
///
/// @param modules module names with the shapes `[out in]` of their weights
/// @param rank of every module
/// @param alpha B·A is multiplied by alpha/rank
/// @param dtype the format of the model's weights
public record LoraStudent(Map<String, List<Long>> modules, int rank, double alpha, Dtype dtype) implements Student {
    private static final String SUFFIX = ".weight";

    /// Sorts the modules, so that blocks have one order.
    public LoraStudent {
        modules = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(modules));
    }

    /// All modules of a model whose names end in one of `endings`.
    ///
    /// @param endings such as `q_proj`
    /// @throws InputException if an ending fits no linear layer, or the rank is not positive or too large
    public static LoraStudent of(LanguageModel model, List<String> endings, int rank, double alpha) {
        Map<String, List<Long>> modules = new TreeMap<>();
        for (String ending : endings) {
            int before = modules.size();
            model.tensorShapes().forEach((name, shape) -> {
                if (name.startsWith("model.layers.") && name.endsWith("." + ending + SUFFIX) && shape.size() == 2) {
                    modules.put(name.substring(0, name.length() - SUFFIX.length()), shape);
                }
            });
            if (modules.size() == before) {
                throw new InputException("--modules: expected names of linear layers such as q_proj,v_proj, found "
                        + ending + " (" + model.name() + "). Name layers the model has.");
            }
        }
        long most = modules.values().stream()
                .mapToLong(shape -> Math.min(shape.get(0), shape.get(1)))
                .min()
                .orElseThrow();
        if (rank < 1 || rank > most) {
            throw new InputException("--rank: expected 1 to " + most + ", found " + rank + " (" + model.name()
                    + "). Take 8 if in doubt.");
        }
        return new LoraStudent(modules, rank, alpha, model.dtype());
    }

    /// A as PEFT starts it (uniform within 1/√in), B zero: the adapter begins as the base.
    public float[][] start(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<float[]> start = new ArrayList<>();
        for (List<Long> shape : modules.values()) {
            float[] a = new float[Math.toIntExact(rank * shape.get(1))];
            double bound = 1 / Math.sqrt(shape.get(1));
            for (int i = 0; i < a.length; i++) {
                a[i] = (float) random.nextDouble(-bound, bound);
            }
            start.add(a);
            start.add(new float[Math.toIntExact(shape.get(0) * rank)]);
        }
        return start.toArray(float[][]::new);
    }

    @Override
    public List<long[]> shapes() {
        return modules.values().stream()
                .flatMap(shape -> Stream.of(new long[] {rank, shape.get(1)}, new long[] {shape.get(0), rank}))
                .toList();
    }

    /// The factors of every module, by its name.
    ///
    /// @param tensors one per block
    public Map<String, PeftWriter.Lora> factors(List<Tensor> tensors) {
        Map<String, PeftWriter.Lora> factors = new LinkedHashMap<>();
        for (String module : modules.keySet()) {
            int at = 2 * factors.size();
            factors.put(module, new PeftWriter.Lora(tensors.get(at), tensors.get(at + 1)));
        }
        return factors;
    }

    @Override
    public String description() {
        return "LoRA r=" + rank;
    }

    @Override
    public Behaviour behaviour(List<Tensor> tensors) {
        Map<String, Overlay.LowRank> linear = new TreeMap<>();
        factors(tensors).forEach((module, lora) -> {
            Tensor a = lora.a().to(dtype.scalarType());
            Tensor b = lora.b().to(dtype.scalarType());
            linear.put(module, new Overlay.LowRank(a, b, alpha / rank));
        });
        Overlay overlay = new Overlay(linear, Optional.empty(), Map.of(), Map.of());
        return new LoraAdapter("adapter", description(), overlay);
    }
}
