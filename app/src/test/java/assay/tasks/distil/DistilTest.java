package assay.tasks.distil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.InputException;
import assay.base.run.InterruptedRunException;
import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.TinyAtlas;
import assay.discover.search.TargetSearch;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.HardPrompt;
import assay.measure.judge.Claim;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.measure.probe.Probe;
import assay.tasks.explain.BySoftPrompt;
import assay.tasks.explain.Explain;
import assay.tasks.session.Target;
import assay.train.Trainer;
import assay.train.TrainingState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Laws of a distillation from end to end, on a tiny random model: one of its prompts teaches.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DistilTest {
    private static final Trainer.Options TRAINING = new Trainer.Options(4, 20, 0.03, 2, 1, 5, 50, 3);
    private static final Distil.Options SMALL =
            new Distil.Options(Distil.Purpose.DISTIL, new StudentForm.Soft(4, "system"), TRAINING, 2, List.of(1, 8));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @SuppressWarnings("NullAway.Init")
    private Atlas atlas;

    @BeforeAll
    void open() {
        chat = TinyModel.open("untied-bf16");
        atlas = TinyAtlas.of(chat);
    }

    @AfterAll
    void close() {
        chat.close();
    }

    /// Asks for a stop at one step.
    private static final class Stopping extends TrainingStore {
        private final int stop;

        Stopping(RunFolder folder, int stop) {
            super(Optional.of(folder), Map.of("run", "test"), Job.silent());
            this.stop = stop;
        }

        @Override
        void after(TrainingState state, Map<String, String> notes, Job job) {
            if (state.step() == stop) {
                job.interruption().request();
            }
            super.after(state, notes, job);
        }
    }

    @Test
    void trainingAddsToItsStartAndStartsAreReported() {
        Distillation found = distil(SMALL).found();
        assertThat(found.training().starts())
                .extracting(Distillation.Start::kind)
                .containsExactly("explained", "text", "vocabulary", "random");
        assertThat(found.training().starts().stream().filter(Distillation.Start::chosen))
                .hasSize(1);
        assertThat(found.fidelity().foreign().value())
                .isGreaterThan(found.fidelity().untrained().value());
        assertThat(found.sweep()).extracting(Distillation.Length::tokens).containsExactly(1, 8);
        assertThat(found.remains()).hasSize(8);
        assertThat(found.mechanism()).hasSize(chat.model().layers());
        assertThat(found.training().splits()).hasSize(6);
        assertThat(found.verdict().claim()).isEqualTo(Claim.S1);
    }

    @Test
    void theBestReadablePromptIsTheTeacherItselfWhenTheAtlasHoldsIt() {
        Distillation found = distil(SMALL).found();
        assertThat(found.fidelity().bestPrompt().value()).isCloseTo(1, within(1e-6));
        assertThat("You are a cook.")
                .startsWith(found.training().starts().getFirst().text());
    }

    @Test
    void aStoppedDistillationGoesOnToTheSameNumbers() {
        requireSameAfterAStop(SMALL.sweeping(List.of()));
    }

    @Test
    void aStoppedBakingOfAnAdapterGoesOnToTheSameNumbers() {
        Distil.Trained whole = requireSameAfterAStop(baking(new StudentForm.Lora(2, 4, List.of("q_proj"))));
        // It began as the base, which closes nothing.
        assertThat(whole.found().fidelity().untrained().value()).isZero();
        assertThat(whole.found().subject().student()).startsWith("LoRA r=2 on ");
        assertThat(whole.found().verdict().claim()).isEqualTo(Claim.BAKED);
    }

    @Test
    void aStoppedBakingOfASoftPromptGoesOnToTheSameNumbers() {
        Distil.Trained whole = requireSameAfterAStop(baking(new StudentForm.Soft(3, "prefix")));
        assertThat(whole.found().fidelity().untrained().value()).isNotZero();
        assertThat(whole.found().subject().tokens()).isEqualTo(3);
        assertThat(whole.found().training().starts()).isEmpty();
    }

    @Test
    void theNumbersThatAreKeptCloseMostOnTheSearchSplit() {
        for (StudentForm form :
                List.of(new StudentForm.Lora(2, 4, List.of("q_proj")), new StudentForm.Soft(3, "system"))) {
            Distillation.Training training = distil(baking(form)).found().training();
            double most = training.curve().stream()
                    .mapToDouble(Distillation.Point::closed)
                    .max()
                    .orElseThrow();
            assertThat(training.curve().stream()
                            .filter(point -> point.step() == training.chosenStep())
                            .mapToDouble(Distillation.Point::closed))
                    .containsExactly(most);
        }
    }

    private static Distil.Options baking(StudentForm form) {
        return new Distil.Options(Distil.Purpose.BAKE, form, TRAINING, 0, List.of());
    }

    private Distil.Trained requireSameAfterAStop(Distil.Options options) {
        Distil.Trained whole = distil(options);
        try (RunFolder run = TrainingStore.folder(Optional.of(folder), "test")) {
            Job job = Job.silent();
            TrainingStore store = new Stopping(run, 7);
            assertThatThrownBy(() -> distil(options, store, job, Optional.of(atlas)))
                    .isInstanceOf(InterruptedRunException.class);
            assertThat(store.saved().orElseThrow().state().step()).isEqualTo(7);
            // Without its atlas: nothing about its starts is worked out again.
            Distil.Trained resumed =
                    distil(options, new Stopping(run, Integer.MAX_VALUE), Job.silent(), Optional.empty());
            assertThat(resumed.numbers()).isDeepEqualTo(whole.numbers());
            assertThat(resumed.found().fidelity()).isEqualTo(whole.found().fidelity());
            assertThat(resumed.found().training().starts())
                    .isEqualTo(whole.found().training().starts());
        }
        return whole;
    }

    @Test
    void moreTokensThanTheContextHoldsAreRefused() {
        assertThatThrownBy(() -> curriculum().requireRoom(chat.model().maxPositions(), chat))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--tokens: expected at most");
    }

    @Test
    void aChainIsMeasuredOnOneSetOfContexts() {
        try (Job job = Job.silent();
                TensorScope _ = TensorScope.withoutGradients()) {
            BySoftPrompt.Both both = new BySoftPrompt(chat, atlas, job)
                    .run(
                            teacher(),
                            curriculum(),
                            new Explain.Options(3, 6, 6, 2, TargetSearch.Budget.NONE, 0),
                            SMALL.sweeping(List.of()));
            // Float32 products of other sizes round differently in the last digits.
            assertThat(both.chain().direct().value())
                    .isCloseTo(
                            both.explanation()
                                    .curve()
                                    .at(both.explanation().curve().chosen())
                                    .closed()
                                    .value(),
                            within(1e-5));
            assertThat(both.chain().nats().base())
                    .isCloseTo(both.explanation().divergence().foreign(), within(1e-5));
            assertThat(both.chain().soft().value())
                    .isCloseTo(
                            1 - both.chain().nats().soft() / both.chain().nats().base(), within(1e-6));
            assertThat(both.chain().ofSoft().subject().kind()).isEqualTo(Explanation.Kind.SOFT);
        }
    }

    @Test
    void distillationsLeaveNoNativeMemoryBehind() {
        Distil.Options options = SMALL.sweeping(List.of());
        distil(options);
        long pointers = Pointer.totalCount();
        for (int i = 0; i < 5; i++) {
            distil(options);
        }
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(pointers);
    }

    private Distil.Trained distil(Distil.Options options) {
        return distil(options, TrainingStore.nowhere(), Job.silent(), Optional.of(atlas));
    }

    /// @param known the atlas its starts come from
    private Distil.Trained distil(Distil.Options options, TrainingStore store, Job job, Optional<Atlas> known) {
        try (TensorScope _ = TensorScope.withoutGradients();
                Distil distil = Distil.of(teacher(), curriculum(), chat, known, job)) {
            return distil.run(options, store);
        }
    }

    private Target teacher() {
        HardPrompt prompt = HardPrompt.of("You are a cook.", chat.tokenizer());
        return new Target(Explanation.Kind.LORA, "cook", "a prompt in disguise", prompt, "0");
    }

    private Curriculum curriculum() {
        return new Curriculum(atlas.probe(), own());
    }

    private Probe own() {
        SplittableRandom random = new SplittableRandom(17);
        List<int[]> answers = new ArrayList<>();
        atlas.probe().turns().forEach(_ -> answers.add(random.ints(5, 40, 200).toArray()));
        return atlas.probe().withAnswers("own", "cook", answers);
    }
}
