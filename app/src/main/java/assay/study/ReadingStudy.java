package assay.study;

import assay.behaviour.Behaviour;
import assay.behaviour.HardPrompt;
import assay.behaviour.Mixture;
import assay.claims.ReadingEvidence;
import assay.claims.ReadingEvidence.Matching;
import assay.claims.TargetEvidence;
import assay.discover.NearDuplicates;
import assay.reading.Alike;
import assay.reading.BlindMatching;
import assay.reading.MatchCase;
import assay.reading.Overlap;
import assay.reading.Parts;
import assay.reading.Phrase;
import assay.reading.Reader;
import assay.reading.Share;
import assay.run.Stage;
import assay.search.Inversion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Whether lists say what their targets do: lists of many prompts, none of which may be explained by itself, are
/// matched blindly with all the prompts' texts, edited, and searched for the parts of compositions.
final class ReadingStudy {
    private static final long SEED = 0;
    /// Prompts of the dictionary that parts are compared with, to know what chance names.
    private static final int BACKGROUND = 400;
    /// How much differences are amplified.
    private static final double GAMMA = 1;

    private final Arena arena;
    private final ReadingLists lists;
    private final List<Reader> readers;
    private final Alike alike;
    private final Rows rows;

    /// A study of readability.
    ///
    /// @param readers the first one counts
    /// @param alike when two prompts say the same
    ReadingStudy(Arena arena, ReadingLists lists, List<Reader> readers, Alike alike, Rows rows) {
        this.arena = arena;
        this.lists = lists;
        this.readers = readers;
        this.alike = alike;
        this.rows = rows;
    }

    /// The list of one prompt with its nulls.
    ///
    /// @param found by sketches, with the search
    /// @param noise the best of random-token prompts
    /// @param shuffled found for the same numbers in random order
    record Lists(List<Phrase> found, List<Phrase> noise, List<Phrase> shuffled) {}

    /// Measures everything; the overlaps of seeds and of soft prompts are given.
    ///
    /// @param untrained lists of the same prompts found on an untrained model, or none
    ReadingEvidence run(
            VerdictFile.Tasks tasks, Map<String, List<Phrase>> untrained, double agreement, double wayward) {
        Map<String, Lists> known = new LinkedHashMap<>();
        try (Stage stage =
                arena.progress().stage("lists to be read", tasks.readings().size())) {
            List<HardPrompt> noise = arena.noise();
            boolean isDone = tasks.readings().stream().allMatch(reading -> rows.has("readings/" + reading.name()));
            float[][] theirs = isDone ? new float[0][] : lists.sketches(noise);
            for (VerdictFile.Reading reading : tasks.readings()) {
                known.put(
                        reading.name(),
                        rows.get("readings/" + reading.name(), Lists.class, () -> lists(reading, noise, theirs)));
                stage.advance(1);
            }
        }
        List<ReadingEvidence.Edit> edits = edits(tasks, known);
        List<ReadingEvidence.Composition> compositions = new ArrayList<>();
        try (Stage stage = arena.progress()
                .stage("compositions taken apart", tasks.compositions().size())) {
            for (int i = 0; i < tasks.compositions().size(); i++) {
                VerdictFile.Composition composition = tasks.compositions().get(i);
                compositions.add(rows.get(
                        "compositions/" + (i + 1), ReadingEvidence.Composition.class, () -> apart(composition)));
                stage.advance(1);
            }
        }
        return new ReadingEvidence(
                readers.getFirst().name(), matchings(tasks, known, untrained), edits, compositions, agreement, wayward);
    }

    private Lists lists(VerdictFile.Reading reading, List<HardPrompt> noise, float[][] theirs) {
        arena.interruption().check();
        Behaviour target = HardPrompt.of(reading.prompt(), arena.chat().tokenizer());
        Sought sought = lists.sought(target, NearDuplicates.paraphrasesOf(reading.prompt()));
        return new Lists(
                lists.of(sought, SEED),
                lists.among(noise, theirs, sought.sketch()),
                lists.fromDictionary(ReadingLists.shuffled(sought.sketch(), SEED), sought.forbidden()));
    }

