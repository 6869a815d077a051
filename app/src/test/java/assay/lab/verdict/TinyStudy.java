package assay.lab.verdict;

import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.TinyAtlas;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A study of everything on a tiny random model: laws, never results.
final class TinyStudy implements AutoCloseable {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "tiny");

    /// Every part of a study, small. The planted prompts are those of the dictionary but for their last letter, as
    /// those of the dictionary would be left out; to this model a letter is a word, hence the low gate.
    static final String WHOLE = """
            {"schema_version": 1, "name": "tiny", "seeds": [0, 1], "sizes": [1, 2, 3],
             "gates": {"closed": 0.5},
             "effort": {"candidates": 10, "search": 0, "pool": 6, "draws": 2, "turns": 0.5, "distil_steps": 4,
                        "bake_steps": 2, "reading_search": 0},
             "targets": [
              {"name": "cook", "class": "prompt", "prompt": "You are a cook."},
              {"name": "truth", "class": "planted", "mixture": [
                {"prompt": "You are a cook", "weight": 0.7}, {"prompt": "Talk about rain", "weight": 0.5}]},
              {"name": "vectors", "class": "random-soft", "random_tokens": 4, "seed": 3},
              {"name": "soft", "class": "soft", "distilled": "plain"},
              {"name": "shuffled", "class": "null-shuffled", "prompt": "You are a cook."},
              {"name": "noise", "class": "null-noise", "prompt": "You are a cook."},
              {"name": "blank", "class": "null-untrained", "prompt": "You are a cook."}],
             "adapters": [
              {"name": "plain", "class": "elicitation", "predicted": "works", "why": "small", "adapter": "lora"},
              {"name": "baked", "class": "elicitation", "predicted": "works", "why": "shown", "data": "shown.jsonl", "seeds": 1}],
             "readings": [
              {"name": "cook", "prompt": "You are a cook."}, {"name": "rain", "prompt": "Talk about rain."},
              {"name": "sad", "prompt": "Be very sad."}, {"name": "ten", "prompt": "Count up to ten."},
              {"name": "boat", "prompt": "Sell me a boat."}, {"name": "rhyme", "prompt": "Answer in rhymes."}],
             "edits": [
              {"target": "cook", "words": [{"from": "zebra", "to": "lion"}, {"from": "you", "to": "they"}, {"from": "the", "to": "no"}, {"from": "a", "to": "one"}, {"from": "in", "to": "on"}, {"from": "it", "to": "this"}, {"from": "is", "to": "was"}, {"from": "for", "to": "by"}], "towards": "They are a cook."},
              {"target": "sad", "words": [{"from": "zebra", "to": "lion"}], "towards": "Be a lion."}],
             "contrasted": true,
             "compositions": [{"prompt": "You are a sad cook.", "parts": ["sad", "a cook"]}],
             "predicates": "predicates.json",
             "quick": {}}
            """;

    private static final String PREDICATES = """
            {"turns": {"search": ["Go.", "Now.", "On."], "fit": ["Well?", "Tell me.", "Begin.", "So?", "Yes?"],
                       "test": ["1?", "2?", "3?", "4?", "5?", "6?", "7?", "8?"]},
             "targets": [{"name": "rain", "prompt": "Name a cook in rain.", "category": "Name a cook.",
                          "true": ["Ada", "Bob"], "false": ["Cyd", "Dan", "Eve"], "say": "Say {answer}.",
                          "starts": ["It is", ""]}]}
            """;

    final Session session;
    private final Path folder;

    private TinyStudy(Session session, Path folder) {
        this.session = session;
        this.folder = folder;
    }

    /// A tiny model that reads longer contexts, with an atlas, an adapter and a predicate.
    ///
    /// @param folder an empty one
    static TinyStudy open(Path folder) throws IOException {
        copy(GOLDEN.resolve("adapters/plain"), folder.resolve("lora"));
        Files.writeString(folder.resolve("predicates.json"), PREDICATES);
        Files.write(
                folder.resolve("shown.jsonl"),
                IntStream.range(0, 12)
                        .mapToObj(i -> "{\"user\": \"Question " + i + "?\", \"answer\": \"Answer " + i + ".\"}")
                        .toList());
        Path model = copy(GOLDEN.resolve("models/tied"), folder.resolve("tied"));
        JsonMapper json = JsonMapper.shared();
        ObjectNode config = (ObjectNode) json.readTree(model.resolve("config.json"));
        config.put("max_position_embeddings", 1024);
        json.writeValue(model.resolve("config.json"), config);
        Path home = folder.resolve("home");
        Session session = Session.open(model.toString(), Precision.FLOAT32, home, Job.silent());
        AtlasShelf.write(TinyAtlas.of(session.chat()), home.resolve("atlas/tied.atlas"));
        return new TinyStudy(session, folder);
    }

    /// Writes a study file.
    Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("study.json"), text);
    }

    /// Runs a study's quick part.
    Judged run(String text, Path out, Set<String> claims, Set<String> targets) throws IOException {
        return run(
                new VerdictRun(write(text), "assay verdict", new VerdictRun.Options(true, false, claims, targets)),
                out);
    }

    Judged run(VerdictRun run, Path out) {
        return run(run, out, Job.silent());
    }

    /// Runs a study until it is over or stopped, and leaves its report.
    Judged run(VerdictRun run, Path out, Job job) {
        try (RunFolder into = RunFolder.resumable(Optional.of(out), "verdict", VerdictRun.BEGUN)) {
            Judged judged = run.run(session.doing(job), into);
            judged.write(into, "report");
            return judged;
        }
    }

    /// What a study's document says apart from times.
    static String timeless(Judged judged) {
        ObjectNode document = (ObjectNode) JsonMapper.shared().readTree(judged.json());
        document.remove("seconds");
        document.remove("provenance");
        return document.toPrettyString();
    }

    /// A copy of a folder of files and folders.
    static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to;
    }

    @Override
    public void close() {
        session.close();
    }
}
