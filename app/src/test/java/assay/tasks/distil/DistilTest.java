package assay.tasks.distil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.InputException;
import assay.base.run.InterruptedRunException;
import assay.base.run.Job;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.TinyAtlas;
import assay.discover.search.TargetSearch;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.engine.peft.PeftPrompt;
import assay.measure.behaviour.HardPrompt;
import assay.measure.judge.Claim;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.measure.probe.Probe;
import assay.tasks.explain.BySoftPrompt;
import assay.tasks.explain.Explain;
import assay.tasks.session.Target;
import assay.train.Checkpoint;
import assay.train.Trainer;
import assay.train.TrainingSet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Laws of a distillation from end to end, on a tiny random model: one of its prompts teaches.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DistilTest {
    private static final Trainer.Options TRAINING = new Trainer.Options(4, 20, 0.03, 2, 1, 5, 50, 3);
    private static final Distil.Options SMALL =
            new Distil.Options(4, PeftPrompt.Place.SYSTEM, TRAINING, 2, List.of(1, 8));

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

    /// Keeps a checkpoint as bytes; asks for a stop when told to.
    private static final class InMemory implements TrainingStore {
        private byte @Nullable [] kept;

        @Override
        public Map<String, String> run() {
            return Map.of("run", "test");
        }

        @Override
        public Optional<Checkpoint> saved() {
            byte[] bytes = kept;
            return bytes == null
                    ? Optional.empty()
                    : Optional.of(Checkpoint.read(new ByteArrayInputStream(bytes), run(), "memory"));
        }

        @Override
        public void save(Checkpoint checkpoint) {
            try {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                checkpoint.write(out);
                kept = out.toByteArray();
            } catch (IOException impossible) {
                throw new java.io.UncheckedIOException(impossible);
            }
        }
    }

    @Test
    void trainingAddsToItsStartAndStartsAreReported() {
        Distillation found = distil(SMALL, new InMemory(), Job.silent()).found();
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
        Distillation found = distil(SMALL, new InMemory(), Job.silent()).found();
        assertThat(found.fidelity().bestPrompt().value()).isCloseTo(1, within(1e-6));
        assertThat("You are a cook.")
                .startsWith(found.training().starts().getFirst().text());
    }

    @Test
    void aStoppedDistillationGoesOnToTheSameNumbers() {
        Distil.Options options = SMALL.sweeping(List.of());
        Distil.Trained whole = distil(options, new InMemory(), Job.silent());
        InMemory savings = new InMemory();
        Job job = Job.silent();
        assertThatThrownBy(() -> distil(options, savings, job, 7, Optional.of(atlas)))
                .isInstanceOf(InterruptedRunException.class);
        assertThat(savings.saved().orElseThrow().state().step()).isEqualTo(7);
        // Without its atlas: nothing about its starts is worked out again.
        Distil.Trained resumed = distil(options, savings, Job.silent(), Integer.MAX_VALUE, Optional.empty());
        assertThat(resumed.embeddings()).isEqualTo(whole.embeddings());
        assertThat(resumed.found().fidelity()).isEqualTo(whole.found().fidelity());
        assertThat(resumed.found().training().starts())
                .isEqualTo(whole.found().training().starts());
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
        distil(options, new InMemory(), Job.silent());
        long pointers = Pointer.totalCount();
        for (int i = 0; i < 5; i++) {
            distil(options, new InMemory(), Job.silent());
        }
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(pointers);
    }

    private Distil.Trained distil(Distil.Options options, TrainingStore savings, Job job) {
        return distil(options, savings, job, Integer.MAX_VALUE, Optional.of(atlas));
    }

    /// @param stop the training step at which a stop is asked for
    /// @param known the atlas its starts come from
    private Distil.Trained distil(
            Distil.Options options, TrainingStore savings, Job job, int stop, Optional<Atlas> known) {
        Curriculum curriculum = curriculum();
        try (TensorScope _ = TensorScope.withoutGradients();
                TrainingSet school = curriculum.school(teacher().behaviour(), chat, job)) {
            Starts starts = new Starts(chat, school, teacher().behaviour(), known, job);
            return new Distil(chat, curriculum, school, starts, job, step -> {
                        if (step == stop) {
                            job.interruption().request();
                        }
                    })
                    .run(teacher(), options, savings);
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
