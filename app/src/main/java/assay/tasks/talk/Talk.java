package assay.tasks.talk;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.run.Visible;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.Overlay;
import assay.engine.text.BasePrompt;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.LoraAdapter;
import assay.measure.behaviour.SoftPrompt;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A conversation with a base, a target, and the mixture of prompts that explains it, which can be changed between
/// any two answers.
///
/// All work goes through a [WorkQueue]; methods that return a [WorkQueue.Ticket] return at once. Any thread may call.
///
/// ```java
/// try (WorkQueue queue = new WorkQueue();
///         Talk talk = Talk.open(session, queue, RunFile.read(Path.of("runs/1-pirate")))) {
///     talk.answer(new Ask(Conversation.of("Hello!"), Sampling.defaults(64, 0), talk.columns()), listener).await();
/// }
/// ```
public final class Talk implements AutoCloseable {
    private final Session session;
    private final WorkQueue queue;
    private final Target target;
    private final Optional<SoftPrompt> soft;
    private final Optional<RunFile> run;
    private final long seed;
    private final Shelf shelf = new Shelf();
    private final TensorScope scope;
    private volatile PromptList prompts;
    private volatile Scaled scaled;
    private @Nullable Gauge gauge;

    /// A target with its adapter made stronger or weaker.
    private record Scaled(Behaviour behaviour, double scale) {}

    private Talk(Session session, WorkQueue queue, Target.Named named, Optional<RunFile> run, long seed) {
        this.session = session;
        this.queue = queue;
        this.run = run;
        this.seed = seed;
        this.scope = TensorScope.withoutGradients();
        try {
            this.target = session.target(named);
            this.soft = run.flatMap(RunFile::soft)
                    .map(folder -> (SoftPrompt) session.soft(folder.toString()).behaviour());
        } catch (RuntimeException | Error failure) {
            scope.close();
            throw failure;
        }
        this.prompts = run.map(RunFile::prompts).orElse(PromptList.NONE);
        this.scaled = new Scaled(target.behaviour(), 1);
    }

    /// Opens an explanation to talk to.
    ///
    /// @param session with the model of the run
    /// @throws InputException if the model or the target is not what was explained
    public static Talk open(Session session, WorkQueue queue, RunFile run) {
        Talk talk = queue.call(() -> new Talk(session, queue, run.target(), Optional.of(run), run.seed()));
        try {
            requireSame("model", run, session.chat().sha256());
            requireSame("target", run, talk.target.sha256());
            requireSameBase(run, session.chat().slot().basePrompt());
        } catch (InputException other) {
            talk.close();
            throw other;
        }
        return talk;
    }

    private static void requireSame(String what, RunFile run, String found) {
        String explained = run.hashes().getOrDefault(what, found);
        if (!explained.equals(found)) {
            throw Refusal.of(
                    "run",
                    "the " + what + " that was explained (SHA-256 " + shortened(explained) + ")",
                    "another (" + shortened(found) + ")",
                    run.folder(),
                    "Name the one it was, or explain this one.");
        }
    }

    private static void requireSameBase(RunFile run, BasePrompt found) {
        BasePrompt explained = run.under().base();
        if (!explained.equals(found)) {
            throw Refusal.of(
                    "run",
                    "the base prompt it was explained with, " + Visible.line(explained.words()),
                    Visible.line(found.words()),
                    run.folder(),
                    "Talk to it in a terminal: assay chat RUN takes the base of the run.");
        }
    }

    private static String shortened(String sha256) {
        return sha256.substring(0, Math.min(12, sha256.length())) + "…";
    }

    /// Opens a target without an explanation: a mixture can be made by hand.
    public static Talk open(Session session, WorkQueue queue, Target.Named target) {
        return queue.call(() -> new Talk(session, queue, target, Optional.empty(), 0));
    }

    /// Who can answer now.
    public Set<Column> columns() {
        EnumSet<Column> columns = EnumSet.of(Column.BASE, Column.TARGET);
        if (soft.isPresent()) {
            columns.add(Column.SOFT);
        }
        if (!prompts.parts().isEmpty()) {
            columns.add(Column.MIXTURE);
        }
        return columns;
    }

    /// What is talked about.
    public Target target() {
        return target;
    }

    /// The model that answers.
    public ChatModel chat() {
        return session.chat();
    }

    /// The weighted prompts.
    public PromptList prompts() {
        return prompts;
    }

    /// Changes the weighted prompts; answers under way keep theirs.
    ///
    /// @throws InputException if a prompt is too long
    public void prompts(PromptList changed) {
        changed.parts().forEach(part -> HardPrompt.of(part.text(), chat().tokenizer()));
        prompts = changed;
    }

    /// The factor of the adapter.
    public double scale() {
        return scaled.scale();
    }

    /// Makes the adapter stronger or weaker: its change of the weights, times this; below 0 the other way.
    ///
    /// @throws InputException if the target is no adapter, or one that replaces weights
    public void scale(double factor) {
        if (factor == 1) {
            scaled = new Scaled(target.behaviour(), 1);
            return;
        }
        if (!(target.behaviour() instanceof LoraAdapter adapter)) {
            throw new InputException("scale: expected an adapter, found a " + target.description() + " ("
                    + target.name() + "). Only adapters can be made stronger or weaker.");
        }
        Overlay overlay = ScaledOverlay.of(adapter, factor);
        scaled = new Scaled(new LoraAdapter(adapter.name(), adapter.description(), overlay), factor);
    }

