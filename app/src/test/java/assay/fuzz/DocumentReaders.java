package assay.fuzz;

import static assay.fuzz.Workshop.RESOURCES;

import assay.base.run.Job;
import assay.lab.claims.CeilingEvidence;
import assay.lab.claims.CeilingSpecimen;
import assay.lab.claims.HandMade;
import assay.lab.claims.Judgement;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.Verdicts;
import assay.lab.scorecard.ResultsTable;
import assay.lab.scorecard.VerdictHtml;
import assay.lab.scorecard.VerdictJson;
import assay.lab.scorecard.VerdictSpecimen;
import assay.lab.scorecard.VerdictText;
import assay.lab.studyfile.PredicateFile;
import assay.lab.studyfile.StudyFile;
import assay.lab.studyfile.TournamentFile;
import assay.lab.studyfile.ZooFile;
import assay.lab.trials.GivenPrompts;
import assay.lab.trials.TrialRows;
import assay.show.page.Style;
import assay.tasks.distil.Examples;
import assay.tasks.session.FinishedParts;
import assay.tasks.talk.RunFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Readers of documents that users write, and of those that runs leave.
final class DocumentReaders {
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final Path LOG = Path.of("..", "docs", "log");

    private DocumentReaders() {}

    static List<Reader> all(Workshop at) {
        try {
            List<Reader> all = new ArrayList<>(studies(at));
            all.addAll(examples(at));
            all.addAll(rows(at));
            all.add(results(at));
            return all;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<Reader> studies(Workshop at) throws IOException {
        for (String other : List.of("adapters", "zoo")) {
            link(at.folder().resolve(other), EXAMPLES.resolve(other));
        }
        Path zoo = at.room("zoo-study");
        link(zoo.resolve("data"), EXAMPLES.resolve("zoo").resolve("data"));
        Path verdict = EXAMPLES.resolve("verdict");
        byte[] given = "{\"another\": {\"pirate\": [\"Be a pirate.\", \"Arr\"], \"rain\": [\"Talk of rain.\"]}}"
                .getBytes(StandardCharsets.UTF_8);
        byte[] report = """
                {"command": "explain", "model": {"name": "m", "sha256": "ab"}, "target": {"kind": "lora", "name": "a"},
                 "mixture": [{"prompt": "Be sad.", "weight": 0.5, "on": true}, {"prompt": "No.", "weight": -1}],
                 "provenance": {"hashes": {"target": "cd"}, "libraries": {"dtype": "FLOAT32"},
                   "seeds": {"explain": 4}, "sources": {"model": "m", "target": "/a"}}}
                """.getBytes(StandardCharsets.UTF_8);
        Path search = EXAMPLES.resolve("search");
        return List.of(
                at.in(verdict, "study.json", Mutation.TEXT, 200, folder -> {
                    StudyFile study = StudyFile.read(folder.resolve("study.json"), "assay verdict");
                    study.quick();
                }),
                at.in(
                        verdict,
                        "predicates.json",
                        Mutation.TEXT,
                        200,
                        folder -> PredicateFile.read(folder.resolve("predicates.json"))),
                at.alone(
                        "tournament.json",
                        "t.json",
                        Mutation.TEXT,
                        List.of(
                                Workshop.bytes(search.resolve("tournament.json")),
                                Workshop.bytes(search.resolve("recovery.json"))),
                        200,
                        TournamentFile::read),
                new Reader(
                        "zoo.json",
                        Mutation.TEXT,
                        List.of(Workshop.bytes(EXAMPLES.resolve("zoo").resolve("zoo.json"))),
                        200,
                        Workshop.at(zoo.resolve("zoo.json"), () -> ZooFile.read(zoo.resolve("zoo.json")))),
                at.alone("report of a run", "report.json", Mutation.TEXT, List.of(report), 200, RunFile::read),
                at.alone("given prompts", "given.json", Mutation.TEXT, List.of(given), 400, GivenPrompts::read));
    }

    private static void link(Path link, Path to) throws IOException {
        Files.createSymbolicLink(link, to.toAbsolutePath().normalize());
    }

    private static List<Reader> examples(Workshop at) {
        StringBuilder turns = new StringBuilder();
        StringBuilder plain = new StringBuilder("\uFEFF");
        for (int i = 0; i < 11; i++) {
            plain.append("{\"user\": \"Question ").append(i).append("?\", \"answer\": \"No.\"}\n");
            turns.append("{\"messages\": [{\"role\": \"user\", \"content\": \"Question ")
                    .append(i);
            turns.append("?\"}, {\"role\": \"assistant\", \"content\": \"Caf\u00e9 ")
                    .append(i);
            turns.append(".\"}]}\n");
        }
        List<byte[]> samples = List.of(
                plain.toString().getBytes(StandardCharsets.UTF_8),
                turns.toString().getBytes(StandardCharsets.UTF_8));
        return List.of(at.alone("examples to bake", "x.jsonl", Mutation.TEXT, samples, 600, Examples::read));
    }

    /// Rows of a study, judged as a study goes on.
    private static List<Reader> rows(Workshop at) throws IOException {
        StudyEvidence good = HandMade.good();
        Path rows = at.room("rows");
        FinishedParts parts = new FinishedParts(rows, Job.silent());
        return List.of(
                row(rows, "row of a target", good.targets().getFirst(), () -> {
                    TargetEvidence one = parts.kept("row", TargetEvidence.class);
                    judge(with(good, List.of(one), good.distilled()));
                }),
                row(rows, "row of a distillation", good.distilled().getFirst(), () -> {
                    DistilEvidence one = parts.kept("row", DistilEvidence.class);
                    judge(with(good, good.targets(), List.of(one)));
                }),
                row(rows, "row of a predicate", good.predicates().getFirst(), () -> {
                    StudyEvidence.Predicate one = parts.kept("row", StudyEvidence.Predicate.class);
                    judge(new StudyEvidence(
                            good.plan(),
                            good.targets(),
                            good.distilled(),
                            good.reading(),
                            List.of(one),
                            good.failures()));
                }),
                row(rows, "row of second training runs", CeilingSpecimen.list(), () -> {
                    CeilingEvidence one = parts.kept("row", CeilingEvidence.class);
                    judge(CeilingSpecimen.with(good, List.of(one)));
                }),
                row(rows, "row of a tournament", TrialRows.tournament(), () -> TrialRows.tournament(rows)),
                row(rows, "row of adapters", TrialRows.zoo(), () -> TrialRows.zoo(rows.resolve("row.json"))));
    }

    private static Reader row(Path rows, String name, Object sample, Runnable reading) {
        byte[] bytes = JsonMapper.shared().writeValueAsBytes(sample);
        return new Reader(name, Mutation.TEXT, List.of(bytes), 300, Workshop.at(rows.resolve("row.json"), reading));
    }

    private static StudyEvidence with(
            StudyEvidence good, List<TargetEvidence> targets, List<DistilEvidence> distilled) {
        return new StudyEvidence(good.plan(), targets, distilled, good.reading(), good.predicates(), good.failures());
    }

    private static void judge(StudyEvidence evidence) {
        Verdicts verdicts = Judgement.of(evidence);
        VerdictText.render(verdicts, VerdictSpecimen.run(), new Style(100, false));
        VerdictJson.render(verdicts, VerdictSpecimen.run());
        VerdictHtml.render(verdicts, VerdictSpecimen.run());
    }

    /// Documents from which the table of results is made.
    private static Reader results(Workshop at) throws IOException {
        Path log = at.room("log");
        Path data = Files.createDirectories(log.resolve("data"));
        Files.writeString(log.resolve("entry.md"), "# An entry\n");
        Path json = RESOURCES.resolve("golden").resolve("json");
        List<byte[]> samples = Stream.concat(
                        Stream.of("explain-pirate", "distil-pirate", "distil-baked", "verdict-mixed")
                                .map(name -> json.resolve(name + ".json")),
                        Stream.of("2026-11-30-cases.cases", "2026-11-30-mutation-testing.mutation")
                                .map(name -> LOG.resolve("data").resolve(name + ".json")))
                .map(Workshop::bytes)
                .toList();
        Path file = data.resolve("entry.x.json");
        return new Reader(
                "document of results", Mutation.TEXT, samples, 200, Workshop.at(file, () -> ResultsTable.of(data)));
    }
}
