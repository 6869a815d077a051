package assay.lab.trials;

import assay.base.run.AtomicFiles;
import assay.base.run.RunFingerprint;
import assay.base.run.Sha256;
import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.Screen;
import assay.discover.search.SearchTarget;
import assay.discover.search.TargetSearch;
import assay.lab.matching.Reader;
import assay.lab.matching.Readers;
import assay.lab.matching.SameMeaning;
import assay.lab.studyfile.TournamentFile;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Fluency;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.probe.Probe;
import assay.tasks.explain.ExplainListener;
import assay.tasks.session.FinishedParts;
import assay.tasks.session.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Search strategies against each other, on the same targets with the same number of prompts run exactly.
///
/// Every arm runs [Options#runs] prompts: a search half of them on the search split and the other half, its best, on
/// the fit split; the dictionary and chance all of them on the fit split. Mixtures are fitted and measured as in
/// [Explain], on foreign contexts. What is finished is kept, so a stopped tournament goes on where it was.
///
/// @param readers of prompts, the lexical one first
public record Tournament(Session session, Atlas atlas, String atlasSha256, List<Reader> readers) {
    /// File of the prompts that were left out for a target.
    private static final String EXCLUDED = "excluded";

    private static final List<Integer> SIZES = List.of(1, 5, 10, 20);

    /// A tournament with an open model.
    public static Tournament of(Session session) {
        AtlasShelf.Shelved shelved = session.atlas();
        List<Reader> readers = Readers.all(shelved.atlas().texts());
        return new Tournament(session, shelved.atlas(), Sha256.of(shelved.file()), readers);
    }

    private Paraphrases paraphrases() {
        return new Paraphrases(readers.subList(1, readers.size()));
    }

    /// What is run.
    ///
    /// @param arms by name; all if empty
    /// @param classes of targets; all if empty
    /// @param runs prompts run exactly by every arm for every target
    /// @param seconds after which a search begins no new round; infinite for equal runs instead of equal time
    /// @param given prompts found elsewhere, each list an arm of its own that runs nothing else
    public record Options(
            Set<String> arms, Set<String> classes, int runs, double seconds, GivenPrompts given, long seed) {}

    /// One arm on one target.
    ///
    /// @param runs prompts run exactly, by the search and on the fit split
    /// @param seconds the arm took, apart from the predictor, the target's own states, and prompts run
    /// before for another arm or target
    /// @param closed on the test split with 1, 5, 10 and 20 prompts
    /// @param perplexity median of the prompts of the largest mixture
    /// @param prompts those of the mixture of five, or of as many as the target was planted from; heaviest first
    public record Row(
            String target,
            String kind,
            String arm,
            int runs,
            double seconds,
            List<Interval> closed,
            double perplexity,
            List<String> prompts) {
        /// @throws IllegalArgumentException if there is not one figure for every size
        public Row {
            if (closed.size() != SIZES.size()) {
                throw new IllegalArgumentException(
                        "row: expected " + SIZES.size() + " figures, found " + closed.size());
            }
        }
    }

    /// Names of all arms.
    public static List<String> arms() {
        return TournamentArms.NAMES;
    }

    /// Runs what is not finished yet; the tables as Markdown.
    public String table(Path file, Options options, Path out) {
        return table(file, options, Set.of(), out);
    }

    /// Targets of a file that are wanted.
    public static List<String> targets(Path file, Options options) {
        return TournamentFile.read(file).targets().stream()
                .filter(entry ->
                        options.classes().isEmpty() || options.classes().contains(entry.kind()))
                .map(TournamentFile.Entry::name)
                .toList();
    }

    /// The same for some targets.
    ///
    /// @param only their names; all if empty
    public String table(Path file, Options options, Set<String> only, Path out) {
        List<TournamentFile.Entry> targets = TournamentFile.read(file).targets().stream()
                .filter(entry -> only.isEmpty() || only.contains(entry.name()))
                .toList();
        List<Row> rows = run(targets, options, out);
        return TournamentTable.of(rows) + TournamentTable.recovered(rows, targets, this::alike);
    }

    /// When two prompts say the same: by the best reader there is.
    private SameMeaning alike() {
        return SameMeaning.beyond(readers.getLast(), atlas.texts());
    }

    private List<Row> run(List<TournamentFile.Entry> targets, Options options, Path out) {
        List<Row> rows = new ArrayList<>();
        Runner runner = new Runner(session.chat());
        Probe nothing = new Probe("own", List.of());
        Decomposer.Options usual = Decomposer.Options.defaults(options.seed());
        try (TensorScope _ = TensorScope.withoutGradients();
                TargetSearch searching =
                        new TargetSearch(session.chat(), atlas, session.job().untold());
                Decomposer anchor = new Decomposer(runner, Behaviour.BASE, atlas.probe(), nothing, usual, listener())) {
            for (TournamentFile.Entry entry : targets) {
                if (options.classes().isEmpty() || options.classes().contains(entry.kind())) {
                    rows.addAll(run(
                            entry,
                            searching,
                            anchor,
                            options,
                            new FinishedParts(out.resolve(entry.name()), session.job())));
                    AtomicFiles.write(out.resolve("search.md"), TournamentTable.of(rows));
                }
            }
        }
        return rows;
    }

