package assay.cli.chat;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.Visible;
import assay.show.page.Style;
import assay.tasks.talk.Ask;
import assay.tasks.talk.Column;
import assay.tasks.talk.Conversation;
import assay.tasks.talk.Reading;
import assay.tasks.talk.Talk;
import assay.tasks.talk.WorkQueue;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/// Reads messages and commands until there are no more, and shows what is answered. A command that cannot be done is
/// told of in one line, and the chat goes on.
public final class ChatLoop {
    private static final int LOOK_MILLIS = 30;
    private static final int SHOWN = 8;

    private final Talk talk;
    private final Lines lines;
    private final PrintWriter out;
    private final Style style;
    private ChatSettings settings;
    private Optional<Set<Column>> chosen = Optional.empty();
    private Optional<Turn> last = Optional.empty();

    /// What was answered.
    ///
    /// @param asked without the answers
    record Turn(Conversation asked, Map<Column, int[]> answers) {}

    /// @param style of the terminal
    public ChatLoop(Talk talk, Lines lines, PrintWriter out, Style style, ChatSettings settings) {
        this.talk = talk;
        this.lines = lines;
        this.out = out;
        this.style = style;
        this.settings = settings;
    }

    /// Chats until the lines end or somebody quits.
    public void run() {
        int prompts = talk.prompts().parts().size();
        say(talk.target().name() + " (" + talk.target().description() + ") on "
                + talk.chat().model().name() + ", " + prompts + (prompts == 1 ? " prompt" : " prompts")
                + ". /help says what can be done.");
        Commands commands = new Commands(this);
        for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
            String text = line.get().strip();
            if (!lines.isTerminal()) {
                say("> " + text);
            }
            if (text.equals("/quit")) {
                return;
            }
            try {
                if (text.startsWith("/")) {
                    commands.run(text);
                } else if (!text.isEmpty()) {
                    ask(next(text));
                }
            } catch (InputException | ResourceException refused) {
                say(String.valueOf(refused.getMessage()));
            }
        }
    }

    /// The conversation with another message.
    private Conversation next(String text) {
        Conversation grown = last.filter(
                        turn -> !settings.isRaw() && !turn.asked().isRaw())
                .map(turn -> turn.asked().then(turn.answers(), text))
                .orElse(Conversation.of(text));
        int[] begun = settings.prefill().isEmpty() ? new int[0] : talk.tokens(settings.prefill());
        return new Conversation(settings.system(), grown.past(), text, begun, settings.isRaw());
    }

    /// Answers, and remembers what was said.
    void ask(Conversation asked) {
        Set<Column> columns = columns();
        AnswerScreen screen = new AnswerScreen(out, style.width(), lines.isTerminal(), style.colour(), columns);
        screen.begin();
        WorkQueue.Ticket ticket = talk.answer(new Ask(asked, settings.sampling(), columns), screen);
        await(ticket);
        last = Optional.of(new Turn(asked.begun(new int[0]), screen.answers()));
        say("");
    }

    /// Waits, and stops what takes too long for the person who presses Enter.
    private void await(WorkQueue.Ticket ticket) {
        while (!ticket.isOver()) {
            if (lines.isTerminal() && lines.wasPressed()) {
                ticket.stop();
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException _) {
                ticket.stop();
                Thread.currentThread().interrupt();
                break;
            }
        }
        ticket.await();
    }

    /// What comes of work that somebody may stop.
    <T> Optional<T> result(Function<Consumer<T>, WorkQueue.Ticket> begun) {
        AtomicReference<T> result = new AtomicReference<>();
        await(begun.apply(result::set));
        return Optional.ofNullable(result.get());
    }

    /// What all columns made of the mixture's last answer.
    ///
    /// @throws InputException if there is none
    Reading read() {
        Turn turn = turn();
        int[] answer = turn.answers().get(Column.MIXTURE);
        if (answer == null || answer.length == 0 || !talk.columns().contains(Column.MIXTURE)) {
            throw new InputException(
                    "chat: expected an answer of the mixture, found none (so far). Say something, or /add a prompt.");
        }
        return this.<Reading>result(done -> talk.read(turn.asked().begun(answer), Column.MIXTURE, SHOWN, done))
                .orElseThrow(() -> new InputException("chat: expected to look at it, found it stopped. Try again."));
    }

    /// @throws InputException if nothing was answered yet
    Turn turn() {
        return last.orElseThrow(
                () -> new InputException("chat: expected an answer, found none (so far). Say something first."));
    }

    void forget() {
        last = Optional.empty();
    }

    Set<Column> columns() {
        EnumSet<Column> there = EnumSet.copyOf(talk.columns());
        chosen.ifPresent(there::retainAll);
        return there.isEmpty() ? talk.columns() : there;
    }

    void choose(Set<Column> columns) {
        chosen = columns.isEmpty() ? Optional.empty() : Optional.of(columns);
    }

    Talk talk() {
        return talk;
    }

    ChatSettings settings() {
        return settings;
    }

    void settings(ChatSettings changed) {
        settings = changed;
    }

    void say(List<String> page) {
        page.forEach(this::say);
    }

    void say(String line) {
        out.println(Visible.text(line));
        out.flush();
    }
}
