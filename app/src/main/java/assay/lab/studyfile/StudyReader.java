package assay.lab.studyfile;

import assay.base.run.Sha256;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.TargetKind;
import assay.measure.judge.Claim;
import assay.measure.judge.Gates;
import assay.tasks.distil.Bake;
import assay.tasks.session.TargetSource;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads and checks a study file. Its quick part has a reader of its own.
final class StudyReader {
    private static final int LARGEST_SIZE = 500;
    private static final List<String> CLAIMS =
            Claim.STUDIED.stream().map(Claim::id).toList();
    private static final List<String> OUTCOMES = List.of("yes", "no", "undecided");

    private static final List<String> SOURCES = Stream.concat(
                    PlainSources.FIELDS.stream(), Stream.of("adapter", "distilled"))
            .toList();
    private static final List<String> ORIGINS = List.of("adapter", "prompt", "data");

    private static final String SIBLINGS = "siblings";

    /// Every group of them is measured.
    private static final int MOST_SIBLINGS = 8;

    private StudyReader() {}

    static StudyFile read(Path path, String command) {
        LocatedJson json = LocatedJson.read("study", path);
        return json.object(fields -> study(fields, Sha256.of(json.bytes()), command));
    }

    private static StudyFile study(JsonFields fields, String sha256, String command) {
        fields.need("schema_version");
        fields.whole("schema_version", 1, 1, 1);
        StudyEvidence.Plan plan = new StudyEvidence.Plan(
                fields.text("name"), sha256, false, seeds(fields), gates(fields), predictions(fields), false, command);
        List<Integer> sizes = sizes(fields);
        StudyFile.Effort effort = effort(fields, StudyFile.Effort.defaults(), sizes);
        List<StudyFile.Adapter> adapters = adapters(fields, plan.seeds().size());
        List<StudyFile.Target> entries = targets(fields, adapters);
        StudyFile.Tasks tasks = tasks(fields, entries);
        StudyFile.Predicates predicates = new StudyFile.Predicates(
                fields.has("predicates") ? Optional.of(fields.file("predicates")) : Optional.empty(), List.of());
        StudyFile whole = new StudyFile(plan, sizes, effort, entries, adapters, tasks, predicates, Optional.empty());
        Optional<StudyFile> quick = fields.object("quick", part -> new QuickReader(whole).read(part));
        return new StudyFile(plan, sizes, effort, entries, adapters, tasks, predicates, quick);
    }

    /// Seeds, each once.
    static List<Long> seeds(JsonFields fields) {
        List<Long> seeds = fields.wholes("seeds", 0, Long.MAX_VALUE);
        fields.expect(new HashSet<>(seeds).size() == seeds.size(), "seeds", "different seeds", seeds);
        return seeds;
    }

    /// Sizes, ascending.
    static List<Integer> sizes(JsonFields fields) {
        List<Integer> sizes = fields.wholes("sizes", 1, LARGEST_SIZE).stream()
                .map(Long::intValue)
                .toList();
        for (int i = 1; i < sizes.size(); i++) {
            if (sizes.get(i) <= sizes.get(i - 1)) {
                fields.wrong(
                        "sizes",
                        "\"sizes\": expected ascending sizes, found " + sizes.get(i) + " after " + sizes.get(i - 1));
            }
        }
        return sizes;
    }

    private static Gates gates(JsonFields fields) {
        Gates usual = Gates.defaults();
        return fields.object(
                        "gates",
                        gates -> new Gates(
                                gates.number("closed", 0, 1, usual.closed()),
                                gates.number("gain", 0, 1, usual.gain()),
                                gates.number("recovery", 0, 1, usual.recovery()),
                                gates.number("matching", 0, 1, usual.matching()),
                                gates.number("edits", 0, 1, usual.edits()),
                                gates.number("overlap", 0, 1, usual.overlap()),
                                gates.number("fluent", 0, 1, usual.fluent())))
                .orElse(usual);
    }

    /// An effort, with `otherwise` where a field is missing.
    ///
    /// @param sizes of the lists; the null needs at least as many random prompts as the largest
    static StudyFile.Effort effort(JsonFields fields, StudyFile.Effort otherwise, List<Integer> sizes) {
        StudyFile.Effort effort =
                fields.object("effort", part -> effort(part, otherwise)).orElse(otherwise);
        if (effort.search() > effort.candidates()) {
            fields.wrong(
                    "effort",
                    "\"search\": expected at most the " + effort.candidates() + " candidates, found "
                            + effort.search());
        }
        if (!sizes.isEmpty() && effort.pool() < sizes.getLast()) {
            fields.wrong(
                    "effort",
                    "\"pool\": expected at least the largest size, " + sizes.getLast() + ", found " + effort.pool());
        }
        return effort;
    }

