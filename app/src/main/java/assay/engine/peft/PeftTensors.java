package assay.engine.peft;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.format.MappedWeights;
import assay.engine.format.TensorInfo;
import assay.engine.peft.PeftName.Part;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// The tensors of a PEFT file, each at its place in the model. Names are the truth; the configuration is
/// checked against them.
final class PeftTensors {
    private static final int MOST_LISTED = 5;
    private static final String EXPERTS = ".mlp.experts.";
    private static final Pattern IN_BLOCK = Pattern.compile("model\\.layers\\.\\d+");

    private final MappedWeights<String> file;
    private final PeftConfig config;
    private final Map<String, List<Long>> modelShapes;
    private final Map<String, Module> modules = new LinkedHashMap<>();
    private final Set<String> resized = new HashSet<>();
    private long savedRows;

    /// What a file holds for one module.
    ///
    /// @param spelling the name PEFT knew it under
    /// @param tensors the file's tensor names, by what they are
    record Module(String spelling, Map<Part, String> tensors) {
        boolean hasFactors() {
            return tensors.keySet().stream().anyMatch(Part::isFactor);
        }
    }

    private PeftTensors(MappedWeights<String> file, PeftConfig config, Map<String, List<Long>> modelShapes) {
        this.file = file;
        this.config = config;
        this.modelShapes = modelShapes;
    }

    /// @throws InputException if a tensor has no place, a place no tensor, or the shapes do not fit
    static PeftTensors land(
            MappedWeights<String> file,
            PeftConfig config,
            Map<String, List<Long>> modelShapes,
            Function<String, @Nullable Tensor> weights) {
        PeftTensors tensors = new PeftTensors(file, config, modelShapes);
        file.requireFilled("adapter", file.path());
        tensors.landAll();
        tensors.requirePairs();
        tensors.requireBeside(Part.FACTOR_BIAS, config.besides().factorBias(), "a lora_B.bias", "lora_bias");
        tensors.requireBeside(Part.MAGNITUDE, config.besides().magnitudes(), "a lora_magnitude_vector", "use_dora");
        TokenRows.require(tensors.modules, config, modelShapes, file.path());
        tensors.requireTargets();
        tensors.requireReplacements();
        tensors.requireRanks();
        tensors.settleResized(new BaseCopies(weights, config));
        tensors.requireShapes();
        return tensors;
    }

    /// By the model's module names.
    Map<String, Module> modules() {
        return modules;
    }

    private void landAll() {
        List<String> lost = new ArrayList<>();
        for (String name : file.tensors().keySet()) {
            if (PeftName.isIdle(name)) {
                continue;
            }
            PeftName place = PeftName.land(name, modelShapes).orElse(null);
            if (place == null) {
                lost.add(name);
                continue;
            }
            Module module = modules.computeIfAbsent(
                    place.module(), _ -> new Module(place.spelling(), new EnumMap<>(Part.class)));
            String before = module.tensors.put(place.part(), name);
            if (before != null && !areEqual(before, name)) {
                throw refusal("one tensor for each place", before + " and " + name, "Keep one of them.");
            }
        }
        if (!lost.isEmpty()) {
            throw refusal(
                    "every tensor to have a place in the model", lost.size() + " without: " + listed(lost), why(lost));
        }
        if (modules.isEmpty()) {
            throw refusal("LoRA tensors", "none", "Was the adapter saved completely?");
        }
    }

