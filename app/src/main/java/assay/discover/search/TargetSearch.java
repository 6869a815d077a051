package assay.discover.search;

import assay.base.run.Job;
import assay.base.run.Once;
import assay.base.run.Sha256;
import assay.base.sparse.Bootstrap;
import assay.base.tensor.SideBySide;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.QuantisedRows;
import assay.discover.predict.GainPredictor;
import assay.discover.predict.KnownSketches;
import assay.discover.predict.Predictor;
import assay.discover.predict.PromptReader;
import assay.discover.predict.ReadingShelf;
import assay.discover.predict.SketchFit;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Fluency;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.form.FormChange;
import assay.measure.form.FormKind;
import assay.measure.form.FormReader;
import assay.measure.form.FormReading;
import assay.measure.probe.Divergence;
import assay.measure.probe.Probe;
import assay.measure.probe.Sketcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Searches prompts for one target beyond the dictionary, on the search split alone, and shows what it finds.
/// Several threads may search at once.
public final class TargetSearch implements AutoCloseable {
    /// Prompts of the dictionary by which it is known how naturally they read, and the share that must read so.
    private static final int READ = 100;
    private static final double MOST = 0.9;
    /// Prompts of a reserve that are run for a target, a third of them at a time.
    public static final int REFINED = 48;
    /// Prompts that stand for all where it is asked what prompts make a model say whatever they ask for.
    private static final int SOME = 16;

    private final ChatModel chat;
    private final Atlas atlas;
    private final Job job;
    private final KnownSketches known;
    private final Once<float[][]> reserve;
    private final Once<Sketcher> sketcher;
    private final Once<Predictor> predictor;
    private final Once<Predictor> predictorApart;
    private final Once<Double> naturalPerplexity;
    private final Once<double[]> usual;
    private final Once<FormReader> formReader;
    private final Once<Usually> measured;

    /// How much is searched; the search also ends when it finds nothing more.
    ///
    /// @param seconds after which no round begins
    /// @param runs prompts run exactly at most; 0 for no search
    public record Budget(double seconds, int runs) {
        /// The dictionary alone.
        public static final Budget NONE = new Budget(0, 0);

        /// 48 prompts run exactly, about a minute on two cores: a number, so that every machine finds the same.
        public static Budget defaults() {
            return new Budget(Double.POSITIVE_INFINITY, 48);
        }
    }

    /// A search with an open model and its atlas.
    public TargetSearch(ChatModel chat, Atlas atlas, Job job) {
        this.chat = chat;
        this.atlas = atlas;
        this.job = job;
        this.known = new KnownSketches(atlas);
        this.reserve = new Once<>(() -> ReadingShelf.current().readings(atlas.reserved(), chat, job));
        this.sketcher = new Once<>(() -> new Sketcher(new Runner(chat), atlas.probe(), atlas.map()));
        this.predictor = new Once<>(() -> predictor(known.rows()));
        this.predictorApart = new Once<>(() -> predictor(known.whitenedRows()));
        this.naturalPerplexity = new Once<>(() -> kept("perplexity", 1, () -> new double[] {measuredPerplexity()})[0]);
        this.usual = new Once<>(
                () -> kept("tokens", chat.model().vocabulary(), () -> measured().tokens()));
        this.formReader = new Once<>(() -> FormReader.of(chat));
        this.measured = new Once<>(this::measuredUsually);
    }

    private double[] kept(String name, int count, Supplier<double[]> make) {
        return ReadingShelf.current().numbers(name, count, atlas, chat, make);
    }

    /// Lets differences from a behaviour speak, asked the user turns of the search split.
    public Inversion inversion(Behaviour target) {
        return new Inversion(
                chat,
                target,
                atlas.probe().turns(Probe.Split.SEARCH).stream()
                        .map(turn -> chat.slot().user(turn.user()))
                        .toList());
    }

    /// Tries the words by which a behaviour differs.
    Words words(SearchTarget sought) {
        return new Words(chat, sought, sketcher.get(), this::usual);
    }

    /// Tries the forms in which a behaviour writes.
    Forms forms(SearchTarget sought) {
        return new Forms(new Once<>(() -> formChanges(sought)));
    }

    /// How a target writes beside what it is compared with, and beside prompts on the whole.
    private List<FormChange> formChanges(SearchTarget sought) {
        List<FormReading> both = sketcher.get().look(List.of(sought.target(), sought.ground()), formReader.get()::read);
        int kinds = FormKind.values().length;
        String kind = "forms-" + Sha256.ofText(FormKind.definition()).substring(0, 8);
        double[] usually = kept(
                kind,
                Math.min(SOME, atlas.entries().size()) * kinds,
                () -> measured().forms());
        List<double[]> random = IntStream.range(0, usually.length / kinds)
                .mapToObj(i -> Arrays.copyOfRange(usually, i * kinds, (i + 1) * kinds))
                .toList();
        FormChange.Readings readings = new FormChange.Readings(both.get(0), both.get(1), List.of());
        return FormChange.of(readings, random, Bootstrap.defaults(0));
    }