    private static StudyFile.Effort effort(JsonFields part, StudyFile.Effort otherwise) {
        return new StudyFile.Effort(
                part.whole("candidates", 1, 100_000, otherwise.candidates()),
                part.whole("search", 0, 100_000, otherwise.search()),
                part.whole("pool", 1, 100_000, otherwise.pool()),
                part.whole("draws", 1, 1_000, otherwise.draws()),
                part.number("turns", 0, 1, otherwise.turns()),
                part.whole("distil_steps", 1, 100_000, otherwise.distilSteps()),
                part.whole("bake_steps", 1, 100_000, otherwise.bakeSteps()),
                part.whole("reading_search", 0, 100_000, otherwise.readingSearch()));
    }

    private static List<StudyEvidence.Prediction> predictions(JsonFields fields) {
        Set<String> judged = new HashSet<>();
        return fields.objects("predictions", entry -> {
            String claim = entry.word("claim", CLAIMS);
            if (!claim.isEmpty() && !judged.add(claim)) {
                entry.wrong("claim", "claim " + claim + " predicted twice");
            }
            // A wrong claim is a problem of its own, with which no study is read; any will do.
            Claim predicted = claim.isEmpty() ? Claim.S1 : Claim.named(claim);
            return new StudyEvidence.Prediction(predicted, entry.word("holds", OUTCOMES), entry.text("why"));
        });
    }

    /// The targets; a study without any is a problem.
    private static List<StudyFile.Target> targets(JsonFields fields, List<StudyFile.Adapter> adapters) {
        Set<String> names = new HashSet<>();
        return fields.someObjects("targets", entry -> target(entry, names, adapters));
    }

    private static StudyFile.Target target(JsonFields entry, Set<String> names, List<StudyFile.Adapter> adapters) {
        String name = entry.name(names);
        String spelled = entry.word("class", TargetKind.spellings());
        String given = entry.either(SOURCES);
        // A class that is none is a problem of its own, with which no study is read; any will do.
        TargetKind kind = spelled.isEmpty() ? TargetKind.PROMPT : TargetKind.spelled(spelled);
        List<String> fitting = sources(kind);
        if (!spelled.isEmpty() && !given.isEmpty() && !fitting.contains(given)) {
            entry.wrong(
                    given,
                    "class \"" + kind + "\": expected \"" + String.join("\" or \"", fitting) + "\", found \"" + given
                            + "\"");
        }
        return new StudyFile.Target(name, kind, source(entry, given, adapters));
    }

    /// The fields that can say what a target of a kind is.
    private static List<String> sources(TargetKind kind) {
        return switch (kind) {
            case PLANTED -> List.of("mixture");
            case SOFT -> List.of("distilled", "soft");
            case ADAPTER -> List.of("adapter");
            case RANDOM_SOFT -> List.of("random_tokens");
            case PROMPT, GIBBERISH, NULL_SHUFFLED, NULL_NOISE, NULL_UNTRAINED -> List.of("prompt");
        };
    }

    private static StudyFile.Source source(JsonFields entry, String given, List<StudyFile.Adapter> adapters) {
        return switch (given) {
            case "adapter" -> new StudyFile.Source.Lora(entry.peft("adapter", "adapter"));
            case "distilled" -> distilled(entry, adapters);
            default -> new StudyFile.Source.Plain(PlainSources.read(entry, given));
        };
    }

    private static StudyFile.Source distilled(JsonFields entry, List<StudyFile.Adapter> adapters) {
        String adapter = entry.text("distilled");
        boolean isKnown = adapters.stream().anyMatch(known -> known.name().equals(adapter));
        entry.expect(adapter.isEmpty() || isKnown, "distilled", "a name of \"adapters\"", adapter);
        return new StudyFile.Source.Distilled(adapter);
    }

    /// The adapters; there may be none.
    ///
    /// @param seeds how many the study has
    private static List<StudyFile.Adapter> adapters(JsonFields fields, int seeds) {
        Set<String> names = new HashSet<>();
        // Without valid seeds, which is a problem of its own, any number will do.
        int most = seeds == 0 ? Integer.MAX_VALUE : seeds;
        return fields.objects("adapters", entry -> {
            StudyFile.Origin origin = origin(entry);
            return new StudyFile.Adapter(
                    entry.name(names),
                    entry.word("class", ZooFile.CLASSES),
                    entry.word("predicted", List.of("works", "fails")).equals("works"),
                    entry.text("why"),
                    origin,
                    entry.whole("seeds", 1, most, most),
                    siblings(entry, origin));
        });
    }

