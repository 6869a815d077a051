package assay.tasks.talk;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/// What has been read lately, so that a longer conversation, another sample or another branch reads only what is new.
final class Shelf implements AutoCloseable {
    private static final int MOST = 8;
    private static final long MOST_BYTES = 640L << 20;

    private final Deque<Rows> kept = new ArrayDeque<>();

    /// A line of which the beginning is known.
    ///
    /// @param tokens how much of it
    record Known(Rows rows, int row, int tokens) {
        /// Whether nothing is to be read: the state behind it is known as well.
        boolean isWhole(Line line) {
            return tokens == line.tokens().length && rows.isAsked(row, line);
        }
    }

    /// Keeps rows, and closes those that have been here longest where there are too many.
    void keep(Rows rows) {
        kept.addFirst(rows);
        long bytes = 0;
        int count = 0;
        for (Iterator<Rows> each = kept.iterator(); each.hasNext(); ) {
            Rows one = each.next();
            bytes += one.bytes();
            count++;
            if (count > MOST || bytes > MOST_BYTES) {
                one.close();
                each.remove();
            }
        }
    }

    /// The row that has most of a line.
    ///
    /// @param most tokens wanted of it; at all of them only where the state behind the last is known too
    Optional<Known> find(Line line, int most) {
        Known best = null;
        for (Rows rows : kept) {
            for (int row = 0; row < rows.count(); row++) {
                int common = line.common(rows.line(row), rows.line(row).tokens().length);
                boolean isWhole = most == line.tokens().length && rows.isAsked(row, line);
                int tokens = isWhole ? most : Math.min(common, Math.min(most, line.tokens().length - 1));
                if (tokens > 0 && (best == null || tokens > best.tokens())) {
                    best = new Known(rows, row, tokens);
                }
            }
        }
        return Optional.ofNullable(best);
    }

    @Override
    public void close() {
        kept.forEach(Rows::close);
        kept.clear();
    }
}
