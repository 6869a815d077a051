package assay.engine.family;

import assay.InputException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a file holds against what its configuration says, by names and shapes alone: before any number
/// is read and before any work that a wrong size would make endless.
public final class Fit {
    private static final Pattern IN_BLOCK = Pattern.compile("model\\.layers\\.(\\d{1,9})\\..*");
    /// Tables of rotary frequencies and masks that old files hold, which follow from the configuration, and what looks
    /// at pictures.
    private static final Pattern IDLE = Pattern.compile(
            ".*\\.rotary_emb\\..*|.*\\.(attn|attention)\\.(masked_)?bias|model\\.(vision_tower|multi_modal_projector|visual)\\..*");

    private Fit() {}

    /// The weights of a model and their shapes, biases where the file has them; the head may be missing.
    ///
    /// @param stored shapes of the tensors there are, by Hugging Face name
    /// @throws InputException if a weight is missing, has another shape, or would be left over
    public static Map<String, List<Long>> shapes(ModelConfig config, Map<String, List<Long>> stored) {
        requireLayers(config.layers(), stored.keySet());
        requireExperts(config.design().feedForward().experts().count(), stored.size());
        Map<String, List<Long>> expected = config.tensorShapes();
        for (String name : stored.keySet()) {
            List<Long> matrix = expected.get(name.replaceFirst("\\.bias$", ".weight"));
            if (name.endsWith(".bias")
                    && matrix != null
                    && matrix.size() == 2
                    && IN_BLOCK.matcher(name).matches()) {
                expected.put(name, matrix.subList(0, 1));
            }
        }
        expected.forEach((name, shape) -> requireShape(name, shape, stored));
        requireNoneLeft(expected.keySet(), stored.keySet());
        return expected;
    }

    private static void requireLayers(int layers, Set<String> names) {
        Set<Integer> found = names.stream()
                .map(IN_BLOCK::matcher)
                .filter(Matcher::matches)
                .map(name -> Integer.valueOf(name.group(1)))
                .collect(Collectors.toSet());
        if (found.size() != layers || found.stream().anyMatch(index -> index >= layers)) {
            throw new InputException("model: expected " + layers + " layers, as the configuration says, found "
                    + found.size() + ". The configuration and the weights do not belong together.");
        }
    }

    private static void requireExperts(int experts, int tensors) {
        if (experts > tensors) {
            throw new InputException("model: expected " + experts + " experts, as the configuration says, found "
                    + tensors + " tensors in all. The configuration and the weights do not belong together.");
        }
    }

    private static void requireShape(String name, List<Long> expected, Map<String, List<Long>> stored) {
        List<Long> found = stored.get(name);
        if (found == null && !name.equals("lm_head.weight")) {
            throw new InputException("model: expected a tensor " + name + ", found none. Is the file complete?");
        }
        if (found != null && !found.equals(expected)) {
            throw new InputException("model: expected shape " + expected + ", found " + found + " (" + name
                    + "). The configuration and the weights do not belong together.");
        }
    }

    private static void requireNoneLeft(Set<String> used, Set<String> stored) {
        List<String> left = stored.stream()
                .filter(name -> name.startsWith("model.") || name.startsWith("lm_head."))
                .filter(name -> !used.contains(name) && !IDLE.matcher(name).matches())
                .toList();
        if (!left.isEmpty()) {
            throw new InputException("model: expected weights of its family only, found " + left.size() + " others, "
                    + left.getFirst() + " first. Without them it would be another model; this version cannot run it.");
        }
    }
}