    private List<ReadingEvidence.Edit> edits(VerdictFile.Tasks tasks, Map<String, Lists> known) {
        Edits edits = new Edits(arena, lists);
        List<ReadingEvidence.Edit> done = new ArrayList<>();
        try (Stage stage = arena.progress().stage("edited lists", tasks.edits().size())) {
            for (int i = 0; i < tasks.edits().size(); i++) {
                VerdictFile.Edit edit = tasks.edits().get(i);
                Lists of = known.get(edit.target());
                if (of != null) {
                    done.add(rows.get(
                            "edits/" + (i + 1), ReadingEvidence.Edit.class, () -> edits.run(edit, of.found())));
                }
                stage.advance(1);
            }
        }
        return done;
    }

    private ReadingEvidence.Composition apart(VerdictFile.Composition composition) {
        Behaviour target = HardPrompt.of(composition.prompt(), arena.chat().tokenizer());
        List<Phrase> found = lists.of(lists.sought(target, NearDuplicates.paraphrasesOf(composition.prompt())), SEED);
        Mixture mixture = lists.mixture(found);
        double[] kl = arena.divergences(target, List.of(mixture));
        List<String> background = Alike.spread(arena.atlas().texts(), BACKGROUND);
        Parts parts = Parts.of(readers.getFirst(), composition.parts(), found, background);
        return new ReadingEvidence.Composition(
                composition.prompt(),
                composition.parts(),
                parts.found().stream()
                        .map(part ->
                                part.isNamed() ? part.atom().map(Phrase::text).orElse("") : "")
                        .toList(),
                1 - kl[1] / kl[0],
                found.stream()
                        .map(phrase -> String.format(java.util.Locale.ROOT, "%+.2f %s", phrase.weight(), phrase.text()))
                        .toList());
    }

    /// What the amplified difference of a reading says.
    ///
    /// @param answers drawn from it
    /// @param words that stand out in them
    record Said(List<String> answers, List<String> words) {}

    /// The cheap alternative to lists, for every reading; none if the study leaves it out.
    private List<Said> said(VerdictFile.Tasks tasks) {
        if (!tasks.contrasted()) {
            return List.of();
        }
        boolean isDone = tasks.readings().stream().allMatch(reading -> rows.has("contrasts/" + reading.name()));
        List<String> plain =
                isDone ? List.of() : lists.inversion(Behaviour.BASE).answers(Behaviour.BASE, SEED);
        List<Said> said = new ArrayList<>();
        try (Stage stage =
                arena.progress().stage("amplified differences", tasks.readings().size())) {
            for (VerdictFile.Reading reading : tasks.readings()) {
                said.add(rows.get("contrasts/" + reading.name(), Said.class, () -> said(reading, plain)));
                stage.advance(1);
            }
        }
        return said;
    }

    private Said said(VerdictFile.Reading reading, List<String> plain) {
        arena.interruption().check();
        List<String> answers = lists.inversion(
                        HardPrompt.of(reading.prompt(), arena.chat().tokenizer()))
                .contrasts(Behaviour.BASE, GAMMA, SEED);
        return new Said(answers, Inversion.signs(answers, plain).words());
    }

