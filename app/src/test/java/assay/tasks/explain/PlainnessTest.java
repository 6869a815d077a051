package assay.tasks.explain;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.TinyContexts;
import assay.measure.judge.Judge;
import assay.measure.judge.PlainList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Plain lists of planted mixtures on a tiny random model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlainnessTest {
    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @BeforeAll
    void open() {
        chat = TinyModel.open("untied-bf16");
    }

    @AfterAll
    void close() {
        chat.close();
    }

    @Test
    void aPlainListCostsAtMostAHundredthAndSaysFirstWhatDoesMostAlone() {
        List<HardPrompt> prompts = TinyContexts.prompts(chat);
        Mixture planted = new Mixture(
                "planted",
                List.of(new Mixture.Weighted(prompts.get(0), 0.9), new Mixture.Weighted(prompts.get(3), 0.4)));
        try (TensorScope _ = TensorScope.withoutGradients();
                Decomposer decomposer = new Decomposer(
                        new Runner(chat),
                        planted,
                        split -> TinyContexts.of(chat, split, 10, 4),
                        Decomposer.Options.defaults(1),
                        Decomposer.Listener.NONE)) {
            Decomposition decomposition = decomposer.decompose(prompts, 6);
            Judge judge = new Judge(decomposer, 0);
            Plainness plainness =
                    new Plainness(chat, prompts.stream().map(HardPrompt::text).toList(), Double.MAX_VALUE);
            PlainList plain = plainness.near(decomposition.at(6), prompts, decomposer, judge);
            assertThat(plain.prompts())
                    .extracting(PlainList.Prompt::prompt)
                    .containsExactlyInAnyOrder(
                            prompts.get(0).text(), prompts.get(3).text());
            assertThat(plain.prompts().getFirst().part()).isEqualTo(PlainList.Part.WHAT_IT_IS);
            assertThat(plain.cost()).isBetween(-0.001, Plainness.COST);
            assertThat(plain.saying()).isSortedAccordingTo((a, b) -> Double.compare(b.alone(), a.alone()));
            assertThat(plain.saying().size() + plain.correcting().size())
                    .isEqualTo(plain.prompts().size());
            assertThat(plain.correcting())
                    .allSatisfy(prompt -> assertThat(prompt.weight() < 0 || prompt.alone() < 0.25)
                            .isTrue());
        }
    }

    @Test
    void aWordIsNoneIfNobodyElseUsesItAndItIsSpelledInPieces() {
        Plainness plainness =
                new Plainness(chat, List.of("You love trains.", "Trains love sails.", "Act as a siregeon."), 100);
        assertThat(plainness.hasPseudoWord("You love trains.")).isFalse();
        assertThat(plainness.hasPseudoWord("Act as a siregeon.")).isTrue();
        assertThat(plainness.hasPseudoWord("Is it a cow?")).as("three letters").isFalse();
    }
}
