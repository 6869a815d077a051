package assay.engine.peft;

import assay.InputException;
import assay.engine.format.Spelling;
import assay.engine.peft.PeftName.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Rows of tokens that were trained alone (`trainable_token_indices`).
final class TokenRows {
    private static final Set<String> HOMES = Set.of(PeftName.EMBEDDING, "lm_head");

    private TokenRows() {}

    /// Indices of the rows that were trained in a module, in the order they are saved in.
    static Optional<List<Long>> of(String module, PeftConfig config) {
        List<String> names = new ArrayList<>(Spelling.others(module));
        names.add(module);
        return config.besides().tokens().entrySet().stream()
                .filter(entry -> names.stream()
                        .anyMatch(name -> name.equals(entry.getKey()) || name.endsWith("." + entry.getKey())))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /// They belong to embedding and head, as the configuration says, beside nothing else.
    ///
    /// @throws InputException if they do not
    static void require(
            Map<String, PeftTensors.Module> modules,
            PeftConfig config,
            Map<String, List<Long>> modelShapes,
            Path path) {
        Map<String, PeftTensors.Module> found = new LinkedHashMap<>(modules);
        found.values().removeIf(module -> !module.tensors().containsKey(Part.TOKENS));
        Set<String> said = config.besides().tokens().keySet();
        boolean isRight = found.size() == said.size()
                && found.keySet().stream().allMatch(name -> of(name, config).isPresent() && HOMES.contains(name));
        if (!isRight) {
            throw PeftConfig.refusal(
                    path,
                    said.isEmpty() ? "no rows of tokens" : "rows of tokens for " + String.join(", ", said),
                    found.isEmpty() ? "none" : String.join(", ", found.keySet()),
                    "trainable_token_indices in adapter_config.json and the tensors do not belong together.");
        }
        found.forEach((name, module) -> {
            Long rows =
                    Objects.requireNonNull(modelShapes.get(name + ".weight")).getFirst();
            Long smallest =
                    of(name, config).orElseThrow().stream().min(Long::compare).orElse(0L);
            if (smallest >= rows && modules.size() == found.size()) {
                throw PeftConfig.refusal(
                        path,
                        "trainable_token_indices below the model's " + rows + " rows",
                        smallest + " and above",
                        "Only new tokens were trained, which this model has not: give the base that was resized for"
                                + " them, saved with its tokenizer.");
            }
            if (module.hasFactors()) {
                throw PeftConfig.refusal(
                        path, "rows of tokens or factors for " + name, "both", "Merge one of them first.");
            }
        });
    }
}
