package assay.engine.peft;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.family.Family;
import assay.engine.family.GgufSource;
import assay.engine.format.MappedWeights;
import assay.engine.format.TensorInfo;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;

/// A LoRA adapter as llama.cpp keeps it: a GGUF file with `general.type` adapter, `adapter.lora.alpha`,
/// and factors under GGUF names: `blk.3.attn_q.weight.lora_a` `[rank in]` and `.lora_b` `[out rank]`.
/// Its converter reorders rows of B as it does those of the model; here they are put back.
public final class GgufAdapter {
    private static final String A = ".lora_a";
    private static final int MOST_LISTED = 6;

    private final MappedWeights<Object> file;
    private final Family family;
    private final Model model;
    private final Map<String, Pair> pairs = new TreeMap<>();

    /// What the model it is to run on looks like.
    ///
    /// @param family its title, such as `Qwen2`
    /// @param shapes every weight, with its shape
    /// @param queryHeads heads that ask
    /// @param keyHeads heads that are asked
    public record Model(String family, Map<String, List<Long>> shapes, int queryHeads, int keyHeads) {}

    /// Names of both factors of a module; empty until it is met.
    private record Pair(String a, String b) {}

    private GgufAdapter(MappedWeights<Object> file, Model model) {
        this.file = file;
        this.family = Family.ofGguf(file.metadata(), file.path());
        this.model = model;
    }

    /// Reads one; its tensors belong to the caller's scope.
    ///
    /// @throws InputException if it is no LoRA adapter, is damaged, needs something not supported, or does not fit
    ///     the model
    public static PeftAdapter read(Path path, Model model, Dtype dtype) {
        try (MappedWeights<Object> file = MappedWeights.gguf(path);
                TensorScope scope = TensorScope.withoutGradients()) {
            requireLora(file);
            GgufAdapter adapter = new GgufAdapter(file, model);
            adapter.requireFamily();
            adapter.land();
            return adapter.factors(dtype, scope);
        }
    }

    private static void requireLora(MappedWeights<Object> file) {
        Object type = file.metadata().getOrDefault("general.type", "model");
        if (!type.equals("adapter")) {
            throw Refusal.of(
                    "adapter",
                    "general.type adapter",
                    Refusal.name(type.toString()),
                    file.path(),
                    "If it is a model, pass it with --model.");
        }
        Object kind = file.metadata().getOrDefault("adapter.type", "lora");
        if (!kind.equals("lora") || file.metadata().containsKey("adapter.alora.invocation_tokens")) {
            String found = kind.equals("lora") ? "one that is switched on by tokens (aLoRA)" : Refusal.name("" + kind);
            throw Refusal.of("adapter", "a plain LoRA", found, file.path(), "This version does not support it.");
        }
    }

    private void requireFamily() {
        String own = family.title();
        // Mistral's GGUF files say llama, and are made as Llama's are.
        boolean isAlike =
                own.equals(model.family()) || List.of("Llama", "Mistral").containsAll(List.of(own, model.family()));
        if (!isAlike) {
            throw refusal(
                    "one for " + model.family() + ", the model's family",
                    "one for " + own,
                    "Give its own base with --model.");
        }
    }