    /// The atlas grown by what is found for a target, behind what a stopped search has found: first in the
    /// atlas's own reserve, whatever the budget is, then beyond it.
    ///
    /// @param reserve the past of the first
    /// @param beyond the past of the second
    public Atlas grown(SearchTarget sought, Budget budget, long seed, SearchPast.Kept reserve, SearchPast.Kept beyond) {
        SearchPast refined = refined(sought, seed, reserve);
        Start start = new Start(refined(refined.found()), refined.rounds());
        if (beyond.past().isOver()) {
            return grown(start.atlas(), beyond.past().found());
        }
        PromptSearch.Options options = PromptSearch.Options.defaults(budget.seconds(), budget.runs(), seed)
                .untilStalled();
        return grown(start, sought, Strategies.Use.EXPLAIN, options, plain(start, sought), beyond);
    }

    /// Where a search begins.
    ///
    /// @param atlas with what was run for this target already
    /// @param learnt the rounds in which it was
    private record Start(Atlas atlas, List<SearchPast.Round> learnt) {}

    /// Runs the prompts of the reserve that promise most for a target.
    private SearchPast refined(SearchTarget sought, long seed, SearchPast.Kept kept) {
        if (atlas.reserve().isEmpty() || kept.past().isOver()) {
            return kept.past();
        }
        SketchFit start = known.standing(atlas, sought.sketch(), sought.forbidden());
        float[][] readings = reserve.get();
        try (Predictor fork = predictor.get().fork()) {
            GainPredictor scout = scout(fork);
            String what =
                    "the best of " + readings.length + " more prompts of the dictionary, read and predicted, are run";
            Strategy strategy = new Reserve(atlas.reserved().texts(), readings, scout);
            PromptSearch.Options options =
                    new PromptSearch.Options(REFINED, REFINED / 3, REFINED, Double.POSITIVE_INFINITY, seed, 0);
            return search(scout, rows -> rows, SearchNotes.begin(what, start, job))
                    .run(start, Map.of(Reserve.LABEL, strategy), sought.forbidden(), options, kept);
        }
    }

    private GainPredictor scout(Predictor predictor) {
        return new GainPredictor(chat, new PromptReader(chat), predictor);
    }

    private PromptSearch search(GainPredictor scout, UnaryOperator<float[][]> metric, SearchNotes notes) {
        return new PromptSearch(chat, scout, sketcher.get(), metric, naturalPerplexity(), notes);
    }

    /// The atlas with prompts of its reserve that were run.
    private Atlas refined(List<PromptSearch.Found> found) {
        Map<String, Atlas.Entry> entries =
                atlas.reserve().stream().collect(Collectors.toMap(Atlas.Entry::text, entry -> entry, (a, _) -> a));
        return grown(
                atlas,
                found.stream()
                        .map(one -> entries.getOrDefault(
                                one.atom().text(),
                                new Atlas.Entry(one.atom().text(), one.atom().source())))
                        .toList(),
                sketchesOf(found));
    }

    /// As above, with the strategies of one's choice.
    ///
    /// @param chosen says of a strategy whether it is used
    public Atlas grown(SearchTarget sought, Predicate<Strategies> chosen, PromptSearch.Options options) {
        Start start = new Start(atlas, List.of());
        return grown(start, sought, chosen, options, plain(start, sought), SearchPast.Kept.NOWHERE);
    }

    private Supplier<View> plain(Start start, SearchTarget sought) {
        return () -> new View(
                predictor.get(), known.standing(start.atlas(), sought.sketch(), sought.forbidden()), rows -> rows);
    }

    /// The atlas grown by prompts that name what a target is made of: the same search in the metric of
    /// [KnownSketches#apart].
    public Atlas grownApart(SearchTarget sought, Predicate<Strategies> chosen, PromptSearch.Options options) {
        Supplier<View> whitened = () -> new View(
                predictorApart.get(), known.apart(atlas, sought.sketch(), sought.forbidden()), known::whitened);
        return grown(new Start(atlas, List.of()), sought, chosen, options, whitened, SearchPast.Kept.NOWHERE);
    }

    /// How a search sees sketches.
    ///
    /// @param predictor of sketches in the metric
    /// @param start the target and the prompts known, in the metric
    /// @param metric takes sketches there
    private record View(Predictor predictor, SketchFit start, UnaryOperator<float[][]> metric) {}

    private Atlas grown(
            Start start,
            SearchTarget sought,
            Predicate<Strategies> chosen,
            PromptSearch.Options options,
            Supplier<View> metric,
            SearchPast.Kept kept) {
        if (options.runs() == 0) {
            return start.atlas();
        }
        View view = metric.get();
        // Each search learns by itself: results must not depend on what was searched before or beside it.
        try (Predictor predictor = view.predictor().fork()) {
            start.learnt()
                    .forEach(round ->
                            predictor.learn(round.readings(), view.metric().apply(sketchesOf(round.found()))));
            GainPredictor scout = scout(predictor);
            Map<String, Strategy> strategies = Strategies.made(chosen, new Strategies.Needs(chat, this, sought, scout));
            PromptSearch search = search(scout, view.metric(), SearchNotes.begin(view.start(), job));
            return grown(
                    start.atlas(),
                    search.run(view.start(), strategies, sought.forbidden(), options, kept)
                            .found());
        }
    }

