package assay.tasks.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.InputException;
import assay.base.run.Job;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.TinyAtlas;
import assay.discover.search.TargetSearch;
import assay.engine.model.ChatModel;
import assay.engine.model.ModelGolden;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.LoraAdapter;
import assay.measure.behaviour.Mixture;
import assay.measure.judge.Explanation;
import assay.tasks.session.Target;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What one behaviour has and another has not, with the truth planted.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgainstTest {
    private static final Explain.Options SMALL = new Explain.Options(2, 12, 6, 2, TargetSearch.Budget.NONE, 0);

    @SuppressWarnings("NullAway.Init")
    private TensorScope scope;

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @SuppressWarnings("NullAway.Init")
    private Atlas atlas;

    @BeforeAll
    void open() {
        scope = TensorScope.withoutGradients();
        chat = TinyModel.open("untied-bf16");
        atlas = TinyAtlas.of(chat);
    }

    @AfterAll
    void close() {
        chat.close();
        scope.close();
    }

    private Target target(String name) {
        LoraAdapter adapter = LoraAdapter.open(ModelGolden.path("tiny/adapters/" + name), chat);
        return new Target(Explanation.Kind.LORA, name, adapter.description(), adapter, name);
    }

    private Target moved(Behaviour ground) {
        Mixture mixture = new Mixture(
                "moved",
                ground,
                List.of(
                        new Mixture.Weighted(HardPrompt.of("You are a cook.", chat.tokenizer()), 0.7),
                        new Mixture.Weighted(HardPrompt.of("Talk about rain.", chat.tokenizer()), 0.5)));
        return new Target(Explanation.Kind.MIXTURE, "moved", "an adapter and prompts", mixture, "0");
    }

    private Explanation explain(Target target) {
        try (Job job = Job.silent()) {
            return new Explain(chat, atlas, job).run(target, SMALL);
        }
    }

    /// One adapter of blocks, one of the head with them, one with whole matrices.
    @ParameterizedTest
    @ValueSource(strings = {"rank-stabilised", "head", "saved-modules"})
    void anAdapterAndPromptsAgainstTheAdapterAreThePrompts(String name) {
        Target adapter = target(name);
        Explanation explanation = explain(moved(adapter.behaviour()).against(adapter));
        assertThat(explanation.mixture())
                .extracting(Explanation.Atom::prompt)
                .containsExactly("You are a cook.", "Talk about rain.");
        assertThat(explanation.mixture().get(0).weight()).isCloseTo(0.7, within(0.03));
        assertThat(explanation.mixture().get(1).weight()).isCloseTo(0.5, within(0.03));
        assertThat(explanation.curve().at(2).closed().value()).isGreaterThan(0.99);
        assertThat(explanation.subject().against()).contains(name);
        assertThat(explanation.subject().name()).isEqualTo("moved against " + name);
        Explanation.SampleAnswer sample = explanation.illustration().samples().getFirst();
        assertThat(sample.base()).isNotEqualTo(sample.target());
    }

    @Test
    void againstTheBaseItIsTheUsualExplanation() {
        Explanation usual = explain(moved(Behaviour.BASE));
        assertThat(usual.subject().against()).isEmpty();
        assertThat(usual.mixture()).extracting(Explanation.Atom::prompt).contains("You are a cook.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "saved-modules"})
    void anAdapterWithAHeadOfItsOwnIsExplained(String name) {
        Explanation explanation = explain(target(name));
        assertThat(explanation.divergence().foreign()).isGreaterThan(0);
        assertThat(explanation.curve().steps()).hasSize(2);
    }

    @Test
    void aBehaviourAgainstItselfIsRefused() {
        Target adapter = target("head");
        assertThatThrownBy(() -> explain(adapter.against(adapter)))
                .isInstanceOf(InputException.class)
                .hasMessage("target: expected a behaviour that differs from its base, found KL(target ‖ base) of"
                        + " 0.0000000 nats per token (head against head). Was it trained, and for this model?");
    }

    @Test
    void differentPairsAreDifferentRuns() {
        Target head = target("head");
        Target other = target("rank-stabilised");
        assertThat(List.of(head, other, head.against(other), other.against(head)))
                .extracting(Target::sha256)
                .doesNotHaveDuplicates();
    }
}
