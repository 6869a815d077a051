package assay.tasks.distil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.InterruptedRunException;
import assay.base.run.Interruption;
import assay.base.run.Job;
import assay.base.run.Progress;
import assay.base.run.RunFolder;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import assay.train.TrainingState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A training in its folder, on a tiny random model.
class TrainingRunTest {
    private static final StudentForm LORA = new StudentForm.Lora(2, 4, List.of("q_proj"));

    private static final Path MODEL = Path.of("src", "test", "resources", "golden", "tiny", "models", "tied");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aSoftPromptOfExamplesIsReportedAsOne() throws IOException {
        bake(new Bake.Source.Data(examples()), new StudentForm.Soft(3, "system"));
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
            bake(new Bake.Source.Data(examples()), LORA);
        } finally {
            System.setErr(before);
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .containsSubsequence("memory: about", "GB for the model and its training", "training steps");
        assertThat(folder.resolve("baked").resolve("adapter_model.safetensors")).isRegularFile();
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeItStarts() {
        StudentForm endless = new StudentForm.Soft(1_000_000_000, "system");
        assertThatThrownBy(() -> bake(new Bake.Source.Prompt("Be kind."), endless))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("memory: expected")
                .hasMessageContaining("GB usable. Take fewer --tokens or a smaller model.");
        assertThat(folder.resolve("baked")).doesNotExist();
    }

    @Test
    void aFolderBegunWithOtherSettingsIsRefused() {
        Bake.Source kind = new Bake.Source.Prompt("Be kind.");
        try (Job job = Job.silent();
                RunFolder baked = TrainingStore.folder(Optional.of(folder.resolve("baked")), "baked");
                Session session = Session.open(MODEL.toString(), Precision.FLOAT32, folder, job)) {
            TrainingRun run = new TrainingRun(session);
            Target target = session.prompt("Be kind.");
            Distil.Options begun = new Bake(kind, LORA, 2, 0).options();
            job.interruption().request();
            assertThatThrownBy(() -> run.store(target, begun, baked)
                            .after(TrainingState.begin(new float[][] {{1}}), Map.of(), job))
                    .isInstanceOf(InterruptedRunException.class);
            assertThat(run.store(target, begun, baked).saved()).isPresent();
            requireRefused(
                    "source", () -> run.bake("", new Bake(new Bake.Source.Prompt("Be sad."), LORA, 2, 0), baked));
            StudentForm wider = new StudentForm.Lora(3, 4, List.of("q_proj"));
            requireRefused("form", () -> run.bake("", new Bake(kind, wider, 2, 0), baked));
            requireRefused("training", () -> run.bake("", new Bake(kind, LORA, 3, 0), baked));
            requireRefused("training", () -> run.bake("", new Bake(kind, LORA, 2, 1), baked));
            requireRefused("command", () -> run.distil(target, Distil.Options.defaults(2, 0), baked));
        }
    }

    @Test
    void aFolderOfAnotherDistillationIsRefused() {
        try (Job job = Job.silent();
                RunFolder soft = TrainingStore.folder(Optional.of(folder.resolve("soft")), "soft");
                Session session = Session.open(MODEL.toString(), Precision.FLOAT32, folder, job)) {
            TrainingRun run = new TrainingRun(session);
            Target target = session.prompt("Be kind.");
            Distil.Options begun = Distil.Options.defaults(2, 0);
            job.interruption().request();
            assertThatThrownBy(() -> run.store(target, begun, soft)
                            .after(TrainingState.begin(new float[][] {{1}}), Map.of(), job))
                    .isInstanceOf(InterruptedRunException.class);
            requireRefused("teacher", () -> run.distil(session.prompt("Be sad."), begun, soft));
            requireRefused("tokens", () -> run.distil(target, Distil.Options.defaults(3, 0), soft));
            requireRefused("slot", () -> run.distil(target, begun.in("prefix"), soft));
            requireRefused("training", () -> run.distil(target, begun.withSteps(3), soft));
        }
    }

    private static void requireRefused(String field, ThrowingCallable run) {
        assertThatThrownBy(run)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("checkpoint: expected one of this run (" + field + " ")
                .hasMessageContaining("Name another --out, or give the options it was begun with.");
    }

    private Path examples() throws IOException {
        List<String> lines = IntStream.range(0, 12)
                .mapToObj(i -> "{\"user\": \"Question " + i + "?\", \"answer\": \"Answer " + i + ".\"}")
                .toList();
        return Files.write(folder.resolve("examples.jsonl"), lines);
    }

    private void bake(Bake.Source source, StudentForm form) {
        try (Job job = new Job(Progress.terminal(), Interruption.manual(), System.nanoTime());
                RunFolder baked = TrainingStore.folder(Optional.of(folder.resolve("baked")), "baked");
                Session session = Session.open(MODEL.toString(), Precision.FLOAT32, folder, job)) {
            new TrainingRun(session).bake("examples", new Bake(source, form, 2, 0), baked);
        }
    }
}