    /// The atlas grown by what the exact gradient finds: no predictor, no strategies, no wish for readable text.
    public Atlas grownByGradient(SearchTarget sought, PromptSearch.Options options) {
        SketchFit start = known.standing(atlas, sought.sketch(), sought.forbidden());
        return grown(
                atlas,
                new GradientSearch(chat, sketcher.get(), SearchNotes.begin(start, job))
                        .run(start, sought.forbidden(), options));
    }

    /// The dictionary's sketches, and what a target lacks of them.
    public KnownSketches known() {
        return known;
    }

    /// The few prompts that name a target best, no two of which say the same.
    public SketchFit.Lack named(Atlas grown, float[] sketch, Predicate<String> forbidden, int count) {
        return known.named(grown, sketch, forbidden, count);
    }

    /// Makes the predictor now, so that no single search pays for it.
    public void prepare() {
        predictor.get();
        naturalPerplexity();
    }

    /// The perplexity nine in ten prompts of the dictionary stay below.
    public double naturalPerplexity() {
        return naturalPerplexity.get();
    }

    private double measuredPerplexity() {
        List<HardPrompt> some = new SplittableRandom(0)
                .ints(READ, 0, atlas.entries().size())
                .mapToObj(i -> HardPrompt.of(atlas.entries().get(i).text(), chat.tokenizer()))
                .toList();
        double[] perplexities =
                Arrays.stream(Fluency.perplexities(some, chat)).sorted().toArray();
        return perplexities[(int) (MOST * READ)];
    }

    /// Sketches of behaviours on the atlas's search split.
    public float[][] sketches(List<? extends Behaviour> behaviours) {
        return sketcher.get().sketches(behaviours, _ -> job.check());
    }

    /// How often each token is expected under prompts on the whole, on the foreign contexts of the search split.
    /// `[vocab]`
    public double[] usual() {
        return usual.get();
    }

    /// What some prompts that stand for all bring.
    ///
    /// @param tokens expected number of each, their mean `[vocab]`
    /// @param forms what each changes in every kind of form, one after the other `[prompt kind]`
    private record Usually(double[] tokens, double[] forms) {}

    private Usually measured() {
        return measured.get();
    }

    private Usually measuredUsually() {
        record One(double[] tokens, FormReading form) {}
        List<Behaviour> some = new ArrayList<>(List.of(Behaviour.BASE));
        Sampler.some(atlas.texts(), SOME, new SplittableRandom(0)).stream()
                .map(text -> HardPrompt.of(text, chat.tokenizer()))
                .forEach(some::add);
        FormReader reader = formReader.get();
        List<One> all = sketcher.get()
                .look(
                        some,
                        (hidden, unembedding, contexts) -> new One(
                                Divergence.expected(hidden, unembedding), reader.read(hidden, unembedding, contexts)));
        List<One> each = all.subList(1, all.size());
        double[] mean = new double[each.getFirst().tokens().length];
        Arrays.setAll(
                mean,
                token -> each.stream().mapToDouble(one -> one.tokens()[token]).sum() / each.size());
        double[] forms = each.stream()
                .flatMapToDouble(
                        one -> Arrays.stream(one.form().above(all.getFirst().form())))
                .toArray();
        return new Usually(mean, forms);
    }

    private Predictor predictor(float[][] rows) {
        float[][] readings = ReadingShelf.current().readings(atlas, chat, job);
        return SideBySide.one(() -> new Predictor(readings, rows));
    }

    /// Frees what searches needed.
    @Override
    public void close() {
        predictor.end(Predictor::close);
        predictorApart.end(Predictor::close);
        known.close();
        sketcher.end(Sketcher::close);
    }

    /// The atlas with these prompts in it too.
    public Atlas with(List<String> prompts) {
        Set<String> known = Set.copyOf(atlas.texts());
        List<HardPrompt> fresh = prompts.stream()
                .distinct()
                .filter(text -> !known.contains(text))
                .map(text -> HardPrompt.of(text, chat.tokenizer()))
                .toList();
        return grown(
                atlas,
                fresh.stream()
                        .map(one -> new Atlas.Entry(one.text(), "planted"))
                        .toList(),
                sketches(fresh));
    }

    private static float[][] sketchesOf(List<PromptSearch.Found> found) {
        return found.stream().map(one -> one.atom().sketch()).toArray(float[][]::new);
    }

    private static Atlas grown(Atlas from, List<PromptSearch.Found> found) {
        List<Atlas.Entry> entries = found.stream()
                .map(one -> new Atlas.Entry(one.atom().text(), one.atom().source()))
                .toList();
        return grown(from, entries, sketchesOf(found));
    }

    private static Atlas grown(Atlas from, List<Atlas.Entry> entries, float[][] sketches) {
        return from.grown(entries, QuantisedRows.of(sketches));
    }
}
