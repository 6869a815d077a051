package assay.engine.format;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// How tensors lie beside each other in a file.
final class Layout {
    private Layout() {}

    /// @throws assay.InputException naming the first two tensors that share bytes
    static void requireDisjoint(MappedFile file, Map<String, TensorInfo> tensors) {
        List<Map.Entry<String, TensorInfo>> ordered = ordered(tensors);
        for (int index = 1; index < ordered.size(); index++) {
            TensorInfo before = ordered.get(index - 1).getValue();
            if (before.offset() + before.bytes() > ordered.get(index).getValue().offset()) {
                throw file.broken(
                        "tensors that do not overlap",
                        ordered.get(index - 1).getKey() + " and "
                                + ordered.get(index).getKey() + " sharing bytes");
            }
        }
    }

    /// @throws assay.InputException if bytes between `start` and `end` belong to no tensor
    static void requireNoHoles(MappedFile file, Map<String, TensorInfo> tensors, long start, long end) {
        long next = start;
        for (Map.Entry<String, TensorInfo> entry : ordered(tensors)) {
            if (entry.getValue().offset() != next) {
                throw file.broken(
                        entry.getKey() + " to start at byte " + next,
                        "byte " + entry.getValue().offset());
            }
            next += entry.getValue().bytes();
        }
        if (next != end) {
            throw file.broken("the tensors to end with the file at byte " + end, "byte " + next);
        }
    }

    private static List<Map.Entry<String, TensorInfo>> ordered(Map<String, TensorInfo> tensors) {
        return tensors.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, TensorInfo> entry) ->
                                entry.getValue().offset())
                        .thenComparingLong(entry -> entry.getValue().bytes()))
                .toList();
    }
}