    /// Token ids of the beginning of an answer, to give to [Conversation#begun].
    public int[] tokens(String prefill) {
        return chat().slot().answer(prefill);
    }

    /// Answers a message in several columns.
    ///
    /// @throws InputException if a column is not there, or the conversation cannot be written
    public WorkQueue.Ticket answer(Ask ask, AnswerListener listener) {
        List<List<Speaker>> speakers = speakers(ask.columns(), prompts);
        return queue.start(new Answering(chat(), shelf, speakers, ask.conversation(), ask.sampling(), listener));
    }

    /// Shows an answer to all columns and tells what each expected in the place of every token, and which prompt spoke.
    ///
    /// @param conversation that was answered, begun with the whole answer
    /// @param writer whose earlier answers are in it
    /// @param shown how many likely tokens are told of every place
    /// @param done hears the result, on the queue's thread
    public WorkQueue.Ticket read(Conversation conversation, Column writer, int shown, Consumer<Reading> done) {
        PromptList list = prompts;
        return queue.start(
                new Examining(chat(), shelf, speakers(columns(), list), conversation, writer, list, shown, done));
    }

    /// Measures the mixture on the search split, when nothing else is to be done.
    ///
    /// @throws InputException if the model has no atlas, whose probe it is measured on
    public WorkQueue.Ticket figures(Consumer<Figures> done) {
        return queue.startLater(gauge().figures(prompts, scaled.behaviour(), done));
    }

    /// Fits the weights of the prompts that are switched on, on the fit split; then the list is the fitted one.
    ///
    /// @throws InputException if the model has no atlas, or no prompt is on
    public WorkQueue.Ticket refit(Consumer<PromptList> done) {
        if (prompts.on().isEmpty()) {
            throw new InputException("refit: expected prompts, found none switched on (in the mixture). Add one.");
        }
        return queue.startLater(gauge().refit(prompts, scaled.behaviour(), fitted -> {
            prompts = fitted;
            done.accept(fitted);
        }));
    }

    private synchronized Gauge gauge() {
        if (gauge == null) {
            gauge = new Gauge(chat(), session.atlas().atlas().probe(), target.behaviour(), seed);
        }
        return gauge;
    }

    /// Speakers that are read together: all, unless the adapter does more than add low-rank changes.
    private List<List<Speaker>> speakers(Set<Column> columns, PromptList list) {
        List<Speaker> changed = new ArrayList<>();
        List<Speaker> plain = new ArrayList<>();
        for (Column column : EnumSet.copyOf(columns)) {
            Speaker speaker = speaker(column, list);
            (speaker.overlay().equals(Overlay.NONE) ? plain : changed).add(speaker);
        }
        if (changed.stream().allMatch(speaker -> speaker.overlay().isLowRank())) {
            changed.addAll(plain);
            return List.of(changed);
        }
        return plain.isEmpty() ? List.of(changed) : List.of(changed, plain);
    }

    private Speaker speaker(Column column, PromptList list) {
        return switch (column) {
            case BASE -> Speaker.of(Column.BASE, Overlay.NONE, "");
            case TARGET -> targetSpeaker();
            case SOFT ->
                Speaker.of(
                        Column.SOFT,
                        soft.orElseThrow(() -> new InputException("column: expected base, target or mixture, found soft"
                                + " (no soft prompt was trained in this run). Leave it out.")));
            case MIXTURE -> Speaker.of(list);
        };
    }

    private Speaker targetSpeaker() {
        return switch (scaled.behaviour()) {
            case HardPrompt prompt -> Speaker.of(Column.TARGET, Overlay.NONE, prompt.text());
            case SoftPrompt vectors -> Speaker.of(Column.TARGET, vectors);
            case LoraAdapter adapter -> Speaker.of(Column.TARGET, adapter.overlay(), "");
            default -> throw new IllegalStateException("target: expected an adapter or a prompt.");
        };
    }

    /// The run it was opened from.
    public Optional<RunFile> run() {
        return run;
    }

    /// Saves the list in the run folder.
    ///
    /// @param figures on the search split, if they are known
    /// @return the file, which [RunFile#read] opens again
    /// @throws InputException if it was opened without a run
    public Path save(Optional<Figures> figures) {
        Path folder = run.map(RunFile::folder)
                .orElseThrow(() -> new InputException("save: expected a run folder, found a target without one ("
                        + target.name() + "). Explain it first, or export the list."));
        return MixtureFile.save(folder, json(figures));
    }

    /// The list as JSON.
    public String json(Optional<Figures> figures) {
        Map<String, @Nullable Object> of = new LinkedHashMap<>();
        of.put("model", chat().model().name());
        of.put("target", target.name());
        of.put("scale", scale());
        return MixtureFile.json(prompts, of, figures);
    }

    @Override
    public void close() {
        queue.run(() -> {
            shelf.close();
            if (gauge != null) {
                gauge.close();
            }
            scope.close();
        });
    }
}
