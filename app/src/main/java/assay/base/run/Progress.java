package assay.base.run;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Tells the user on standard error what runs, how far it is and how long it will still take.
///
/// On a terminal one line is redrawn; elsewhere (a log file, CI) a plain line appears every few seconds.
/// Results never go here.
public final class Progress {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 5_000_000_000L;
    private static final int USUAL_WIDTH = 80;

    private final @Nullable PrintStream out;
    private final boolean redraw;
    private final int width;
    private final LongSupplier nanoClock;
    private long lastShown;
    private boolean lineOpen;

    Progress(@Nullable PrintStream out, boolean redraw, int width, LongSupplier nanoClock) {
        this.out = out;
        this.redraw = redraw;
        this.width = width;
        this.nanoClock = nanoClock;
    }

    /// Progress on standard error, redrawn in place if that is a terminal that can.
    public static Progress terminal() {
        Map<String, String> environment = System.getenv();
        boolean redraw = standardErrorIsTerminal() && canRedraw(environment);
        PrintStream utf8 = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        return new Progress(utf8, redraw, columns(environment.get("COLUMNS")), System::nanoTime);
    }

    /// Progress in lines on a stream.
    public static Progress to(PrintStream out) {
        return new Progress(out, false, USUAL_WIDTH, System::nanoTime);
    }

    /// Progress that nobody sees.
    public static Progress silent() {
        return new Progress(null, false, USUAL_WIDTH, System::nanoTime);
    }

    /// Begins a countable part of the run; close it when it ends.
    ///
    /// @param total how much there is to do; 0 if unknown
    public Stage stage(String name, long total) {
        Stage stage = new Stage(this, name, total, nanoClock.getAsLong());
        synchronized (this) {
            changed(stage, true);
        }
        return stage;
    }

    /// Says one line.
    public synchronized void note(String text) {
        if (out != null) {
            endLine();
            out.println(Visible.text(text));
        }
    }

    /// Shows a stage if enough time has passed since something was last shown. The caller holds the lock of
    /// this object.
    void changed(Stage stage, boolean now) {
        long time = nanoClock.getAsLong();
        if (out == null || !(now || time - lastShown >= (redraw ? REDRAW_NANOS : PLAIN_NANOS))) {
            return;
        }
        lastShown = time;
        show(out, stage.line(time, width - 1, false));
    }

    synchronized void closed(Stage stage) {
        if (out == null) {
            return;
        }
        lastShown = nanoClock.getAsLong();
        show(out, stage.line(lastShown, width - 1, true));
        endLine();
    }

    private void show(PrintStream stream, String line) {
        String visible = Visible.line(line);
        if (!redraw) {
            stream.println(visible);
            return;
        }
        stream.print("\r" + visible + "\u001b[K");
        stream.flush();
        lineOpen = true;
    }

    private void endLine() {
        if (lineOpen && out != null) {
            out.println();
            lineOpen = false;
        }
    }

    /// Java can only ask about standard input and output; the launcher knows about standard error and says
    /// so.
    private static boolean standardErrorIsTerminal() {
        String told = System.getProperty("assay.terminal");
        return told == null
                ? Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent()
                : Boolean.parseBoolean(told);
    }

    static boolean canRedraw(Map<String, String> environment) {
        String term = environment.getOrDefault("TERM", "");
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && !term.equals("dumb") && !term.isEmpty();
    }

    static int columns(@Nullable String told) {
        try {
            return told == null ? USUAL_WIDTH : Math.clamp(Long.parseLong(told.strip()), 10, 500);
        } catch (NumberFormatException _) {
            return USUAL_WIDTH;
        }
    }
}
