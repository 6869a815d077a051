package assay.tasks.distil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.RealModel;
import assay.base.run.Job;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasShelf;
import assay.engine.model.ChatModel;
import assay.engine.peft.PeftPrompt;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.LoraAdapter;
import assay.measure.behaviour.SoftPrompt;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import assay.tasks.session.Precision;
import assay.tasks.session.Target;
import assay.train.LoraStudent;
import assay.train.Teacher;
import assay.train.TrainingSet;
import assay.train.TrainingState;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Distilling and baking on the real model, with the atlas's own few user turns to learn from: short, so far
/// below what the commands reach.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DistilAcceptanceTest {
    @SuppressWarnings("NullAway.Init")
    private TensorScope scope;

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @SuppressWarnings("NullAway.Init")
    private Atlas atlas;

    @BeforeAll
    void open() {
        scope = TensorScope.withoutGradients();
        chat = ChatModel.open("smollm2-135m", RealModel.path(), Precision.AUTO.dtype());
        atlas = new AtlasShelf(Path.of("..", "atlas"), Path.of("no-such-folder"), "smollm2-135m")
                .find(chat)
                .atlas();
    }

    @AfterAll
    void close() {
        chat.close();
        scope.close();
    }

    @Test
    void theBundledAdapterBecomesASoftPromptThatComesBackFromItsFolder(@TempDir Path folder) {
        LoraAdapter adapter = LoraAdapter.open(Path.of("..", "examples", "adapters", "pirate"), chat);
        Target teacher = new Target(Explanation.Kind.LORA, adapter.name(), adapter.description(), adapter, "0");
        Distil.Options options = Distil.Options.defaults(16, 0).withSteps(25);
        try (Job job = Job.silent();
                Distil distil = Distil.of(teacher, curriculum(teacher), chat, Optional.of(atlas), job)) {
            Distil.Trained trained = distil.run(options, TrainingStore.nowhere());
            Distillation.Fidelity fidelity = trained.found().fidelity();
            System.out.println("pirate adapter, 16 soft tokens, 25 steps of 32 turns: " + fidelity);
            assertThat(fidelity.foreign().value()).isGreaterThanOrEqualTo(0.75);
            assertThat(fidelity.foreign().value())
                    .isGreaterThan(fidelity.untrained().value() + 0.03);
            assertThat(fidelity.own().value()).isGreaterThanOrEqualTo(0.7);
            trained.save(folder);
            PeftPrompt read = PeftPrompt.read(folder, chat.model().hidden());
            SoftPrompt back = new SoftPrompt("back", "", read.embeddings(), read.place());
            assertThat(new DistilJudge(distil.set(), assay.base.sparse.Bootstrap.defaults(0))
                            .foreign(back)
                            .value())
                    .isCloseTo(fidelity.foreign().value(), within(1e-9));
        }
    }

    @Test
    void aPromptCanBeBakedIntoAnAdapter() {
        HardPrompt prompt = HardPrompt.of("You are a depressed robot who hates its job.", chat.tokenizer());
        Target teacher = new Target(Explanation.Kind.PROMPT, prompt.text(), "a prompt", prompt, "0");
        LoraStudent student = LoraStudent.of(chat.model(), List.of("q_proj", "v_proj"), 8, 16);
        try (Job job = Job.silent();
                TrainingSet set = curriculum(teacher).trainingSet(new Teacher.Acting(prompt), chat, job)) {
            TrainingState state = TrainingState.begin(student.start(0));
            StudentForm form = new StudentForm.Lora(8, 16, List.of("q_proj", "v_proj"));
            Bake bake = new Bake(new Bake.Source.Prompt(prompt.text()), form, 20, 0);
            set.trainer(student, bake.options().training()).run(state, _ -> {});
            assertThat(state.looks().getFirst().closed()).isCloseTo(0, within(1e-3));
            assertThat(state.looks()).anyMatch(look -> look.closed() >= 0.6);
        }
    }

    @Test
    void answersSampledUnderAPromptAreWrittenOnceAndCanBeLearnt() {
        Bake.Source.Sampled wanted = new Bake.Source.Sampled("You are a pirate.", 20);
        try (Job job = Job.silent()) {
            Path file = SampledAnswers.file(chat, wanted, 9, job);
            Examples examples = Examples.read(file);
            assertThat(examples.answers()).hasSizeBetween(18, 20);
            assertThat(examples.answers().values())
                    .anyMatch(answer -> answer.matches("(?is).*\\b(ahoy|arr+|matey|captain|ship|treasure|seas?)\\b.*"));
            assertThat(SampledAnswers.file(chat, wanted, 9, job)).isEqualTo(file);
        }
    }

    private Curriculum curriculum(Target teacher) {
        Probe own = new ProbeMaker(chat).ownToLearnFrom(atlas.probe(), teacher.behaviour(), 0);
        return new Curriculum(atlas.probe(), own);
    }
}
