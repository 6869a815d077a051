package assay.engine.peft;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.format.MappedWeights;
import assay.engine.peft.PeftName.Part;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// A LoRA adapter read from a PEFT folder (LoRA, arXiv 2106.09685). Never merged; its tensors belong to the
/// scope that was open when it was read.
///
/// Keys are the model's names, without PEFT's prefix: modules such as `model.layers.0.self_attn.q_proj`,
/// weights such as `lm_head.weight`.
///
/// @param baseModel the model it was made for, as its author wrote it
/// @param description what it is: rank, kinds of modules, number of modules
/// @param linear factors of linear layers, by module
/// @param embedding factors of the input embedding, if any: `a` is `[rank vocab]`, `b` is `[hidden rank]`,
///     and row `t` of the embedding gains `scale · (B·A)ᵀ[t]`
/// @param replaced full weights that stand in for the model's, by weight name
/// @param biases added to the outputs of linear layers, by module, each `[out]`; the scale is already in them
/// @param gains of DoRA, by module: what the base's outputs are multiplied by, each `[out]` float32; it is already in
///     the factors
public record PeftAdapter(
        String baseModel,
        String description,
        Map<String, Factors> linear,
        Optional<Factors> embedding,
        Map<String, Tensor> replaced,
        Map<String, Tensor> biases,
        Map<String, Tensor> gains) {
    private static final int ZERO_CHECK_ROWS = 256;
    private static final double ROUNDING = 1e-5;

    /// `ΔW = scale · B·A`, kept as factors.
    ///
    /// @param a `[rank in]`
    /// @param b `[out rank]`
    /// @param scale α/r, or α/√r for rank-stabilised LoRA
    public record Factors(Tensor a, Tensor b, double scale) {
        boolean isZero() {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                if (scale == 0 || !anyNonZero(a) || !anyNonZero(b)) {
                    return true;
                }
                for (long row = 0; row < b.size(0); row += ZERO_CHECK_ROWS) {
                    try (TensorScope _ = new TensorScope()) {
                        Tensor rows = b.narrow(0, row, Math.min(ZERO_CHECK_ROWS, b.size(0) - row));
                        if (anyNonZero(rows.matmul(a))) {
                            return false;
                        }
                    }
                }
                return true;
            }
        }

        private static boolean anyNonZero(Tensor tensor) {
            return torch.count_nonzero(tensor).item_long() > 0;
        }
    }

    /// Makes copies immutable.
    public PeftAdapter {
        linear = Collections.unmodifiableMap(new LinkedHashMap<>(linear));
        replaced = Collections.unmodifiableMap(new LinkedHashMap<>(replaced));
        biases = Collections.unmodifiableMap(new LinkedHashMap<>(biases));
        gains = Collections.unmodifiableMap(new LinkedHashMap<>(gains));
    }

    /// Reads a folder with `adapter_config.json` and `adapter_model.safetensors`, or one whose only such
    /// folder is a direct subfolder (PEFT saves adapters with a name of their own that way).
    ///
    /// @param modelShapes every weight of the model it is to run on, with its shape
    /// @param dtype what the factors are converted to
    /// @throws InputException if it is not a LoRA adapter, is damaged, needs something not supported, or does
    /// not fit the model
    public static PeftAdapter read(Path folder, Map<String, List<Long>> modelShapes, Dtype dtype) {
        return read(folder, modelShapes, _ -> null, dtype);
    }

    /// The same, without the copies of the model's own weights that some files hold. A copy that was saved after
    /// tokens were added or taken away is one, too: its other rows were never trained, and what is compared
    /// are the model's own tokens.
    ///
    /// @param weights the model's weights by name, null where there is none; a tied model's head is its
    ///     embedding
    public static PeftAdapter read(
            Path folder, Map<String, List<Long>> modelShapes, Function<String, @Nullable Tensor> weights, Dtype dtype) {
        PeftFolder home = PeftFolder.find("adapter", folder);
        PeftConfig config = PeftConfig.read(home.config());
        try (MappedWeights<String> file = home.open();
                TensorScope scope = TensorScope.withoutGradients()) {
            PeftTensors tensors = PeftTensors.land(file, config, modelShapes, weights);
            return new Reading(file, config, dtype, scope).adapter(tensors, weights);
        }
    }

    /// As much of it as is asked for: multiples of all it changes, the largest directions of its factors. Weights that
    /// are replaced whole are not cut, only moved by the multiple. New tensors belong to the caller's scope.
    ///
    /// @param weights the model's weights by name
    /// @throws InputException if its factors have no more directions than are to be kept
    public PeftAdapter trimmed(Trim trim, Function<String, @Nullable Tensor> weights) {
        if (trim.isNone()) {
            return this;
        }
        long largest = Stream.concat(linear.values().stream(), embedding.stream())
                .mapToLong(factors -> factors.a().size(0))
                .max()
                .orElse(0);
        trim.requireRoom(largest, !gains.isEmpty(), description);
        Map<String, Factors> cut = new LinkedHashMap<>();
        linear.forEach((module, factors) -> cut.put(module, trim.of(factors)));
        Map<String, Tensor> moved = new LinkedHashMap<>();
        replaced.forEach(
                (name, weight) -> moved.put(name, trim.of(weight, Objects.requireNonNull(weights.apply(name)))));
        Map<String, Tensor> added = new LinkedHashMap<>();
        biases.forEach((module, bias) -> added.put(module, trim.of(bias)));
        Map<String, Tensor> louder = new LinkedHashMap<>();
        gains.forEach((module, gain) -> louder.put(module, trim.ofGain(gain)));
        return new PeftAdapter(
                baseModel, description + ", " + trim.words(), cut, embedding.map(trim::of), moved, added, louder);
    }

    /// Whether it leaves the model as it is: every B·A is exactly zero and nothing is replaced or added.
    public boolean hasNoEffect() {
        return replaced.isEmpty()
                && biases.isEmpty()
                && gains.values().stream().allMatch(PeftAdapter::isOne)
                && embedding.map(Factors::isZero).orElse(true)
                && linear.values().stream().allMatch(Factors::isZero);
    }

    private static boolean isOne(Tensor gain) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return gain.sub(new Scalar(1)).abs().max().item_double() < ROUNDING;
        }
    }

    /// One pass over a file whose names and shapes have been checked.
    private record Reading(MappedWeights<String> file, PeftConfig config, Dtype dtype, TensorScope scope) {
        PeftAdapter adapter(PeftTensors tensors, Function<String, @Nullable Tensor> weights) {
            Map<String, Factors> linear = new LinkedHashMap<>();
            Map<String, Factors> embedding = new LinkedHashMap<>();
            Map<String, Tensor> replaced = new LinkedHashMap<>();
            Map<String, Tensor> biases = new LinkedHashMap<>();
            Map<String, Tensor> gains = new LinkedHashMap<>();
            tensors.modules()
                    .forEach((name, module) -> module.tensors().forEach((part, tensor) -> {
                        switch (part) {
                            case FACTOR_A -> linear.put(name, factors(module, tensor, Part.FACTOR_B));
                            case EMBEDDING_A -> embedding.put(name, factors(module, tensor, Part.EMBEDDING_B));
                            case FACTOR_BIAS -> biases.put(name, scaled(module, tensor));
                            case WEIGHT ->
                                replaced.put(
                                        name + ".weight",
                                        scope.keep(new BaseCopies(weights, config).fitted(name, read(tensor))));
                            case BIAS -> replaced.put(name + ".bias", scope.keep(read(tensor)));
                            case TOKENS -> rows(name, tensor, weights, linear, embedding);
                            case FACTOR_B, EMBEDDING_B, MAGNITUDE -> {}
                        }
                    }));
            tensors.modules().forEach((name, module) -> {
                String magnitude = module.tensors().get(Part.MAGNITUDE);
                if (magnitude != null) {
                    Map<String, Factors> home = name.equals(PeftName.EMBEDDING) ? embedding : linear;
                    Factors plain = Objects.requireNonNull(home.get(name));
                    Tensor weight = Objects.requireNonNull(weights.apply(name + ".weight"));
                    Tensor gain = scope.keep(Beside.gain(
                            weight, plain, file.read(magnitude, Dtype.FLOAT32), name.equals(PeftName.EMBEDDING)));
                    gains.put(name, gain);
                    Factors gained = Beside.gained(plain, gain);
                    home.put(name, new Factors(plain.a(), scope.keep(gained.b()), plain.scale()));
                }
            });
            new BaseCopies(weights, config).settle(replaced, file.path());
            String description = PeftDescription.of(config, tensors, replaced.size());
            return new PeftAdapter(
                    config.baseModel(),
                    description,
                    linear,
                    embedding.values().stream().findFirst(),
                    replaced,
                    biases,
                    gains);
        }

        /// Rows of tokens; of a tied model's one matrix they change embedding and head alike.
        private void rows(
                String name,
                String tensor,
                Function<String, @Nullable Tensor> weights,
                Map<String, Factors> linear,
                Map<String, Factors> embedding) {
            Tensor weight = Objects.requireNonNull(weights.apply(name + ".weight"));
            List<Long> all = TokenRows.of(name, config).orElseThrow();
            // Those that the model has not: it was resized for them before training.
            long[] known = IntStream.range(0, all.size())
                    .filter(i -> all.get(i) < weight.size(0))
                    .asLongStream()
                    .toArray();
            if (known.length == 0) {
                return;
            }
            Tensor rows = file.read(tensor, Dtype.FLOAT32).index_select(0, Torch.longs(known, known.length));
            List<Long> tokens =
                    Arrays.stream(known).mapToObj(i -> all.get((int) i)).toList();
            boolean isTied = weight.equals(weights.apply("lm_head.weight"));
            if (name.equals(PeftName.EMBEDDING)) {
                embedding.put(name, kept(Beside.rows(weight, tokens, rows, true)));
            }
            if (isTied || !name.equals(PeftName.EMBEDDING)) {
                linear.put("lm_head", kept(Beside.rows(weight, tokens, rows, false)));
            }
        }

        private Factors kept(Factors factors) {
            return new Factors(scope.keep(factors.a()), scope.keep(factors.b()), factors.scale());
        }

        private Factors factors(PeftTensors.Module module, String a, Part partner) {
            String b = Objects.requireNonNull(module.tensors().get(partner));
            return new Factors(scope.keep(read(a)), scope.keep(read(b)), scale(module));
        }

        private Tensor scaled(PeftTensors.Module module, String bias) {
            return scope.keep(read(bias).mul(new Scalar(scale(module))));
        }

        private double scale(PeftTensors.Module module) {
            String spelling = module.spelling();
            return config.ranks().scale(spelling, config.ranks().of(spelling));
        }

        private Tensor read(String name) {
            Tensor tensor = file.read(name, dtype);
            return PeftName.isTransposed(name) ? tensor.t().contiguous() : tensor;
        }
    }
}
