package assay.lab.trials;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.run.Job;
import assay.tasks.distil.Distil;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A study from end to end on a tiny random model, of one target made from examples.
class ZooTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void targetsFromExamplesAreAskedForTheirAnswersAndFinishedRowsAreReadUnlessTheyAreDamaged() throws IOException {
        List<String> lines = IntStream.range(0, 20)
                .mapToObj(i -> "{\"user\": \"Question " + i + "?\", \"answer\": \"Answer number " + i + ".\"}")
                .toList();
        Files.write(folder.resolve("examples.jsonl"), lines);
        Path study = Files.writeString(folder.resolve("zoo.json"), """
                {"targets": [{"name": "shown", "class": "skill", "predicted": "fails", "data": "examples.jsonl"}]}
                """);
        List<Zoo.Row> rows = run(study);
        assertThat(rows).extracting(Zoo.Row::target).containsExactly("shown");
        AnswerLikeness skill = rows.getFirst().skill().orElseThrow();
        assertThat(skill.turns()).isEqualTo(4);
        assertThat(skill.another()).isBetween(0.6, 0.7);
        assertThat(Files.readString(folder.resolve("out").resolve("zoo.md")))
                .isEqualTo(Zoo.table(rows))
                .containsPattern("\\| shown \\| 0 \\| 4 \\|");

        assertThat(run(study)).isEqualTo(rows);
        JsonNode document = JsonMapper.shared().readTree(json(rows));
        assertThat(document.path("rows").findValuesAsString("target")).containsExactly("shown");
        assertThat(document.path("provenance").path("hashes").path("model").asString(""))
                .hasSize(64);
        Path row = folder.resolve("out").resolve("shown").resolve("soft-0").resolve("row.json");
        byte[] damaged = Files.readAllBytes(row);
        damaged[damaged.length / 2] ^= 1;
        Files.write(row, damaged);
        Zoo.Row again = run(study).getFirst();
        assertThat(again.found().fidelity()).isEqualTo(rows.getFirst().found().fidelity());
        assertThat(again.skill()).isEqualTo(rows.getFirst().skill());
        assertThat(folder.resolve("out/shown/soft-0.damaged/row.json")).hasBinaryContent(damaged);
        rows = List.of(again);
        forget(folder.resolve("out").resolve("shown").resolve("soft-0").resolve("row.json"));
        List<Zoo.Row> old = run(study);
        assertThat(old.getFirst().skill()).isEmpty();
        assertThat(old.getFirst().found()).isEqualTo(rows.getFirst().found());
        assertThat(Zoo.table(old)).doesNotContain("Likeness");
    }

    /// Makes a row one of a version that did not ask.
    private static void forget(Path row) throws IOException {
        JsonMapper mapper = JsonMapper.shared();
        ObjectNode tree = (ObjectNode) mapper.readTree(Files.readAllBytes(row));
        assertThat(tree.remove("skill")).isNotNull();
        assertThat(tree.remove("crc32c")).isNotNull();
        Files.write(row, mapper.writeValueAsBytes(tree));
    }

    private List<Zoo.Row> run(Path study) {
        Distil.Options distil = Distil.Options.defaults(2, 0).withSteps(2);
        return with(zoo -> zoo.run(study, new Zoo.Options(Set.of(), 2, 1, distil), folder.resolve("out")));
    }

    private String json(List<Zoo.Row> rows) {
        return with(zoo -> zoo.json(rows));
    }

    private <T> T with(Function<Zoo, T> use) {
        Path model = Path.of("src", "test", "resources", "golden", "tiny", "models", "tied");
        try (Job job = Job.silent();
                Session session = Session.open(model.toString(), Precision.FLOAT32, folder, job)) {
            return use.apply(new Zoo(session));
        }
    }
}
