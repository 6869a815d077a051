package assay.lab.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.InputException;
import assay.base.run.Job;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.TinyAtlas;
import assay.discover.predict.ReadingShelf;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The trials of `assay bench`, on a tiny random model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BenchTest {
    private static final Path MODELS = Path.of("src", "test", "resources", "golden", "tiny", "models");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Session session;

    @BeforeAll
    void open(@TempDir Path home) throws IOException {
        session = Session.open(MODELS.resolve("tied").toString(), Precision.FLOAT32, home, Job.silent());
        Files.createDirectories(home.resolve("atlas"));
        AtlasShelf.write(TinyAtlas.of(session.chat()), home.resolve("atlas").resolve("tied.atlas"));
    }

    @AfterAll
    void close() {
        session.close();
    }

    @Test
    void thePredictorIsTriedForEveryWayOfReading() {
        PredictorTrial.Result result = predictor(List.of(1, 2), List.of(1, 99), 5);
        assertThat(result.learnt()).isEqualTo(7);
        assertThat(result.rows()).hasSize(8);
        assertThat(result.rows().getFirst().extent().closing()).isEqualTo(1);
        int all = result.rows().get(2).extent().closing();
        assertThat(all).isGreaterThan(1).isLessThan(99);
        assertThat(result.rows())
                .allSatisfy(row -> assertThat(row.foresight().stages())
                        .hasSize(3)
                        .allSatisfy(stage -> assertThat(stage.score().median()).isBetween(-1.0, 1.0)));
        assertThat(result.rows().get(0).foresight().explained())
                .isNotEqualTo(result.rows().get(1).foresight().explained())
                .isNotEqualTo(result.rows().get(4).foresight().explained());
        assertThat(result.text().lines().filter(line -> line.contains(" all ") || line.contains(" last ")))
                .hasSizeGreaterThanOrEqualTo(8);
    }

    @Test
    void theDocumentHoldsWhatTheTableShows() {
        PredictorTrial.Result result = predictor(List.of(), List.of(), 6);
        JsonNode document = JsonMapper.shared().readTree(result.json());
        assertThat(document.path("command").asString("")).isEqualTo("bench predictor");
        assertThat(document.path("held_out").asInt(0)).isEqualTo(6);
        JsonNode row = document.path("rows").path(0);
        assertThat(row.path("stages")).hasSize(3);
        assertThat(row.path("stages").path(2).path("score").path("median").asDouble(9))
                .isCloseTo(
                        result.rows()
                                .getFirst()
                                .foresight()
                                .stages()
                                .get(2)
                                .score()
                                .median(),
                        within(1e-12));
        assertThat(document.path("provenance").path("seeds").path("held_out").asInt(-1))
                .isZero();
    }

    @Test
    void moreThanHalfOrMoreBlocksThanThereAreIsRefused() {
        assertThatThrownBy(() -> predictor(List.of(), List.of(), 7))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at most half of the atlas's 12 prompts, found 7");
        assertThatThrownBy(() -> predictor(List.of(99), List.of(), 5))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--blocks: expected at most the model's");
    }

    @Test
    void theScreenIsTimedAndLeavesWhatItRead() throws IOException {
        Path file = folder.resolve("screen.json");
        ScreenTrial.Result result = new ScreenTrial(session, new ReadingShelf(folder.resolve("readings")))
                .run(new ScreenTrial.Options(20, 3, Optional.of(1), 4), Optional.of(file));
        assertThat(result.readSeconds()).hasSize(2);
        assertThat(result.read()).isPositive();
        assertThat(result.screened()).isPositive();
        JsonNode document = JsonMapper.shared().readTree(Files.readAllBytes(file));
        assertThat(document.path("prompts")).hasSize(20);
        assertThat(document.path("readings")).hasSize(20);
        assertThat(document.path("readings").path(0))
                .hasSize(3 * session.chat().model().hidden());
        long tokens = 0;
        for (JsonNode prompt : document.path("prompts")) {
            tokens += prompt.size() + document.path("after").size();
        }
        assertThat(result.tokens()).isEqualTo(tokens);
    }

    @Test
    void firstLinesAreMatchedBlindlyAndWhatIsDoneIsKept() throws IOException {
        Path study = Files.writeString(folder.resolve("naming.json"), """
                {"schema_version": 1, "name": "naming", "seeds": [0], "sizes": [1],
                 "targets": [{"name": "a-cook", "class": "prompt", "prompt": "You are a cook."}],
                 "readings": [{"name": "cook", "prompt": "You are a good cook."}, {"name": "rain", "prompt": "Talk of rain."},
                              {"name": "sad", "prompt": "Be very sad."}]}
                """);
        Path out = folder.resolve("naming");
        NamingTrial.Options options = new NamingTrial.Options(3, 6, 0, 0);
        NamingTable table = NamingTrial.of(session).run(study, options, out);
        assertThat(table.rows()).hasSize(3).allSatisfy(row -> {
            assertThat(row.lines().getFirst()).startsWith("What it is: ");
            assertThat(row.lines()).hasSizeBetween(1, 3);
            assertThat(row.plain().cost()).isLessThanOrEqualTo(0.01 + 1e-9);
            assertThat(row.plain().prompts()).hasSizeBetween(1, row.prompts());
        });
        assertThat(table.matched()).extracting(NamingTable.Matched::cases).containsOnly(3);
        assertThat(table.text()).contains("| first three lines | ", "not judged, 3 readings", "null: ");
        assertThat(JsonMapper.shared()
                        .readTree(Files.readAllBytes(out.resolve("naming.json")))
                        .path("rows"))
                .hasSize(3);
        assertThat(NamingTrial.of(session).run(study, options, out).rows()).isEqualTo(table.rows());
        assertThatThrownBy(() -> NamingTrial.of(session).run(study, new NamingTrial.Options(4, 6, 0, 0), out))
                .isInstanceOf(InputException.class);
    }

    @Test
    void givenPromptsAreAnArmOfTheTournament() throws IOException {
        Path study = Files.writeString(folder.resolve("study.json"), """
                {"targets": [{"name": "sad", "class": "prompt", "prompt": "You are a sad cook."},
                             {"name": "rain", "class": "prompt", "prompt": "Rain falls on trains."}]}
                """);
        Path found = Files.writeString(folder.resolve("found.json"), """
                {"elsewhere": {"sad": ["You are a cook."]}}
                """);
        Path out = folder.resolve("out");
        String table = tournament(study, Set.of("dictionary", "gcg"), 10, GivenPrompts.read(found), out);
        assertThat(table).contains("| sad | elsewhere |", "| sad | gcg |", "| rain | gcg |", "| rain | dictionary |");
        assertThat(table).doesNotContain("| rain | elsewhere |");
        assertThat(table.lines().filter(line -> line.startsWith("| sad | elsewhere |")))
                .singleElement()
                .asString()
                .endsWith("| You are a cook. |");
        assertThat(runs(out.resolve("sad/elsewhere.json"))).isEqualTo(1);
        assertThat(runs(out.resolve("sad/gcg.json"))).as("searched and fitted").isBetween(6, 10);
        assertThat(runs(out.resolve("rain/dictionary.json"))).isEqualTo(10);
    }

    @Test
    void whatAnArmFindsDoesNotDependOnTheArmsAndTargetsBefore() throws IOException {
        Path two = Files.writeString(folder.resolve("two.json"), """
                {"targets": [{"name": "rain", "class": "prompt", "prompt": "Rain falls on trains."},
                             {"name": "cook", "class": "prompt", "prompt": "You are a sad cook in the rain."}]}
                """);
        Path one = Files.writeString(folder.resolve("one.json"), """
                {"targets": [{"name": "cook", "class": "prompt", "prompt": "You are a sad cook in the rain."}]}
                """);
        String later = tournament(
                two, Set.of("random", "dictionary", "inversion", "whitened", "named"), folder.resolve("later"));
        String alone = tournament(
                one, Set.of("random", "dictionary", "inversion", "whitened", "named"), folder.resolve("alone"));
        assertThat(rows(alone, "cook")).hasSize(5).isEqualTo(rows(later, "cook"));
        assertThatThrownBy(() -> tournament(one, Set.of("random"), 12, GivenPrompts.none(), folder.resolve("alone")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found changes (runs 10 then, 12 now;");
    }

    @Test
    void plantedPromptsFoundAgainAreCounted() throws IOException {
        Path study = Files.writeString(folder.resolve("planted.json"), """
                {"targets": [{"name": "both", "class": "planted", "mixture": [
                               {"prompt": "You are a sad cook.", "weight": 0.5},
                               {"prompt": "Rain falls on trains.", "weight": 0.5}]},
                             {"name": "cook", "class": "prompt", "prompt": "You are a sad cook in the rain."}]}
                """);
        Path found = Files.writeString(folder.resolve("right.json"), """
                {"half": {"both": ["You are a sad cook.", "Sell me a boat."]},
                 "all": {"both": ["You are a sad cook.", "Rain falls on trains."]}}
                """);
        String table = tournament(study, Set.of("random"), 10, GivenPrompts.read(found), folder.resolve("planted"));
        assertThat(table).contains("| both | half | 0.50 | 0.50 | 0.50 |", "| both | all | 1.00 | 1.00 | 1.00 |");
        assertThat(table).contains("| planted | arm |").doesNotContain("| cook | random | 0.00 | 0.00");
    }

    @Test
    void promptsThatSayTheSameAreListed() throws IOException {
        String known = TinyAtlas.of(session.chat()).entries().getFirst().text();
        Path study = Files.writeString(
                folder.resolve("known.json"),
                "{\"targets\": [{\"name\": \"known\", \"class\": \"prompt\", \"prompt\": \"" + known + "\"}]}");
        Path out = folder.resolve("known");
        String table = tournament(study, Set.of("dictionary"), out);
        JsonNode excluded = JsonMapper.shared()
                .readTree(Files.readAllBytes(out.resolve("known").resolve("excluded.json")));
        assertThat(excluded.path("rule").asString("")).startsWith("half of the content words in common");
        assertThat(excluded.path("prompts").valueStream().map(node -> node.asString("")))
                .contains(known);
        assertThat(table).doesNotContain(known + " |");
    }

    private static int runs(Path row) throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readAllBytes(row))
                .path("runs")
                .asInt(0);
    }

    private String tournament(Path study, Set<String> arms, Path out) {
        return tournament(study, arms, 10, GivenPrompts.none(), out);
    }

    private String tournament(Path study, Set<String> arms, int runs, GivenPrompts given, Path out) {
        return Tournament.of(session)
                .table(study, new Tournament.Options(arms, Set.of(), runs, Double.POSITIVE_INFINITY, given, 0), out);
    }

    private static List<String> rows(String table, String target) {
        return table.lines()
                .filter(line -> line.startsWith("| " + target + " |"))
                .toList();
    }

    @Test
    void givenPromptsThatAreNoneAreRefused() throws IOException {
        assertThatThrownBy(() -> given("[1]"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--given: expected JSON {\"ARM\": {\"TARGET\": [\"PROMPT\", …]}}");
        assertThatThrownBy(() -> given("{\"guided\": {\"sad\": [\"x\"]}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("other than Assay's own, found guided");
        assertThatThrownBy(() -> given("{\"theirs\": {\"sad\": []}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at least one prompt for sad");
        assertThatThrownBy(() -> GivenPrompts.read(folder.resolve("none.json")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found NoSuchFileException");
    }

    private GivenPrompts given(String json) throws IOException {
        return GivenPrompts.read(Files.writeString(folder.resolve("given.json"), json));
    }

    private PredictorTrial.Result predictor(List<Integer> blocks, List<Integer> closing, int heldOut) {
        List<PredictorTrial.Pooling> pooling = blocks.isEmpty()
                ? List.of(PredictorTrial.Pooling.ALL)
                : List.of(PredictorTrial.Pooling.ALL, PredictorTrial.Pooling.LAST);
        return new PredictorTrial(session, new ReadingShelf(folder.resolve("readings")))
                .run(new PredictorTrial.Options(heldOut, 3, blocks, closing, pooling, 0));
    }
}