    /// Gives every tensor its place; sizes are compared before any is read.
    private void land() {
        Map<String, String> lost = new LinkedHashMap<>();
        file.tensors().keySet().forEach(name -> {
            boolean isFirst = name.endsWith(A);
            String weight = name.replaceFirst("\\.lora_[ab]$", "");
            Optional<String> ours = family.ourName(weight).filter(model.shapes()::containsKey);
            if (ours.isEmpty() || weight.equals(name)) {
                lost.put(name, weight);
                return;
            }
            String module = ours.get().replaceFirst("\\.weight$", "");
            Pair known = pairs.getOrDefault(module, new Pair("", ""));
            pairs.put(module, isFirst ? new Pair(name, known.b()) : new Pair(known.a(), name));
        });
        if (!lost.isEmpty() || pairs.isEmpty()) {
            throw refusal(
                    "factors of this model's weights",
                    lost.isEmpty() ? "none" : "others: " + listed(List.copyOf(lost.keySet())),
                    "Was it made for this model? This version reads no norms, biases or experts in such files.");
        }
        List<String> wrong = pairs.entrySet().stream()
                .filter(entry -> !fits(entry.getKey(), entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        if (!wrong.isEmpty()) {
            throw refusal(
                    "two factors of one rank that fit the model for every weight",
                    "others for " + listed(wrong),
                    "Was it made for this model?");
        }
    }

    private boolean fits(String module, Pair pair) {
        TensorInfo a = file.tensors().get(pair.a());
        TensorInfo b = file.tensors().get(pair.b());
        List<Long> weight = Objects.requireNonNull(model.shapes().get(module + ".weight"));
        if (a == null || b == null || weight.size() != 2 || b.shape().size() != 2) {
            return false;
        }
        Long rank = b.shape().getLast();
        // Rows of the embedding's first factor are looked up as the embedding's are.
        return isEmbedding(module)
                ? a.shape().equals(List.of(weight.getFirst(), rank))
                        && b.shape().getFirst().equals(weight.getLast())
                : a.shape().equals(List.of(rank, weight.getLast()))
                        && b.shape().getFirst().equals(weight.getFirst());
    }

    private static boolean isEmbedding(String module) {
        return module.equals(PeftName.EMBEDDING);
    }

    private PeftAdapter factors(Dtype dtype, TensorScope scope) {
        double alpha = alpha();
        Map<String, PeftAdapter.Factors> linear = new LinkedHashMap<>();
        Map<String, PeftAdapter.Factors> embedding = new LinkedHashMap<>();
        pairs.forEach((module, pair) -> {
            Tensor a = file.read(pair.a(), dtype);
            Tensor b = GgufSource.restored(
                    file.read(pair.b(), dtype), module + ".weight", family, model.queryHeads(), model.keyHeads());
            long rank = b.size(1);
            PeftAdapter.Factors factors = new PeftAdapter.Factors(
                    scope.keep(isEmbedding(module) ? a.t().contiguous() : a),
                    scope.keep(b.contiguous()),
                    // As llama.cpp: without an alpha the factors are taken as they are.
                    alpha == 0 ? 1 : alpha / rank);
            (isEmbedding(module) ? embedding : linear).put(module, factors);
        });
        return new PeftAdapter(
                base(), description(), linear, embedding.values().stream().findFirst(), Map.of(), Map.of(), Map.of());
    }

    private double alpha() {
        Object alpha = file.metadata().getOrDefault("adapter.lora.alpha", 0);
        if (!(alpha instanceof Number number) || !Double.isFinite(number.doubleValue())) {
            throw refusal("a finite number as adapter.lora.alpha", alpha.toString(), "Fetch the file again.");
        }
        return number.doubleValue();
    }

    private String base() {
        Object base = file.metadata().getOrDefault("general.base_model.0.name", "an unnamed model");
        return Refusal.name(base.toString());
    }

    private String description() {
        List<Long> ranks = pairs.values().stream()
                .map(pair -> Objects.requireNonNull(file.tensors().get(pair.b()))
                        .shape()
                        .getLast())
                .distinct()
                .sorted()
                .toList();
        String kinds = pairs.keySet().stream()
                .map(module -> module.substring(module.lastIndexOf('.') + 1))
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
        return "LoRA, "
                + (ranks.size() == 1
                        ? "rank " + ranks.getFirst()
                        : "ranks " + ranks.getFirst() + " to " + ranks.getLast())
                + ", " + kinds + ", " + pairs.size() + (pairs.size() == 1 ? " module" : " modules") + ", from GGUF";
    }

    private static String listed(List<String> names) {
        String first = names.stream().limit(MOST_LISTED).map(Refusal::name).collect(Collectors.joining(", "));
        return names.size() <= MOST_LISTED ? first : first + ", and " + (names.size() - MOST_LISTED) + " more";
    }

    private InputException refusal(String expected, String found, String nextStep) {
        return Refusal.of("adapter", expected, found, file.path(), nextStep);
    }
}
