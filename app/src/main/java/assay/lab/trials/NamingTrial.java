package assay.lab.trials;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.RunFingerprint;
import assay.base.run.Sha256;
import assay.base.run.Stage;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.NearDuplicates;
import assay.discover.atlas.Screen;
import assay.discover.search.PromptSearch;
import assay.discover.search.SearchTarget;
import assay.discover.search.Strategies;
import assay.discover.search.TargetSearch;
import assay.lab.matching.BlindMatching;
import assay.lab.matching.MatchCase;
import assay.lab.matching.Phrase;
import assay.lab.matching.Reader;
import assay.lab.matching.Readers;
import assay.lab.studyfile.StudyFile;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.judge.Judge;
import assay.measure.judge.PlainList;
import assay.measure.probe.Probe;
import assay.show.report.FirstLines;
import assay.tasks.explain.ExplainListener;
import assay.tasks.explain.Plainness;
import assay.tasks.explain.Telling;
import assay.tasks.session.FinishedParts;
import assay.tasks.session.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Whether the first three lines of an explanation name what was explained: the readings of a study, taken apart as
/// `explain` does, matched blindly with all their texts from these lines alone. Rule and gate are those of
/// docs/decisions/0031-a-list-that-says-what-it-is.md. What is finished is kept.
///
/// @param atlasSha256 hash of its file
public record NamingTrial(Session session, Atlas atlas, String atlasSha256) {
    private static final int LINES = 3;
    /// Random prompts by which it is known what a form of writing is by chance.
    private static final int RANDOM = 16;
    private static final int NAMED = 5;

    /// A trial with an open model.
    public static NamingTrial of(Session session) {
        AtlasShelf.Shelved shelved = session.atlas();
        return new NamingTrial(session, shelved.atlas(), Sha256.of(shelved.file()));
    }

    /// What is spent on every reading.
    ///
    /// @param atoms most prompts in the list
    /// @param candidates prompts run exactly on the fit split
    /// @param runs prompts run by the search; 0 for the dictionary alone
    public record Options(int atoms, int candidates, int runs, long seed) {
        /// Half of what `explain` spends.
        public static Options defaults(long seed) {
            return new Options(12, 24, 24, seed);
        }
    }

    /// What was found of a reading.
    ///
    /// @param lines the first three
    /// @param heaviest the three heaviest prompts of the mixture
    /// @param prompts in the mixture
    /// @param closed by the mixture on foreign test contexts
    record Row(String name, List<String> lines, List<String> heaviest, int prompts, double closed, PlainList plain) {}

    /// Runs what is not finished yet and matches.
    ///
    /// @throws InputException if the study has fewer than two readings
    public NamingTable run(Path file, Options options, Path out) {
        StudyFile study = StudyFile.read(file, "assay bench naming --study " + file);
        List<StudyFile.Reading> readings = study.tasks().readings();
        if (readings.size() < 2) {
            throw new InputException("study: expected two readings or more, found " + readings.size() + " (" + file
                    + "). Add some, or take examples/verdict/study.json.");
        }
        FinishedParts parts = new FinishedParts(out.resolve("rows"), session.job());
        RunFingerprint.require(out.resolve("begun.json"), begun(study, options), "Take a new folder.", session.job());
        List<Row> rows = rows(readings, options, parts);
        NamingTable table = new NamingTable(rows, matched(readings, rows), session.provenance(Map.of(), Map.of()));
        AtomicFiles.write(out.resolve("naming.json"), JsonMapper.shared().writeValueAsBytes(table));
        AtomicFiles.write(out.resolve("naming.md"), table.text());
        return table;
    }

    private Map<String, String> begun(StudyFile study, Options options) {
        return Map.of(
                "study", study.plan().sha256(),
                "options", options.toString(),
                "atlas", atlasSha256,
                "model", session.chat().sha256(),
                "dtype", session.chat().model().dtype().name());
    }

    private List<Row> rows(List<StudyFile.Reading> readings, Options options, FinishedParts parts) {
        List<Row> rows = new ArrayList<>();
        Decomposer.Options usual = Decomposer.Options.defaults(options.seed());
        Probe nothing = new Probe("own", List.of());
        try (Stage stage = session.job().stage("readings taken apart", readings.size());
                TensorScope _ = TensorScope.withoutGradients();
                TargetSearch searching =
                        new TargetSearch(session.chat(), atlas, session.job().untold());
                Decomposer anchor = new Decomposer(
                        new Runner(session.chat()), Behaviour.BASE, atlas.probe(), nothing, usual, listener())) {
            for (StudyFile.Reading reading : readings) {
                rows.add(parts.get(reading.name(), Row.class, () -> row(reading, searching, anchor, options)));
                anchor.keepOnly(Set.copyOf(random(_ -> false, RANDOM, options)));
                stage.advance(1);
            }
        }
        return rows;
    }

