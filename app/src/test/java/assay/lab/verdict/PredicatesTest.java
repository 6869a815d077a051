package assay.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.base.run.InterruptedRunException;
import assay.base.run.Job;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.TinyAtlas;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.lab.predicates.PredicateEvidence;
import assay.lab.predicates.PredicateEvidence.OnContexts;
import assay.lab.predicates.PredicateOptions;
import assay.lab.predicates.PredicateSpec;
import assay.measure.behaviour.WeightedPrompt;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Evidence on a predicate from end to end, on a tiny random model: laws, never results.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredicatesTest {
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
        assertThat(evidence.excluded().first()).containsExactly("You are a cook.", "Talk about rain.");
        assertThat(evidence.excluded().count()).isEqualTo(2);
        assertThat(evidence.ability().contexts()).isEqualTo(4);
        for (OnContexts contexts : List.of(evidence.ordinary(), evidence.special())) {
            assertThat(contexts.curve()).hasSize(3);
            assertThat(contexts.mixture())
                    .extracting(WeightedPrompt::prompt)
                    .doesNotContain("You are a cook.", "Talk about rain.", RAIN.prompt());
            assertThat(contexts.divergence().base()).isPositive();
            assertThat(contexts.divergence().categoryClosed().value())
                    .isCloseTo(
                            1
                                    - contexts.divergence().category()
                                            / contexts.divergence().base(),
                            within(1e-9));
            assertThat(contexts.pools().linearGain().value())
                    .isCloseTo(
                            contexts.pools().linear().value()
                                    - contexts.pools().log().value(),
                            within(1e-9));
            assertThat(contexts.pools().linear().value()).isGreaterThan(-0.2);
            assertThat(contexts.oracle().gain().value()).isGreaterThan(-0.01);
            assertThat(contexts.rank().divergence().effective()).isBetween(1.0, (double)
                    Math.min(contexts.rank().places(), contexts.rank().width()));
            assertThat(contexts.promptsToReach(-1).orElse(0)).isEqualTo(1);
            assertThat(contexts.promptsToReach(1.01)).isEmpty();
        }
        assertThat(evidence.ordinary().effort().ownPlaces()).isZero();
        assertThat(evidence.special().effort().ownPlaces()).isPositive();
        assertThat(evidence.special().effort().testTurns()).isEqualTo(8);
        assertThat(evidence.ordinary().effort().candidates()).isEqualTo(5);
        assertThat(evidence.special().effort().candidates()).isEqualTo(8);
    }

    @Test
    void theSameSeedGivesTheSameEvidenceWhateverWasMeasuredBefore() {
        assertThat(run(0, 1)).isEqualTo(run(0, 2));
    }

    @Test
    void anotherSeedMayBeAskedOfTheSameObject() {
        try (Job job = Job.silent();
                Predicates predicates = new Predicates(chat, atlas, SMALL, job)) {
            PredicateEvidence other = predicates.run(RAIN, 1);
            assertThat(predicates.run(RAIN, 0)).isEqualTo(run(0, 1)).isNotEqualTo(other);
        }
    }

    @Test
    void anInterruptedOneStopsAtTheNextPrompt() {
        try (Job job = Job.silent();
                Predicates predicates = new Predicates(chat, atlas, SMALL, job)) {
            job.interruption().request();
            assertThatThrownBy(() -> predicates.run(RAIN, 0)).isInstanceOf(InterruptedRunException.class);
        }
    }

    /// The evidence of the last of so many runs by one object.
    private PredicateEvidence run(long seed, int times) {
        try (Job job = Job.silent();
                Predicates predicates = new Predicates(chat, atlas, SMALL, job)) {
            for (int i = 1; i < times; i++) {
                predicates.run(RAIN, seed);
            }
            return predicates.run(RAIN, seed);
        }
    }
}
