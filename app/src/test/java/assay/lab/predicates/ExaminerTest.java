package assay.lab.predicates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.base.run.InterruptedRunException;
import assay.base.run.Job;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.TinyAtlas;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.lab.predicates.PredicateEvidence.OnContexts;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.probe.Probe;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Evidence on a predicate from end to end, on a tiny random model: laws, never results.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExaminerTest {
    private static final PredicateOptions SMALL = new PredicateOptions(
            new PredicateOptions.Ordinary(3, 4, 5, 4, 5),
            new PredicateOptions.Special(2, 3, 8, 2, 3, 6),
            3,
            2,
            4,
            2,
            2,
            false);

    private static final PredicateSpec RAIN = new PredicateSpec(
            "rain",
            "Name a cook who talks about rain.",
            "Name a cook.",
            List.of("Ada", "Bob"),
            List.of("Cyd", "Dan", "Eve"),
            "Say {answer}.",
            List.of("It is", ""),
            new PredicateSpec.Turns(
                    List.of("Go.", "Now."),
                    List.of("Well?", "Tell me.", "Begin."),
                    List.of("1?", "2?", "3?", "4?", "5?", "6?", "7?", "8?")));

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

    @Test
    void everythingIsMeasuredOnBothKindsOfContexts() {
        PredicateEvidence evidence = run(0, 1);
        assertThat(evidence.excluded()).isEqualTo(2);
        for (OnContexts contexts : List.of(evidence.ordinary(), evidence.special())) {
            assertThat(contexts.curve()).hasSize(3);
            assertThat(contexts.klBase()).isPositive();
            assertThat(contexts.klCategory()).isPositive();
            assertThat(contexts.sayLinear().value()).isGreaterThan(-0.2);
            double fixed = contexts.curve().getLast().closed().value();
            assertThat(contexts.oracle().value() - fixed).isGreaterThan(-0.01);
            assertThat(contexts.effectiveRank())
                    .isBetween(1.0, (double) chat.model().hidden());
            assertThat(contexts.promptsToReach(-1).orElse(0)).isEqualTo(1);
            assertThat(contexts.promptsToReach(1.01)).isEmpty();
        }
    }

    @Test
    void promptsThatSayThePredicateExplainNothing() {
        List<String> saying = List.of("You are a cook.", "Talk about rain.");
        assertThat(atlas.texts().stream().filter(Exclusion.of(RAIN))).containsExactlyElementsOf(saying);
        Set<String> added = new ConcurrentSkipListSet<>();
        try (Job job = Job.silent();
                Examiner examiner = new Examiner(chat, atlas, SMALL, 0, new Heard(job, added))) {
            examiner.run(RAIN);
        }
        assertThat(added).isNotEmpty().doesNotContainAnyElementsOf(saying).doesNotContain(RAIN.prompt());
    }

    @Test
    void theSameSeedGivesTheSameEvidenceWhateverWasMeasuredBefore() {
        assertThat(run(0, 1)).isEqualTo(run(0, 2));
    }

    @Test
    void anotherSeedGivesOtherEvidence() {
        assertThat(run(1, 1)).isNotEqualTo(run(0, 1));
    }

    @Test
    void anInterruptedOneStopsAtTheNextPrompt() {
        try (Job job = Job.silent();
                Examiner examiner = examiner(job, 0)) {
            job.interruption().request();
            assertThatThrownBy(() -> examiner.run(RAIN)).isInstanceOf(InterruptedRunException.class);
        }
    }

    /// The evidence of the last of so many runs by one object.
    private PredicateEvidence run(long seed, int times) {
        try (Job job = Job.silent();
                Examiner examiner = examiner(job, seed)) {
            for (int i = 1; i < times; i++) {
                examiner.run(RAIN);
            }
            return examiner.run(RAIN);
        }
    }

    private Examiner examiner(Job job, long seed) {
        return new Examiner(chat, atlas, SMALL, seed, new Heard(job, new ConcurrentSkipListSet<>()));
    }

    /// Lets the job be interrupted and notes which prompts were chosen.
    private record Heard(Job job, Set<String> prompts) implements Decomposer.Listener {
        @Override
        public void ran(Probe.Split split) {
            job.check();
        }

        @Override
        public void added(int k, HardPrompt prompt, double weight) {
            prompts.add(prompt.text());
        }

        @Override
        public void measuring(int count) {}
    }
}
