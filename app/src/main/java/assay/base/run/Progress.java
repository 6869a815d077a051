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
/// Results never go here. A page that shows a run listens instead ([#heardBy]).
public final class Progress {
    /// Hears what is otherwise shown, for a page that draws it in its own way.
    public interface Listener {
        /// A stage began, advanced or ended; often, but not at every step.
        ///
        /// @param total how much there is to do; 0 if unknown
        void stage(String name, long done, long total, boolean ended);

        /// Something was said.
        ///
        /// @param text in words
        /// @param fact what the words were made of: a record of the room that says it; absent for mere
        /// words
        void note(String text, Optional<Record> fact);
    }

    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 5_000_000_000L;
    private static final int USUAL_WIDTH = 80;

    private final @Nullable PrintStream out;
    private final boolean redraw;
    private final int width;
    private final LongSupplier nanoClock;
    private final Optional<Listener> listener;
    private long lastShown;
    private boolean lineOpen;

    Progress(@Nullable PrintStream out, boolean redraw, int width, LongSupplier nanoClock) {
        this(out, redraw, width, nanoClock, Optional.empty());
    }

    private Progress(
            @Nullable PrintStream out, boolean redraw, int width, LongSupplier nanoClock, Optional<Listener> listener) {
        this.out = out;
        this.listener = listener;
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

    /// Progress that somebody listens to, and nobody sees on a terminal.
    public static Progress heardBy(Listener listener) {
        return new Progress(null, true, USUAL_WIDTH, System::nanoTime, Optional.of(listener));
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
    public void note(String text) {
        note(text, Optional.empty());
    }

    /// Says one line, and to who listens also what it was made of.
    public synchronized void note(String text, Optional<Record> fact) {
        listener.ifPresent(heard -> heard.note(text, fact));
        if (out != null) {
            endLine();
            out.println(Visible.text(text));
        }
    }

    /// Tells only who listens.
    synchronized void fact(Record fact) {
        listener.ifPresent(heard -> heard.note("", Optional.of(fact)));
    }

    /// Shows a stage if enough time has passed since something was last shown. The caller holds the lock of
    /// this object.
    void changed(Stage stage, boolean now) {
        long time = nanoClock.getAsLong();
        if (!(now || time - lastShown >= (redraw ? REDRAW_NANOS : PLAIN_NANOS))) {
            return;
        }
        lastShown = time;
        listener.ifPresent(heard -> stage.tell(heard, false));
        if (out != null) {
            show(out, stage.line(time, width - 1, false));
        }
    }

    synchronized void closed(Stage stage) {
        listener.ifPresent(heard -> stage.tell(heard, true));
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
