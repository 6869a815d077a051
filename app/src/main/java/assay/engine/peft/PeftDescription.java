package assay.engine.peft;

import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.Collectors;

/// Says in a few words what an adapter is: `LoRA, rank 8, q_proj v_proj, 60 modules`.
final class PeftDescription {
    private PeftDescription() {}

    static String of(PeftConfig config, PeftTensors tensors, int replaced) {
        List<String> changed = tensors.modules().entrySet().stream()
                .filter(entry -> entry.getValue().hasFactors())
                .map(entry -> entry.getKey())
                .toList();
        LongSummaryStatistics ranks = tensors.modules().values().stream()
                .filter(PeftTensors.Module::hasFactors)
                .mapToLong(module -> config.ranks().of(module.spelling()))
                .summaryStatistics();
        String kinds = changed.stream()
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
        String rank = ranks.getMin() == ranks.getMax()
                ? "rank " + ranks.getMin()
                : "ranks " + ranks.getMin() + " to " + ranks.getMax();
        String factors = changed.isEmpty()
                ? "no factors"
                : rank + ", " + kinds + ", " + changed.size() + (changed.size() == 1 ? " module" : " modules");
        String resized = tensors.savedRows() == 0 ? "" : ", trained with " + tensors.savedRows() + " tokens";
        String kind = config.besides().magnitudes() ? "DoRA, " : "LoRA, ";
        int rows =
                config.besides().tokens().values().stream().mapToInt(List::size).sum();
        String tokens = rows == 0 ? "" : ", " + rows + (rows == 1 ? " row" : " rows") + " of tokens";
        String quantised = config.baseModel().contains("16-bit original of ") ? ", trained on a quantised base" : "";
        return kind + factors + tokens + (replaced == 0 ? "" : ", " + replaced + " replaced") + resized + quantised;
    }
}
