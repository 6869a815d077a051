package assay.lab.predicates;

import static org.assertj.core.api.Assertions.assertThat;

import assay.discover.atlas.Atlas;
import assay.discover.atlas.TinyAtlas;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.lab.predicates.PredicateEvidence.OnContexts;
import assay.measure.decompose.TinyContexts;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The instrument's own test: a predicate whose prompt is in the atlas, once allowed and once left out.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlantedPredicateTest {
    private static final PredicateOptions SMALL = new PredicateOptions(
            new PredicateOptions.Ordinary(3, 4, 4, 3, 6),
            new PredicateOptions.Special(1, 2, 3, 2, 3, 6),
            2,
            2,
            4,
            2,
            1,
            false);

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

    private PredicateEvidence run(PredicateOptions options, String prompt) {
        try (Examiner examiner = new Examiner(chat, atlas, options, 0, new TinyContexts.Heard())) {
            return examiner.run(TinyPredicate.of(prompt, List.of("It is", "")));
        }
    }

    @Test
    void thePredicatesOwnPromptExplainsItWhereItMay() {
        PredicateEvidence evidence = run(SMALL.withTruth(), "Be sad.");
        assertThat(evidence.excluded()).isZero();
        for (OnContexts contexts : List.of(evidence.ordinary(), evidence.special())) {
            assertThat(contexts.promptsToReach(0.99)).hasValue(1);
        }
    }

    @Test
    void andIsLeftOutWhereItMayNot() {
        PredicateEvidence evidence = run(SMALL, "Be sad.");
        assertThat(evidence.excluded()).isEqualTo(1);
        for (OnContexts contexts : List.of(evidence.ordinary(), evidence.special())) {
            assertThat(contexts.promptsToReach(0.99)).isEmpty();
        }
    }

    @Test
    void whatSharesAWordIsLeftOutAsWellAndCounted() {
        Exclusion exclusion = Exclusion.of(TinyPredicate.of("Rain on the trains.", List.of("")));
        assertThat(atlas.indices(exclusion)).hasSize(2);
        assertThat(atlas.indices(Exclusion.NOTHING)).isEmpty();
    }
}
