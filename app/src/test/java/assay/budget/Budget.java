package assay.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// What work may cost: counts by work and by what is counted, as they were when somebody last agreed to them.
///
/// @param counts the committed ones
record Budget(Map<String, Map<String, Long>> counts) {
    /// A change beyond this share is told.
    private static final double ALLOWED = 0.10;

    private static final String RENEW = "Run bench/budget/renew and commit bench/budget/counts.json";

    /// A line for everything that costs more than it may, or so much less that the budget no longer guards it.
    List<String> broken(Map<String, Map<String, Long>> found) {
        List<String> lines = new ArrayList<>();
        TreeSet<String> works = new TreeSet<>(counts.keySet());
        works.addAll(found.keySet());
        for (String work : works) {
            Map<String, Long> agreed = counts.getOrDefault(work, Map.of());
            Map<String, Long> now = found.getOrDefault(work, Map.of());
            TreeSet<String> kinds = new TreeSet<>(agreed.keySet());
            kinds.addAll(now.keySet());
            for (String kind : kinds) {
                compare(work + ": " + kind, agreed.getOrDefault(kind, 0L), now.getOrDefault(kind, 0L), lines);
            }
        }
        return lines;
    }

    private static void compare(String what, long agreed, long found, List<String> lines) {
        double change = (double) found / agreed - 1;
        if (agreed == found || Math.abs(change) <= ALLOWED) {
            return;
        }
        String words = String.format(Locale.ROOT, "%s: expected %,d, found %,d, ", what, agreed, found);
        if (agreed == 0 || found == 0) {
            lines.add(words + "which was never counted, or is no longer. " + RENEW + " if that is meant.");
        } else if (change > 0) {
            lines.add(
                    words + String.format(Locale.ROOT, "%.0f %% more. ", 100 * change) + RENEW + " if that is meant.");
        } else {
            lines.add(words + String.format(Locale.ROOT, "%.0f %% less: well done. ", -100 * change) + RENEW
                    + ", so that it stays so.");
        }
    }
}
