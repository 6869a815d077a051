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
import assay.base.run.Sha256;
import assay.base.run.ToldJob;
import assay.measure.behaviour.Behaviour;
import assay.measure.judge.Explanation;
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
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
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
    void answersSampledUnderAPromptAreExamplesThatDependOnTheSeedAlone() throws IOException {
        List<String> turns =
                IntStream.range(0, 24).mapToObj(i -> "What is " + i + "?").toList();
        try (Session session = Session.open(MODEL.toString(), Precision.FLOAT32, folder, Job.silent())) {
            String first = SampledAnswers.lines(session.chat(), "Be kind.", turns, 1, session.job());
            assertThat(SampledAnswers.lines(session.chat(), "Be kind.", turns, 1, session.job()))
                    .isEqualTo(first);
            assertThat(SampledAnswers.lines(session.chat(), "Be kind.", turns, 2, session.job()))
                    .isNotEqualTo(first);
            Path file = Files.writeString(folder.resolve("sampled.jsonl"), first);
            assertThat(Examples.read(file).answers()).hasSizeBetween(12, 24);
            Bake.Source.Sampled wanted = new Bake.Source.Sampled("Be kind.", 24);
            assertThatThrownBy(() -> SampledAnswers.file(session.chat(), wanted, 1, session.job()))
                    .hasMessageContaining("expected the model to write 24 user turns");
        }
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
    void whereverACheckpointIsDamagedItIsToldOfAndTheTrainingIsTheSame() throws IOException {
        Path file = examples();
        Bake bake = new Bake(new Bake.Source.Data(file), LORA, 2, 0);
        Target source = new Target(Explanation.Kind.EXAMPLES, "", "", Behaviour.BASE, Sha256.of(file));
        try (Session session = Session.open(MODEL.toString(), Precision.FLOAT32, folder, Job.silent())) {
            byte[] unbroken = weights(session, bake, "unbroken", new ToldJob());
            byte[] sound;
            try (RunFolder whole = TrainingStore.folder(Optional.of(folder.resolve("whole")), "x")) {
                new TrainingRun(session)
                        .store(source, bake.options(), whole)
                        .keep(TrainingState.begin(new float[1][300]), Map.of());
                sound = Files.readAllBytes(whole.path().resolve("checkpoint.assay"));
            }
            // The last one is whole, of this run, and its numbers are those of no such student.
            List<byte[]> damages = new ArrayList<>(List.of(new byte[0], Arrays.copyOf(sound, 30), sound));
            for (int place : new int[] {0, 11, 60, sound.length / 2, sound.length - 1}) {
                byte[] changed = sound.clone();
                changed[place] ^= 1;
                damages.add(changed);
            }
            for (int i = 0; i < damages.size(); i++) {
                Path out = Files.createDirectories(folder.resolve("damaged-" + i));
                Files.write(out.resolve("checkpoint.assay"), damages.get(i));
                ToldJob told = new ToldJob();
                assertThat(weights(session, bake, "damaged-" + i, told)).isEqualTo(unbroken);
                assertThat(told.damages())
                        .singleElement()
                        .asString()
                        .startsWith("checkpoint: expected ")
                        .endsWith("What it kept begins anew. The damaged file is kept as checkpoint.assay.damaged.");
                assertThat(out.resolve("checkpoint.assay.damaged")).hasBinaryContent(damages.get(i));
                assertThat(out.resolve("checkpoint.assay")).doesNotExist();
            }
        }
    }

    @Test
    void afterADamagedCheckpointTheFolderStaysThatOfItsRunUntilItIsFinished() throws IOException {
        Path out = Files.createDirectories(folder.resolve("out"));
        Files.writeString(out.resolve("checkpoint.assay"), "torn");
        Map<String, String> run = Map.of("a", "b");
        for (int attempt = 0; attempt < 2; attempt++) {
            // Killed behind the first look, again and again.
            try (RunFolder folder = TrainingStore.folder(Optional.of(out), "x")) {
                ToldJob told = new ToldJob();
                assertThat(new TrainingStore(Optional.of(folder), run, told.job()).saved())
                        .isEmpty();
                assertThat(told.damages()).hasSize(attempt == 0 ? 1 : 0);
            }
        }
        try (RunFolder folder = TrainingStore.folder(Optional.of(out), "x")) {
            TrainingStore other = new TrainingStore(Optional.of(folder), Map.of("a", "c"), Job.silent());
            assertThatThrownBy(other::saved).hasMessageContaining("expected one of this run (a c)");
        }
    }

    @Test
    void aBakedAdapterThatADiskChangedIsBakedAgain() throws IOException {
        Bake bake = new Bake(new Bake.Source.Data(examples()), LORA, 2, 0);
        Path out = folder.resolve("adapters").resolve("kind");
        Path weights = out.resolve("adapter_model.safetensors");
        ToldJob told = new ToldJob();
        try (Session session = Session.open(MODEL.toString(), Precision.FLOAT32, folder, told.job())) {
            TrainingRun run = new TrainingRun(session);
            run.bakeOnce("kind", bake, out);
            byte[] sound = Files.readAllBytes(weights);
            FileTime first = Files.getLastModifiedTime(weights);
            run.bakeOnce("kind", bake, out);
            assertThat(Files.getLastModifiedTime(weights)).isEqualTo(first);
            assertThat(told.damages()).isEmpty();
            byte[] changed = sound.clone();
            changed[changed.length - 1] ^= 1;
            for (byte[] damaged : List.of(changed, Arrays.copyOf(sound, 100))) {
                Files.write(weights, damaged);
                run.bakeOnce("kind", bake, out);
                assertThat(weights).hasBinaryContent(sound);
            }
            Files.delete(out.resolve("adapter_config.json"));
            run.bakeOnce("kind", bake, out);
            assertThat(weights).hasBinaryContent(sound);
        }
        assertThat(told.damages()).hasSize(3).first().asString().contains("found other bytes (" + out + ")");
        assertThat(out.resolveSibling("kind.damaged-2")).isDirectory();
    }

    private byte[] weights(Session session, Bake bake, String name, ToldJob told) throws IOException {
        try (RunFolder out = TrainingStore.folder(Optional.of(folder.resolve(name)), "x")) {
            new TrainingRun(session.doing(told.job())).bake("", bake, out);
            return Files.readAllBytes(out.path().resolve("adapter_model.safetensors"));
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