    private ExplainListener listener() {
        return new ExplainListener(session.job().untold());
    }

    private Row row(StudyFile.Reading reading, TargetSearch searching, Decomposer anchor, Options options) {
        session.job().check();
        Predicate<String> forbidden = NearDuplicates.paraphrasesOf(reading.prompt());
        Behaviour target = HardPrompt.of(reading.prompt(), session.chat().tokenizer());
        try (TensorScope _ = TensorScope.withoutGradients();
                Decomposer decomposer = anchor.towards(target, listener())) {
            SearchTarget sought = new SearchTarget(target, searching.sketches(List.of(target))[0], forbidden);
            PromptSearch.Options budget =
                    PromptSearch.Options.defaults(Double.POSITIVE_INFINITY, options.runs(), options.seed());
            Atlas grown = searching.grown(sought, Strategies.Use.EXPLAIN, budget);
            List<HardPrompt> candidates = Screen.prompts(
                    new Screen(grown).candidates(sought.sketch(), options.candidates(), atlas.indices(forbidden)),
                    session.chat().tokenizer());
            Decomposition.Step best =
                    decomposer.decompose(candidates, options.atoms()).best();
            Judge judge = new Judge(decomposer, options.seed());
            PlainList plain = new Plainness(session.chat(), atlas.texts(), searching.naturalPerplexity())
                    .near(best, candidates, decomposer, judge);
            Telling telling = new Telling(session.chat(), decomposer);
            List<HardPrompt> random = random(forbidden, RANDOM, options).stream()
                    .map(text -> HardPrompt.of(text, session.chat().tokenizer()))
                    .toList();
            FirstLines lines = FirstLines.of(
                    plain,
                    searching.named(grown, sought.sketch(), forbidden, NAMED).weighted(),
                    telling.words(target, best, searching.usual()).target(),
                    telling.form(best, random, options.seed()).stream()
                            .filter(change -> change.tells())
                            .toList());
            return new Row(
                    reading.name(),
                    lines.all(),
                    best.heaviestFirst().stream().limit(LINES).toList(),
                    best.atoms().size(),
                    judge.closed(best.test().foreign()).value(),
                    plain);
        }
    }

    private List<String> random(Predicate<String> forbidden, int count, Options options) {
        return new Screen(atlas)
                .random(count, options.seed(), atlas.indices(forbidden)).stream()
                        .map(Atlas.Entry::text)
                        .toList();
    }

    private List<NamingTable.Matched> matched(List<StudyFile.Reading> readings, List<Row> rows) {
        List<String> corpus = Stream.concat(
                        atlas.texts().stream(), readings.stream().map(StudyFile.Reading::prompt))
                .toList();
        Reader reader = Readers.all(corpus).getLast();
        List<MatchCase> lines = cases(readings, rows, row -> Phrase.equal(row.lines()));
        List<MatchCase> plain = cases(
                readings,
                rows,
                row -> row.plain().saying().stream()
                        .map(prompt -> new Phrase(prompt.prompt(), prompt.weight()))
                        .toList());
        List<MatchCase> chance = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Options drawn = Options.defaults(i + 1L);
            chance.add(lines.get(i).with(Phrase.equal(random(_ -> false, LINES, drawn))));
        }
        return List.of(
                matched(NamingTable.FIRST_LINES, reader, lines),
                matched("the plain list alone", reader, plain),
                matched(
                        "three heaviest prompts of the mixture",
                        reader,
                        cases(readings, rows, row -> Phrase.equal(row.heaviest()))),
                matched("null: lines of other targets", reader, MatchCase.deranged(lines, 0)),
                matched("null: three random prompts", reader, chance));
    }

    private static NamingTable.Matched matched(String from, Reader reader, List<MatchCase> cases) {
        BlindMatching matching = BlindMatching.of(reader, cases);
        List<String> misses = matching.placed().stream()
                .filter(placed -> placed.first() < 1)
                .map(placed -> placed.name() + " → " + placed.best())
                .toList();
        return new NamingTable.Matched(
                from, reader.name(), cases.size(), matching.right().interval(), matching.pValue(), misses);
    }

    private static List<MatchCase> cases(
            List<StudyFile.Reading> readings, List<Row> rows, Function<Row, List<Phrase>> phrases) {
        List<MatchCase> cases = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            StudyFile.Reading reading = readings.get(i);
            cases.add(new MatchCase(reading.name(), reading.prompt(), phrases.apply(rows.get(i))));
        }
        return cases;
    }
}
