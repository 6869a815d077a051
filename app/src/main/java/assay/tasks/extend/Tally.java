package assay.tasks.extend;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Counts of what a stream gave and of what it left out, by kind.
public final class Tally {
    private final Map<Dropped, Long> dropped = new EnumMap<>(Dropped.class);
    private Dropped first = Dropped.BLANK;
    private long usable;

    /// Nothing counted yet.
    public Tally() {}

    /// Counts as they were saved.
    Tally(long usable, Map<Dropped, Long> dropped) {
        this.usable = usable;
        this.dropped.putAll(dropped);
    }

    void countUsable() {
        usable++;
    }

    void count(Dropped reason) {
        first = dropped.isEmpty() ? reason : first;
        dropped.merge(reason, 1L, Long::sum);
    }

    /// What was wrong with the first text that was left out.
    Dropped first() {
        return first;
    }

    /// Prompts to look at.
    public long usable() {
        return usable;
    }

    /// Texts left out for one reason.
    public long dropped(Dropped reason) {
        return dropped.getOrDefault(reason, 0L);
    }

    /// These counts, to keep while the stream goes on.
    public Tally copy() {
        return new Tally(usable, dropped);
    }

    /// One line: `2,950 usable, skipped 12 blank, 38 repeated`.
    public String summary() {
        String left = Arrays.stream(Dropped.values())
                .filter(reason -> dropped(reason) > 0)
                .map(reason -> String.format(Locale.ROOT, "%,d %s", dropped(reason), reason.words()))
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "%,d usable", usable) + (left.isEmpty() ? "" : ", skipped " + left);
    }
}