    private boolean areEqual(String one, String other) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return file.read(one, Dtype.FLOAT32).equal(file.read(other, Dtype.FLOAT32));
        }
    }

    /// Only tensors of blocks that the model has not tell of another model.
    private String why(List<String> lost) {
        if (lost.stream().allMatch(name -> name.endsWith(".bias"))) {
            return "This model has no such biases.";
        }
        boolean isDeeper = lost.stream()
                .map(IN_BLOCK::matcher)
                .anyMatch(name ->
                        name.find() && !modelShapes.containsKey(name.group() + ".post_attention_layernorm.weight"));
        return isDeeper ? base() : "This version does not know them; " + config.baseModel() + " is the base it names.";
    }

    private void requirePairs() {
        List<String> single = new ArrayList<>();
        modules.forEach((name, module) -> {
            Map<Part, String> tensors = module.tensors;
            boolean linear = tensors.containsKey(Part.FACTOR_A) == tensors.containsKey(Part.FACTOR_B);
            boolean embedding = tensors.containsKey(Part.EMBEDDING_A) == tensors.containsKey(Part.EMBEDDING_B);
            boolean isFactored = tensors.containsKey(Part.FACTOR_A) || tensors.containsKey(Part.EMBEDDING_A);
            if (!linear || !embedding || (tensors.containsKey(Part.MAGNITUDE) && !isFactored)) {
                single.add(name);
            }
        });
        if (!single.isEmpty()) {
            throw refusal("both factors of every module", "one only of: " + listed(single), "Fetch the adapter again.");
        }
    }

    /// A tensor that stands beside all factors or none.
    private void requireBeside(Part part, boolean isWanted, String what, String field) {
        List<String> wrong = new ArrayList<>();
        modules.forEach((name, module) -> {
            boolean isFactored = module.tensors.containsKey(Part.FACTOR_B)
                    || (part == Part.MAGNITUDE && module.tensors.containsKey(Part.EMBEDDING_B));
            if (module.tensors.containsKey(part) != (isWanted && isFactored)) {
                wrong.add(name);
            }
        });
        if (!wrong.isEmpty()) {
            throw refusal(
                    what + " for " + (isWanted ? "every" : "no") + " module as " + field + " says",
                    "otherwise: " + listed(wrong),
                    "adapter_config.json and the tensors do not belong together.");
        }
    }

    private void requireTargets() {
        List<String> missing = new ArrayList<>();
        requireParameters();
        // Where experts are one tensor, as in transformers 5, names of modules reach none of them.
        boolean reachesExperts = modules.keySet().stream().anyMatch(name -> name.contains(EXPERTS));
        modelShapes.forEach((weight, shape) -> {
            String name = weight.replaceFirst("\\.weight$", "");
            Module module = modules.get(name);
            boolean found = module != null && module.hasFactors();
            boolean isMeant = reachesExperts || !name.contains(EXPERTS);
            if (shape.size() == 2 && !found && isMeant && config.targets().contain(name)) {
                missing.add(name);
            }
        });
        if (!missing.isEmpty()) {
            throw refusal(
                    "tensors for every module that target_modules names",
                    missing.size() + " without: " + listed(missing),
                    "Fetch the adapter again, or give the model it names: " + config.baseModel() + ".");
        }
        List<String> extra = modules.entrySet().stream()
                .filter(entry -> entry.getValue().hasFactors()
                        && !config.targets().allow(entry.getValue().spelling())
                        && !config.targets().allow(entry.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        if (!extra.isEmpty()) {
            throw refusal(
                    "tensors only for modules that target_modules names",
                    extra.size() + " others: " + listed(extra),
                    "adapter_config.json and the tensors do not belong together.");
        }
    }

    private void requireParameters() {
        List<String> missing = config.targets().parameters().stream()
                .filter(parameter -> modules.keySet().stream()
                        .noneMatch(name -> name.equals(parameter) || name.endsWith("." + parameter)))
                .toList();
        if (!missing.isEmpty()) {
            throw refusal(
                    "tensors for all that target_parameters names",
                    "none for " + listed(missing),
                    "Only matrices of linear layers are read; experts in one tensor are not.");
        }
    }

    private void requireReplacements() {
        List<String> missing = config.targets().replaced().stream()
                .filter(saved -> modelShapes.keySet().stream()
                        .anyMatch(
                                weight -> weight.equals(saved + ".weight") || weight.endsWith("." + saved + ".weight")))
                .filter(saved -> modules.entrySet().stream()
                        .noneMatch(entry -> entry.getValue().tensors.containsKey(Part.WEIGHT)
                                && (entry.getKey().equals(saved)
                                        || entry.getKey().endsWith("." + saved))))
                .toList();
        if (!missing.isEmpty()) {
            throw refusal(
                    "tensors for every module that modules_to_save names",
                    "none for: " + listed(missing),
                    "Fetch the adapter again.");
        }
    }

    private void requireRanks() {
        List<String> wrong = new ArrayList<>();
        modules.forEach((name, module) -> {
            Part first = name.equals(PeftName.EMBEDDING) ? Part.EMBEDDING_A : Part.FACTOR_A;
            if (!module.hasFactors()) {
                return;
            }
            List<Long> shape = shape(module, first);
            long expected = config.ranks().of(module.spelling);
            if (shape.size() == 2 && shape.getFirst() != expected) {
                wrong.add(name + " (expected " + expected + ", found " + shape.getFirst() + ")");
            }
        });
        if (!wrong.isEmpty()) {
            throw refusal(
                    "the ranks adapter_config.json gives",
                    wrong.size() + " others: " + listed(wrong),
                    "The configuration and the tensors do not belong together.");
        }
    }

    /// Looks at embeddings and heads that have more or fewer rows: copies of the base's are left out, trained ones are
    /// read as far as the model has tokens.
    private void settleResized(BaseCopies copies) {
        for (String name : List.of(PeftName.EMBEDDING, "lm_head")) {
            Module module = modules.get(name);
            String tensor = module == null ? null : module.tensors.get(Part.WEIGHT);
            if (module == null || tensor == null) {
                continue;
            }
            List<Long> saved = shape(module, Part.WEIGHT);
            List<Long> own = known(modelShapes.get(name + ".weight"));
            boolean isResized = saved.size() == 2
                    && saved.getLast().equals(own.getLast())
                    && !saved.getFirst().equals(own.getFirst());
            if (isResized) {
                settle(copies, name, module, tensor, saved.getFirst());
            }
        }
    }

    private void settle(BaseCopies copies, String name, Module module, String tensor, long rows) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor saved = file.read(tensor, Dtype.FLOAT32);
            if (copies.isUntrained(name, saved)) {
                savedRows = rows;
                module.tensors.remove(Part.WEIGHT);
                modules.values().removeIf(left -> left.tensors.isEmpty());
            } else if (copies.isOffspring(name, saved)) {
                savedRows = rows;
                resized.add(tensor);
            }
        }
    }

    /// Rows of the saved embedding and head where they are not as many as the model's; 0 where they are.
    long savedRows() {
        return savedRows;
    }

    private void requireShapes() {
        List<String> wrong = new ArrayList<>();
        modules.forEach((name, module) -> module.tensors.forEach((part, tensor) -> {
            List<Long> expected = expected(name, module, part);
            List<Long> found = shape(module, part);
            if (!found.equals(expected) && !resized.contains(tensor)) {
                wrong.add(tensor + " (expected " + expected + ", found " + found + ")");
            }
        }));
        if (!wrong.isEmpty()) {
            requireSameVocabulary(wrong.size());
            throw refusal("shapes that fit the model", wrong.size() + " that do not: " + listed(wrong), base());
        }
    }

    /// Says what happened where nothing but the number of tokens differs.
    private void requireSameVocabulary(int wrong) {
        Long rows = known(modelShapes.get(PeftName.EMBEDDING + ".weight")).getFirst();
        Map<String, Long> resized = new LinkedHashMap<>();
        for (String name : List.of(PeftName.EMBEDDING, "lm_head")) {
            Module module = modules.getOrDefault(name, new Module(name, Map.of()));
            module.tensors.forEach((part, tensor) -> {
                List<Long> found = shape(module, part);
                List<Long> expected = new ArrayList<>(expected(name, module, part));
                int axis = expected.indexOf(rows);
                if (found.size() == expected.size() && !found.equals(expected) && axis >= 0) {
                    expected.set(axis, found.get(axis));
                    if (found.equals(expected)) {
                        resized.put(tensor, found.get(axis));
                    }
                }
            });
        }
        if (resized.size() == wrong) {
            Long found = resized.values().iterator().next();
            throw refusal(
                    "a vocabulary of " + rows + " rows, as the model has",
                    found + " in " + listed(List.copyOf(resized.keySet())),
                    "It was resized, as for new tokens, and factors over its rows were trained, or its rows are not those"
                            + " of this model. Give --model a base with these rows:"
                            + " load it with transformers, call resize_token_embeddings(" + found + "), load the"
                            + " adapter onto it with PEFT, call unload(), and save it with the adapter's tokenizer.");
        }
    }

    private List<Long> expected(String name, Module module, Part part) {
        List<Long> weight = known(modelShapes.get(name + ".weight"));
        long rank = config.ranks().of(module.spelling);
        return switch (part) {
            case FACTOR_A -> List.of(rank, weight.get(1));
            case FACTOR_B -> List.of(weight.get(0), rank);
            case FACTOR_BIAS -> List.of(weight.get(0));
            case EMBEDDING_A -> List.of(rank, weight.get(0));
            case EMBEDDING_B -> List.of(weight.get(1), rank);
            case MAGNITUDE -> List.of(weight.get(name.equals(PeftName.EMBEDDING) ? 1 : 0));
            case TOKENS ->
                List.of((long) TokenRows.of(name, config).orElse(List.of()).size(), weight.get(1));
            case WEIGHT -> weight;
            case BIAS -> known(modelShapes.get(name + ".bias"));
        };
    }

    private List<Long> shape(Module module, Part part) {
        String name = module.tensors.get(part);
        TensorInfo info = name == null ? null : file.tensors().get(name);
        if (name == null || info == null) {
            return List.of();
        }
        return PeftName.isTransposed(name) ? info.shape().reversed() : info.shape();
    }

    private static List<Long> known(@Nullable List<Long> shape) {
        if (shape == null) {
            throw new IllegalStateException("A tensor landed where the model has none.");
        }
        return shape;
    }

    private String base() {
        return "It was made for " + config.baseModel() + "; give that model.";
    }

    private static String listed(List<String> names) {
        String first = names.stream().limit(MOST_LISTED).map(Refusal::name).collect(Collectors.joining(", "));
        return names.size() <= MOST_LISTED ? first : first + ", and " + (names.size() - MOST_LISTED) + " more";
    }

    private InputException refusal(String expected, String found, String nextStep) {
        return PeftConfig.refusal(file.path(), expected, found, nextStep);
    }
}