    private ExplainListener listener() {
        return new ExplainListener(session.job().untold());
    }

    private List<Row> run(
            TournamentFile.Entry entry,
            TargetSearch searching,
            Decomposer anchor,
            Options options,
            FinishedParts rows) {
        RunFingerprint.require(
                rows.folder().resolve("begun.json"), begun(entry, options), "Take a new folder.", session.job());
        List<String> arms = Stream.concat(
                        TournamentArms.NAMES.stream()
                                .filter(arm -> options.arms().isEmpty()
                                        || options.arms().contains(arm)),
                        options.given().arms(entry.name()).stream())
                .toList();
        if (!arms.stream().allMatch(arm -> rows.has(arm, Row.class))) {
            session.job().note(entry.name() + " (" + entry.kind() + ")");
            if (arms.stream().anyMatch(arm -> !rows.has(arm, Row.class) && TournamentArms.usePredictor(arm))) {
                searching.prepare();
            }
            try (TensorScope _ = TensorScope.withoutGradients()) {
                Behaviour target = entry.source().behaviour(entry.name(), session);
                try (Decomposer decomposer = anchor.towards(target, listener())) {
                    Predicate<String> forbidden = paraphrases().of(entry.source());
                    Set<Integer> excluded = atlas.indices(forbidden);
                    rows.get(
                            EXCLUDED,
                            Paraphrases.LeftOut.class,
                            () -> paraphrases().leftOut(atlas, excluded));
                    Arena arena = new Arena(
                            entry,
                            searching,
                            new SearchTarget(target, searching.sketches(List.of(target))[0], forbidden),
                            excluded,
                            decomposer,
                            decomposer.left(List.of(), new double[0]));
                    arms.forEach(arm -> rows.get(arm, Row.class, () -> run(arena, arm, options)));
                }
                // Prompts drawn by chance are the same for nearly every target, and need not be run again.
                anchor.keepOnly(new Screen(atlas)
                        .random(options.runs(), options.seed(), Set.of()).stream()
                                .map(Atlas.Entry::text)
                                .collect(Collectors.toSet()));
            }
        }
        return arms.stream().map(arm -> rows.kept(arm, Row.class)).toList();
    }

    /// All that a target's rows depend on.
    private Map<String, String> begun(TournamentFile.Entry entry, Options options) {
        return Map.of(
                "target", entry.source().toString(),
                "runs", String.valueOf(options.runs()),
                "seconds", String.valueOf(options.seconds()),
                "seed", String.valueOf(options.seed()),
                "left out", paraphrases().rule(),
                "atlas", atlasSha256,
                "model", session.chat().sha256(),
                "dtype", session.chat().model().dtype().name());
    }

    /// What all arms share on one target.
    ///
    /// @param excluded entries of the atlas that say the same as the target
    /// @param base KL of the base on the test split, per turn
    private record Arena(
            TournamentFile.Entry entry,
            TargetSearch searching,
            SearchTarget sought,
            Set<Integer> excluded,
            Decomposer decomposer,
            double[] base) {}

    private Row run(Arena arena, String arm, Options options) {
        long start = System.nanoTime();
        TournamentArms.Proposed proposed = new TournamentArms(atlas, arena.searching(), options)
                .candidates(arm, arena.sought(), arena.excluded(), arena.entry());
        List<HardPrompt> candidates =
                Screen.prompts(proposed.entries(), session.chat().tokenizer());
        Decomposition decomposition = arena.decomposer().decompose(candidates, SIZES.getLast());
        double seconds = (System.nanoTime() - start) / 1e9;
        Bootstrap bootstrap = Bootstrap.defaults(options.seed());
        List<Interval> closed = SIZES.stream()
                .map(k -> bootstrap.closed(
                        decomposition
                                .at(Math.min(k, decomposition.steps().size()))
                                .test()
                                .foreign(),
                        arena.base()))
                .toList();
        Row row = new Row(
                arena.entry().name(),
                arena.entry().kind(),
                arm,
                proposed.searched() + candidates.size(),
                seconds,
                closed,
                perplexity(decomposition.steps().getLast().atoms()),
                decomposition
                        .at(Math.min(
                                arena.entry().source().listed(),
                                decomposition.steps().size()))
                        .heaviestFirst());
        session.job()
                .tell(
                        "  %-10s %.3f %.3f %.3f  %.0f s  %s",
                        arm,
                        closed.get(0).value(),
                        closed.get(1).value(),
                        closed.get(3).value(),
                        seconds,
                        row.prompts().getFirst());
        return row;
    }

    private double perplexity(List<HardPrompt> prompts) {
        double[] sorted = prompts.stream()
                .mapToDouble(prompt -> Fluency.perplexity(prompt, session.chat()))
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }
}
