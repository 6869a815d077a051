package assay.lab.studyfile;

import assay.base.run.FileHash;
import assay.lab.claims.StudyEvidence;
import assay.measure.judge.Claim;
import assay.measure.judge.Gates;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads and checks a study file: the study itself. Its targets, tasks and quick part have readers of their own.
final class StudyReader {
    private static final String SUBJECT = "study";
    private static final int LARGEST_SIZE = 500;
    private static final List<String> CLAIMS =
            Claim.STUDIED.stream().map(Claim::id).toList();
    private static final List<String> OUTCOMES = List.of("yes", "no", "undecided");

    private final Path path;
    private final String command;

    /// @param command that runs the study
    StudyReader(Path path, String command) {
        this.path = path;
        this.command = command;
    }

    StudyFile read() {
        LocatedJson json = LocatedJson.read(SUBJECT, path);
        String sha256 = FileHash.sha256(json.bytes());
        return json.object(fields -> study(fields, sha256));
    }

    private StudyFile study(JsonFields fields, String sha256) {
        if (fields.whole("schema_version", 1, 1, 0) == 0
                && fields.maybe("schema_version").isEmpty()) {
            fields.missing("\"schema_version\"");
        }
        StudyEvidence.Plan plan = new StudyEvidence.Plan(
                fields.text("name"), sha256, false, seeds(fields), gates(fields), predictions(fields), false, command);
        List<Integer> sizes = sizes(fields);
        StudyFile.Effort effort = effort(fields, StudyFile.Effort.defaults(), sizes);
        TargetsReader targets =
                new TargetsReader(new NamedFiles(path), plan.seeds().size());
        List<StudyFile.Adapter> adapters = targets.adapters(fields);
        List<StudyFile.Target> entries = targets.targets(fields, adapters);
        StudyFile.Tasks tasks = TasksReader.read(fields, entries);
        StudyFile.Predicates predicates =
                new StudyFile.Predicates(new NamedFiles(path).file(fields, "predicates"), List.of());
        StudyFile whole = new StudyFile(plan, sizes, effort, entries, adapters, tasks, predicates, Optional.empty());
        Optional<StudyFile> quick = fields.object("quick", part -> new QuickReader(whole).read(part));
        return new StudyFile(plan, sizes, effort, entries, adapters, tasks, predicates, quick);
    }

    /// Seeds, each once.
    static List<Long> seeds(JsonFields fields) {
        List<Long> seeds = fields.wholes("seeds", 0, Long.MAX_VALUE);
        if (new HashSet<>(seeds).size() < seeds.size()) {
            fields.wrong("seeds", "\"seeds\": expected different seeds, found " + seeds);
        }
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
}