    private List<Matching> matchings(
            VerdictFile.Tasks tasks, Map<String, Lists> known, Map<String, List<Phrase>> untrained) {
        if (tasks.readings().size() < 2) {
            return List.of();
        }
        List<VerdictFile.Reading> readings = tasks.readings();
        List<Lists> all = readings.stream()
                .map(reading -> Objects.requireNonNull(known.get(reading.name())))
                .toList();
        List<MatchCase> found = cases(readings, i -> all.get(i).found());
        List<Matching> matchings = new ArrayList<>();
        Reader first = readers.getFirst();
        matchings.add(matching(first, ReadingEvidence.FOUND, 0, found));
        for (Reader other : readers.subList(1, readers.size())) {
            matchings.add(matching(other, ReadingEvidence.FOUND + " (" + other.name() + ")", 0, found));
        }
        List<Said> said = said(tasks);
        if (!said.isEmpty()) {
            matchings.add(matching(
                    first,
                    ReadingEvidence.CONTRASTS,
                    0,
                    cases(readings, i -> Phrase.equal(said.get(i).answers()))));
            matchings.add(matching(
                    first,
                    ReadingEvidence.TELLING,
                    0,
                    cases(
                            readings,
                            i -> Phrase.equal(
                                    List.of(String.join(" ", said.get(i).words()))))));
        }
        Map<String, List<MatchCase>> nulls = new LinkedHashMap<>();
        nulls.put("random", cases(readings, i -> lists.random(i + 1L)));
        nulls.put("lists of other targets", MatchCase.deranged(found, SEED));
        nulls.put("noise", cases(readings, i -> all.get(i).noise()));
        nulls.put("shuffled target", cases(readings, i -> all.get(i).shuffled()));
        List<List<Phrase>> blank = readings.stream()
                .map(reading -> untrained.getOrDefault(reading.name(), List.of()))
                .toList();
        if (blank.stream().noneMatch(List::isEmpty)) {
            nulls.put("untrained model", cases(readings, blank::get));
        }
        nulls.forEach((texts, cases) -> matchings.add(matching(first, texts, nulls.size(), cases)));
        return matchings;
    }

    /// Every reading with some list.
    ///
    /// @param phrases by the reading's place
    private static List<MatchCase> cases(List<VerdictFile.Reading> readings, IntFunction<List<Phrase>> phrases) {
        return IntStream.range(0, readings.size())
                .mapToObj(i ->
                        new MatchCase(readings.get(i).name(), readings.get(i).prompt(), phrases.apply(i)))
                .toList();
    }

    /// @param nulls how many nulls are tested together, at 5 % in all (Bonferroni); 0 for what is no null
    private static Matching matching(Reader reader, String texts, int nulls, List<MatchCase> cases) {
        boolean isNull = nulls > 0;
        BlindMatching matched = BlindMatching.of(reader, cases);
        List<String> misses = matched.placed().stream()
                .filter(placed -> placed.first() < 1)
                .map(placed -> placed.name() + " → " + placed.best())
                .toList();
        return new Matching(
                texts,
                isNull,
                cases.size(),
                matched.accuracy(),
                matched.chance(),
                matched.pValue() >= Share.LEVEL / Math.max(1, nulls),
                isNull ? List.of() : misses);
    }

    /// How far two seeds, or two halves of the contexts, agree on the prompts of the same targets: the smaller of
    /// the two means.
    double agreement(List<TargetEvidence> targets) {
        Map<String, List<TargetEvidence>> byName = new LinkedHashMap<>();
        List<Double> halves = new ArrayList<>();
        for (TargetEvidence one : targets) {
            if (List.of("prompt", "soft", "adapter").contains(one.target().kind())) {
                byName.computeIfAbsent(one.target().name(), _ -> new ArrayList<>())
                        .add(one);
                halves.add(one.stability().halves());
            }
        }
        List<Double> seeds = new ArrayList<>();
        for (List<TargetEvidence> rows : byName.values()) {
            for (int i = 1; i < rows.size(); i++) {
                seeds.add(Overlap.of(
                                alike,
                                phrases(rows.getFirst().atoms()),
                                phrases(rows.get(i).atoms()))
                        .shared());
            }
        }
        return Math.min(mean(seeds), mean(halves));
    }

    private static List<Phrase> phrases(List<TargetEvidence.Atom> atoms) {
        return atoms.stream()
                .map(atom -> new Phrase(atom.text(), atom.weight()))
                .toList();
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
