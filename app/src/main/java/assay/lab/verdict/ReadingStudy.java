package assay.lab.verdict;

import assay.base.run.Stage;
import assay.base.sparse.Interval;
import assay.discover.search.Inversion;
import assay.discover.search.SearchTarget;
import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.ReadingEvidence.Matching;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetKind;
import assay.lab.matching.BlindMatching;
import assay.lab.matching.MatchCase;
import assay.lab.matching.Parts;
import assay.lab.matching.Phrase;
import assay.lab.matching.Proportion;
import assay.lab.matching.Reader;
import assay.lab.matching.SameMeaning;
import assay.lab.studyfile.StudyFile;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.tasks.session.FinishedParts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Whether lists say what their targets do: lists of many prompts, none of which may be explained by itself, are
/// matched blindly with all the prompts' texts, edited, and searched for the parts of compositions.
///
/// @param readers the first one counts
/// @param alike when two prompts say the same
record ReadingStudy(
        SharedContexts arena, ReadingLists lists, List<Reader> readers, SameMeaning alike, FinishedParts rows) {
    private static final long SEED = 0;
    /// Kinds of targets whose lists must agree.
    private static final Set<TargetKind> LISTED = Set.of(TargetKind.PROMPT, TargetKind.SOFT, TargetKind.ADAPTER);
    /// Prompts of the dictionary that parts are compared with, to know what chance names.
    private static final int BACKGROUND = 400;
    /// How much differences are amplified.
    private static final double GAMMA = 1;

    /// The list of one prompt with its nulls.
    ///
    /// @param found by sketches, with the search
    /// @param noise the best of random-token prompts
    /// @param shuffled found for the same numbers in random order
    record Lists(List<Phrase> found, List<Phrase> noise, List<Phrase> shuffled) {}

    /// Measures everything; the overlaps of seeds and of soft prompts are given.
    ///
    /// @param untrained lists of the same prompts found on an untrained model, or none
    ReadingEvidence run(StudyFile.Tasks tasks, Map<String, List<Phrase>> untrained, double agreement, double wayward) {
        Map<String, Lists> known = known(tasks.readings());
        List<Matching> matchings = matchings(tasks, known, untrained);
        List<ReadingEvidence.Edit> edits = edits(tasks, known);
        List<ReadingEvidence.Composition> parted = apart(tasks.compositions());
        return new ReadingEvidence(readers.getFirst().name(), matchings, edits, parted, agreement, wayward);
    }

    private Map<String, Lists> known(List<StudyFile.Reading> readings) {
        boolean isDone = readings.stream().allMatch(reading -> rows.has("readings/" + reading.name(), Lists.class));
        List<HardPrompt> noise = arena.noise();
        float[][] theirs = isDone ? new float[0][] : whitened(lists.searching().sketches(noise));
        List<Lists> all = parts(
                "lists to be read",
                Lists.class,
                readings.stream()
                        .map(reading -> new FinishedParts.Part<>(
                                "readings/" + reading.name(), () -> lists(reading, noise, theirs)))
                        .toList());
        Map<String, Lists> known = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            known.put(readings.get(i).name(), all.get(i));
        }
        return known;
    }

    private float[][] whitened(float[][] sketches) {
        return lists.searching().known().whitened(sketches);
    }

    /// Parts with their progress; one that is refused refuses all.
    private <T> List<T> parts(String what, Class<T> type, List<FinishedParts.Part<T>> parts) {
        try (Stage stage = arena.job().stage(what, parts.size())) {
            return rows.all(parts, type, stage);
        }
    }

    private List<ReadingEvidence.Composition> apart(List<StudyFile.Composition> compositions) {
        List<FinishedParts.Part<ReadingEvidence.Composition>> parts = IntStream.range(0, compositions.size())
                .mapToObj(i -> new FinishedParts.Part<>("compositions/" + (i + 1), () -> apart(compositions.get(i))))
                .toList();
        return parts("compositions taken apart", ReadingEvidence.Composition.class, parts);
    }

    private Lists lists(StudyFile.Reading reading, List<HardPrompt> noise, float[][] theirs) {
        arena.job().check();
        SearchTarget sought = lists.sought(reading.prompt());
        return new Lists(
                lists.of(sought, SEED),
                lists.among(noise, theirs, whitened(new float[][] {sought.sketch()})[0]),
                lists.fromDictionary(ReadingLists.shuffled(sought.sketch(), SEED), sought.forbidden()));
    }

    private List<ReadingEvidence.Edit> edits(StudyFile.Tasks tasks, Map<String, Lists> known) {
        Edits edits = new Edits(arena, lists);
        List<FinishedParts.Part<ReadingEvidence.Edit>> parts = new ArrayList<>();
        for (int i = 0; i < tasks.edits().size(); i++) {
            StudyFile.Edit edit = tasks.edits().get(i);
            Lists of = known.get(edit.target());
            if (of != null) {
                parts.add(new FinishedParts.Part<>("edits/" + (i + 1), () -> edits.run(edit, of.found())));
            }
        }
        return parts("edited lists", ReadingEvidence.Edit.class, parts);
    }

    private ReadingEvidence.Composition apart(StudyFile.Composition composition) {
        SearchTarget sought = lists.sought(composition.prompt());
        List<Phrase> found = lists.of(sought, SEED);
        double[] kl = arena.divergences(sought.target(), List.of(lists.mixture(found)));
        List<String> background = SameMeaning.spread(arena.atlas().texts(), BACKGROUND);
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
                        .map(phrase -> String.format(Locale.ROOT, "%+.2f %s", phrase.weight(), phrase.text()))
                        .toList());
    }

    /// What the amplified difference of a reading says.
    ///
    /// @param words that stand out in them
    record Said(List<String> answers, List<String> words) {}

    /// The cheap alternative to lists, for every reading; none if the study leaves it out.
    private List<Said> said(StudyFile.Tasks tasks) {
        if (!tasks.contrasted()) {
            return List.of();
        }
        boolean isDone =
                tasks.readings().stream().allMatch(reading -> rows.has("contrasts/" + reading.name(), Said.class));
        List<String> plain =
                isDone ? List.of() : lists.searching().inversion(Behaviour.BASE).answers(Behaviour.BASE, SEED);
        return parts(
                "amplified differences",
                Said.class,
                tasks.readings().stream()
                        .map(reading ->
                                new FinishedParts.Part<>("contrasts/" + reading.name(), () -> said(reading, plain)))
                        .toList());
    }

    private Said said(StudyFile.Reading reading, List<String> plain) {
        arena.job().check();
        List<String> answers = lists.searching()
                .inversion(HardPrompt.of(reading.prompt(), arena.chat().tokenizer()))
                .contrasts(Behaviour.BASE, GAMMA, SEED);
        return new Said(answers, Inversion.signs(answers, plain).words());
    }

    private List<Matching> matchings(
            StudyFile.Tasks tasks, Map<String, Lists> known, Map<String, List<Phrase>> untrained) {
        if (tasks.readings().size() < 2) {
            return List.of();
        }
        List<StudyFile.Reading> readings = tasks.readings();
        List<Lists> all = readings.stream()
                .map(reading -> Objects.requireNonNull(known.get(reading.name())))
                .toList();
        List<MatchCase> found = cases(readings, i -> all.get(i).found());
        List<Matching> matchings = new ArrayList<>();
        Reader first = readers.getFirst();
        for (Reader reader : readers) {
            String others = reader.equals(first) ? "" : " (" + reader.name() + ")";
            matchings.add(matching(reader, ReadingEvidence.FOUND + others, 0, found));
        }
        List<Said> said = said(tasks);
        if (!said.isEmpty()) {
            List<MatchCase> answers =
                    cases(readings, i -> Phrase.equal(said.get(i).answers()));
            List<MatchCase> words = cases(
                    readings,
                    i -> Phrase.equal(List.of(String.join(" ", said.get(i).words()))));
            matchings.add(matching(first, ReadingEvidence.CONTRASTS, 0, answers));
            matchings.add(matching(first, ReadingEvidence.TELLING, 0, words));
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
    private static List<MatchCase> cases(List<StudyFile.Reading> readings, IntFunction<List<Phrase>> phrases) {
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
        Interval right = matched.right().interval();
        boolean atChance = matched.pValue() >= Proportion.LEVEL / Math.max(1, nulls);
        List<String> shown = isNull ? List.of() : misses;
        return new Matching(texts, isNull, cases.size(), right, matched.chance(), atChance, shown);
    }

    /// How far two seeds, or two halves of the contexts, agree on the prompts of the same targets: the smaller of
    /// the two means.
    double agreement(List<TargetEvidence> targets) {
        Map<String, List<TargetEvidence>> byName = new LinkedHashMap<>();
        List<Double> halves = new ArrayList<>();
        for (TargetEvidence one : targets) {
            if (LISTED.contains(one.target().kind())) {
                byName.computeIfAbsent(one.target().name(), _ -> new ArrayList<>())
                        .add(one);
                halves.add(one.stability().halves());
            }
        }
        List<Double> seeds = new ArrayList<>();
        for (List<TargetEvidence> rows : byName.values()) {
            for (int i = 1; i < rows.size(); i++) {
                seeds.add(alike.shared(
                        phrases(rows.getFirst().atoms()), phrases(rows.get(i).atoms())));
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
