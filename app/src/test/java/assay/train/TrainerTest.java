package assay.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.InputException;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.engine.peft.PeftPrompt;
import assay.measure.behaviour.Runner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Laws of training, on a tiny random model in float32.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainerTest {
    private static final int TOKENS = 3;
    private static final Map<String, String> RUN = Map.of("teacher", "cook", "tokens", "3");

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @SuppressWarnings("NullAway.Init")
    private TrainingSet set;

    @SuppressWarnings("NullAway.Init")
    private SoftStudent student;

    @BeforeAll
    void open() {
        chat = TinyModel.open("untied-bf16");
        set = TinyTrainingSet.of(chat);
        student = new SoftStudent(TOKENS, chat.model().hidden(), PeftPrompt.Place.SYSTEM);
    }

    @AfterAll
    void close() {
        set.close();
        chat.close();
    }

    @Test
    void theGradientOfASoftPromptIsItsSlope() {
        for (PeftPrompt.Place place : List.of(PeftPrompt.Place.SYSTEM, PeftPrompt.Place.PREFIX)) {
            requireSlope(
                    new SoftStudent(TOKENS, chat.model().hidden(), place),
                    TinyTrainingSet.start(chat, TOKENS),
                    0.01,
                    0.03);
        }
    }

    @Test
    void theGradientOfAnAdapterIsItsSlope() {
        LoraStudent lora = LoraStudent.of(chat.model(), List.of("q_proj", "down_proj"), 2, 4);
        float[][] numbers = lora.start(3);
        for (int block = 1; block < numbers.length; block += 2) {
            for (int i = 0; i < numbers[block].length; i++) {
                numbers[block][i] = 0.05f * ((i * 7 + block) % 5 - 2);
            }
        }
        requireSlope(lora, numbers, 0.003, 0.03);
    }

    /// Central difference along the gradient against its squared length.
    private void requireSlope(Student any, float[][] numbers, double step, double tolerance) {
        Runner runner = new Runner(chat);
        try (Objective objective =
                        new Objective(runner.unembedding(), chat.model().dtype());
                Lessons lessons = lessons(runner, objective)) {
            Gradient gradient = new Gradient(runner, any, objective);
            List<Gradient.Taught> all = lessons.ofStep(0, lessons.size(), 1);
            Gradient.Value value = gradient.at(numbers, all);
            double length = value.norm();
            double slope = (gradient.at(moved(numbers, value.blocks(), step / length), all)
                                    .mean()
                            - gradient.at(moved(numbers, value.blocks(), -step / length), all)
                                    .mean())
                    / (2 * step);
            assertThat(slope).isCloseTo(length, within(tolerance * length));
        }
    }

    private Lessons lessons(Runner runner, Objective objective) {
        Teacher teacher =
                new Teacher.Acting(assay.measure.behaviour.HardPrompt.of("You are a cook.", chat.tokenizer()));
        return new Lessons(
                runner,
                objective,
                teacher,
                TrainingSet.lessons(TinyTrainingSet.probe("foreign", 8), TinyTrainingSet.probe("own", 9), runner),
                _ -> {});
    }

    private static float[][] moved(float[][] numbers, float[][] direction, double by) {
        float[][] moved = new float[numbers.length][];
        for (int block = 0; block < numbers.length; block++) {
            moved[block] = numbers[block].clone();
            for (int i = 0; i < moved[block].length; i++) {
                moved[block][i] += (float) (by * direction[block][i]);
            }
        }
        return moved;
    }

    @Test
    void trainingClosesMoreThanItsStartOnUnseenTurns() {
        TrainingState state = TrainingState.begin(TinyTrainingSet.start(chat, TOKENS));
        Trainer trainer = set.trainer(student, TinyTrainingSet.OPTIONS.withSteps(60));
        assertThat(trainer.run(state, _ -> {})).isEqualTo(Trainer.End.FINISHED);
        assertThat(state.counters().bestClosed())
                .isGreaterThan(state.looks().getFirst().closed() + 0.2);
        assertThat(trainer.closed(state.best())).isCloseTo(state.counters().bestClosed(), within(1e-9));
    }

    @Test
    void aTrainingSavedAnywhereGoesOnToTheSameNumbers() throws IOException {
        TrainingState whole = TrainingState.begin(TinyTrainingSet.start(chat, TOKENS));
        List<byte[]> saved = new ArrayList<>();
        set.trainer(student, TinyTrainingSet.OPTIONS).run(whole, state -> saved.add(saved(state)));
        for (int stop : new int[] {1, 5, 11}) {
            Checkpoint checkpoint = Checkpoint.read(new ByteArrayInputStream(saved.get(stop - 1)), RUN, "test");
            assertThat(checkpoint.state().step()).isEqualTo(stop);
            TrainingState rest = checkpoint.state();
            set.trainer(student, TinyTrainingSet.OPTIONS).run(rest, _ -> {});
            assertThat(rest.numbers()).isDeepEqualTo(whole.numbers());
            assertThat(rest.best()).isDeepEqualTo(whole.best());
            assertThat(rest.start()).isDeepEqualTo(TinyTrainingSet.start(chat, TOKENS));
            assertThat(rest.looks())
                    .extracting(TrainingState.Look::closed)
                    .isEqualTo(whole.looks().stream()
                            .map(TrainingState.Look::closed)
                            .toList());
        }
    }

    private static byte[] saved(TrainingState state) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new Checkpoint(RUN, Map.of("note", "kept"), state).write(out);
            return out.toByteArray();
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    @Test
    void aCheckpointOfAnotherRunIsRefused() {
        byte[] bytes = saved(TrainingState.begin(TinyTrainingSet.start(chat, TOKENS)));
        assertThatThrownBy(() -> Checkpoint.read(
                        new ByteArrayInputStream(bytes), Map.of("teacher", "sailor", "tokens", "3"), "here"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected one of this run (teacher sailor)")
                .hasMessageContaining("another (teacher cook)");
    }

    @Test
    void aCheckpointOfPartsOfSeveralTrainingsIsRefused() {
        TrainingState one = TrainingState.begin(new float[2][3]);
        TrainingState other = TrainingState.begin(new float[2][4]);
        byte[] bytes = saved(
                new TrainingState(one.start(), one.numbers(), other.adam(), one.best(), one.counters(), one.looks()));
        assertThatThrownBy(() -> Checkpoint.read(new ByteArrayInputStream(bytes), RUN, "here"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a state of one training, found parts of several");
    }

    @Test
    void aTornOrAlteredCheckpointIsRefused() {
        byte[] bytes = saved(TrainingState.begin(TinyTrainingSet.start(chat, TOKENS)));
        for (int length : new int[] {0, 7, 20, bytes.length / 2, bytes.length - 1}) {
            byte[] torn = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Checkpoint.read(new ByteArrayInputStream(torn), RUN, "here"))
                    .isInstanceOf(InputException.class);
        }
        byte[] altered = bytes.clone();
        altered[bytes.length - 40] ^= 1;
        assertThatThrownBy(() -> Checkpoint.read(new ByteArrayInputStream(altered), RUN, "here"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void aLossThatIsNoNumberEndsTheTrainingAndKeepsTheBest() {
        TrainingState state = TrainingState.begin(TinyTrainingSet.start(chat, TOKENS));
        Trainer trainer = set.trainer(student, TinyTrainingSet.OPTIONS);
        Trainer.End end = trainer.run(state, now -> {
            if (now.step() == 4) {
                now.numbers()[0][0] = Float.NaN;
            }
        });
        assertThat(end).isEqualTo(Trainer.End.DIVERGED);
        assertThat(state.step()).isEqualTo(4);
        for (float value : state.best()[0]) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void trainingThatDoesNotImproveStopsEarly() {
        Trainer.Options still = new Trainer.Options(4, 500, 0, 2, 1, 1, 4, 5);
        TrainingState state = TrainingState.begin(TinyTrainingSet.start(chat, TOKENS));
        assertThat(set.trainer(student, still).run(state, _ -> {})).isEqualTo(Trainer.End.STOPPED);
        assertThat(state.step()).isEqualTo(4);
        assertThat(state.bestStep()).isZero();
    }

    @Test
    void everyEpochGoesThroughAllLessonsInItsOwnOrder() {
        Runner runner = new Runner(chat);
        try (Objective objective =
                        new Objective(runner.unembedding(), chat.model().dtype());
                Lessons lessons = lessons(runner, objective)) {
            List<Integer> first = epoch(lessons, 0);
            assertThat(new HashSet<>(first)).hasSize(8);
            assertThat(epoch(lessons, 2))
                    .containsExactlyInAnyOrderElementsOf(first)
                    .isNotEqualTo(first);
            assertThat(epoch(lessons, 0)).isEqualTo(first);
        }
    }

    private static List<Integer> epoch(Lessons lessons, int from) {
        List<Integer> turns = new ArrayList<>();
        for (int step = from; step < from + 2; step++) {
            lessons.ofStep(step, 4, 1)
                    .forEach(taught ->
                            turns.add(taught.lesson().contexts().getFirst().turn()));
        }
        return turns;
    }

    @Test
    void nothingOfTheTestSplitIsLearntFrom() {
        Set<String> fit = new HashSet<>();
        Runner runner = new Runner(chat);
        for (TrainingSet.Lesson lesson :
                TrainingSet.lessons(TinyTrainingSet.probe("foreign", 8), TinyTrainingSet.probe("own", 9), runner)) {
            lesson.contexts().forEach(context -> fit.add(Arrays.toString(context.tail())));
        }
        for (HeldOut held : List.of(set.search(), set.foreignTest(), set.ownTest())) {
            assertThat(held.contexts()).isNotEmpty();
            held.contexts().forEach(context -> assertThat(fit).doesNotContain(Arrays.toString(context.tail())));
        }
    }

    @Test
    void trainingLeavesNoNativeMemoryBehind() {
        Trainer trainer = set.trainer(student, TinyTrainingSet.OPTIONS);
        trainer.run(TrainingState.begin(TinyTrainingSet.start(chat, TOKENS)), _ -> {});
        long pointers = Pointer.totalCount();
        for (int i = 0; i < 5; i++) {
            trainer.run(TrainingState.begin(TinyTrainingSet.start(chat, TOKENS)), _ -> {});
        }
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(pointers);
    }
}
