package assay.tasks.distil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.ResourceException;
import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A baking in its folder, on a tiny random model.
class BakeRunTest {
    private static final BakeRun.Form LORA = new BakeRun.Form.Lora(2, 4, List.of("q_proj"));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aSoftPromptOfExamplesIsReportedAsOne() throws IOException {
        bake(new BakeRun.Source.Data(examples()), new BakeRun.Form.Soft(3, "system"));
        JsonNode report = JsonMapper.shared()
                .readTree(Files.readAllBytes(folder.resolve("baked").resolve("report.json")));
        assertThat(report.path("target").path("kind").asString()).isEqualTo("examples");
        assertThat(report.path("distil").path("tokens").asInt()).isEqualTo(3);
        assertThat(report.path("distil").path("student").asString()).isEqualTo("3 soft tokens in the system slot");
        // It starts at words, which is not the base.
        assertThat(report.path("distil").path("untrained").asDouble()).isNotZero();
        assertThat(report.path("distil").path("own").isNull()).isTrue();
    }

    @Test
    void whatItTakesIsSaidBeforeItStarts() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            bake(new BakeRun.Source.Data(examples()), LORA);
        } finally {
            System.setErr(before);
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .containsSubsequence("memory: about", "GB for the model and its training", "training steps");
        assertThat(folder.resolve("baked").resolve("adapter_model.safetensors")).isRegularFile();
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeItStarts() {
        BakeRun.Form endless = new BakeRun.Form.Soft(1_000_000_000, "system");
        assertThatThrownBy(() -> bake(new BakeRun.Source.Prompt("Be kind."), endless))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("memory: expected")
                .hasMessageContaining("GB usable. Take fewer --tokens or a smaller model.");
        assertThat(folder.resolve("baked")).doesNotExist();
    }

    private Path examples() throws IOException {
        List<String> lines = IntStream.range(0, 12)
                .mapToObj(i -> "{\"user\": \"Question " + i + "?\", \"answer\": \"Answer " + i + ".\"}")
                .toList();
        return Files.write(folder.resolve("examples.jsonl"), lines);
    }

    private void bake(BakeRun.Source source, BakeRun.Form form) {
        Path model = Path.of("src", "test", "resources", "golden", "tiny", "models", "tied");
        try (Job job = Job.silent();
                RunFolder baked =
                        RunFolder.resumable(Optional.of(folder.resolve("baked")), "baked", DistilRun.CHECKPOINT);
                Session session = Session.open(model.toString(), Precision.FLOAT32, folder, job)) {
            new BakeRun(session).run("examples", source, form, new BakeRun.Effort(2, 0), baked);
        }
    }
}
