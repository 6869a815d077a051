package assay.base.run;

/// One countable part of a run, as shown to the user. Safe to advance from several threads.
public final class Stage implements AutoCloseable {
    private final Progress progress;
    private final String name;
    private final long total;
    private final long startedNanos;
    private long done;
    private long skipped;

    Stage(Progress progress, String name, long total, long startedNanos) {
        this.progress = progress;
        this.name = name;
        this.total = total;
        this.startedNanos = startedNanos;
    }

    /// Counts `count` more as done.
    public void advance(long count) {
        synchronized (progress) {
            done += count;
            progress.changed(this, false);
        }
    }

    /// Counts `count` as done earlier, by a run this one resumes: it moves the percentage and not the speed.
    public void skip(long count) {
        synchronized (progress) {
            done += count;
            skipped += count;
            progress.changed(this, false);
        }
    }

    /// Shows the last state and ends the stage.
    @Override
    public void close() {
        progress.closed(this);
    }

    /// Tells a listener how far it is.
    void tell(Progress.Listener listener, boolean ended) {
        listener.stage(name, done, total, ended);
    }

    /// The line for this moment, at most `width` characters: name, count, percent, time left (or time taken
    /// once done).
    String line(long nowNanos, int width, boolean ended) {
        double elapsed = (nowNanos - startedNanos) / 1e9;
        String count = total > 0 ? amount(Math.min(done, total)) + "/" + amount(total) : amount(done);
        String percent = total > 0 ? " " + percent() + "%" : "";
        String time = ended ? " in " + duration(elapsed) : timeLeft(elapsed);
        String tail = " " + count + percent + time;
        int room = width - tail.length();
        if (room >= Math.min(name.length(), 8)) {
            return shortened(name, room) + tail;
        }
        return shortened((percent + time).strip(), width);
    }

    private long percent() {
        return Math.clamp((long) Math.floor(100.0 * done / total), 0, 100);
    }

    private String timeLeft(double elapsed) {
        long fresh = done - skipped;
        if (total <= 0 || fresh <= 0 || elapsed < 1) {
            return "";
        }
        double left = elapsed / fresh * Math.max(0, total - done);
        return " " + duration(left) + " left";
    }

    private static String shortened(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        return width < 1 ? "" : text.substring(0, width - 1) + "…";
    }

    /// Large amounts are bytes or tokens nobody reads to the last digit: 92.9M.
    private static String amount(long value) {
        if (value < 1_000_000) {
            return Long.toString(value);
        }
        return value < 1_000_000_000L ? "%.1fM".formatted(value / 1e6) : "%.2fG".formatted(value / 1e9);
    }

    /// Seconds in words: `8 s`, `2 min 05 s`, `3 h 20 min`.
    public static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? "%d min %02d s".formatted(whole / 60, whole % 60)
                : "%d h %02d min".formatted(whole / 3600, whole % 3600 / 60);
    }
}