    /// How many second training runs there are to be of an adapter that is baked, or which there are of one that is
    /// brought.
    private static StudyFile.Siblings siblings(JsonFields entry, StudyFile.Origin origin) {
        if (!entry.has(SIBLINGS)) {
            return StudyFile.Siblings.NONE;
        }
        if (!(origin instanceof StudyFile.Origin.Folder(String adapter))) {
            return new StudyFile.Siblings.Trained(entry.whole(SIBLINGS, 0, MOST_SIBLINGS, 0));
        }
        List<String> brought = entry.pefts(SIBLINGS, "sibling");
        entry.expect(brought.size() <= MOST_SIBLINGS, SIBLINGS, "at most " + MOST_SIBLINGS, brought.size());
        entry.expect(
                adapter.isEmpty() || !brought.contains(adapter),
                SIBLINGS,
                "other training runs than \"adapter\" itself",
                adapter);
        return new StudyFile.Siblings.Brought(brought);
    }

    private static StudyFile.Origin origin(JsonFields entry) {
        String given = entry.either(ORIGINS);
        if (given.equals("adapter")) {
            return new StudyFile.Origin.Folder(entry.peft("adapter", "adapter"));
        }
        int steps = entry.whole("steps", 1, 100_000, 0);
        if (given.equals("data")) {
            return new StudyFile.Origin.Baked(new Bake.Source.Data(entry.file("data")), steps);
        }
        String prompt = given.isEmpty() ? "" : entry.text("prompt");
        return new StudyFile.Origin.Baked(new Bake.Source.Prompt(prompt), steps);
    }

    /// What the lists are read for: blind matching, edits, compositions.
    private static StudyFile.Tasks tasks(JsonFields fields, List<StudyFile.Target> targets) {
        Set<String> names = new HashSet<>();
        Set<String> prompts = new HashSet<>();
        List<StudyFile.Reading> readings = fields.objects("readings", entry -> reading(entry, names, prompts, targets));
        fields.expect(readings.size() != 1, "readings", "none or at least 2 to tell apart", 1);
        Set<String> known = named(readings, targets);
        return new StudyFile.Tasks(
                readings,
                fields.objects("edits", entry -> edit(entry, known)),
                fields.objects("compositions", StudyReader::composition),
                fields.flag("contrasted", false));
    }

    /// Everything an edit may name.
    static Set<String> named(List<StudyFile.Reading> readings, List<StudyFile.Target> targets) {
        return Stream.concat(
                        readings.stream().map(StudyFile.Reading::name),
                        targets.stream().map(StudyFile.Target::name))
                .collect(Collectors.toSet());
    }

    private static StudyFile.Reading reading(
            JsonFields entry, Set<String> names, Set<String> prompts, List<StudyFile.Target> targets) {
        String name = entry.name(names);
        String prompt = entry.text("prompt");
        if (!prompt.isEmpty() && !prompts.add(prompt)) {
            entry.wrong("prompt", "prompt of another reading again");
        }
        boolean isOther = targets.stream()
                .filter(target -> target.name().equals(name))
                .anyMatch(target -> target.source() instanceof StudyFile.Source.Plain(TargetSource.Prompt(String text))
                        && !text.equals(prompt));
        if (!prompt.isEmpty() && isOther) {
            entry.wrong("prompt", "reading \"" + name + "\": expected the prompt of the target of that name");
        }
        return new StudyFile.Reading(name, prompt);
    }

    private static StudyFile.Edit edit(JsonFields entry, Set<String> known) {
        String target = entry.text("target");
        boolean isKnown = known.contains(target);
        entry.expect(target.isEmpty() || isKnown, "target", "the name of a reading or target", target);
        entry.need("words");
        List<StudyFile.Replacement> words = entry.objects("words", StudyReader::replacement);
        return new StudyFile.Edit(target, words, entry.text("towards"));
    }

    private static StudyFile.Replacement replacement(JsonFields entry) {
        String from = entry.text("from");
        String to = entry.text("to");
        entry.expect(from.isEmpty() || !from.equals(to), "to", "another word than \"from\"", to);
        return new StudyFile.Replacement(from, to);
    }

    private static StudyFile.Composition composition(JsonFields entry) {
        List<String> parts = entry.texts("parts");
        entry.expect(parts.size() != 1, "parts", "at least 2", 1);
        return new StudyFile.Composition(entry.text("prompt"), parts);
    }
}
