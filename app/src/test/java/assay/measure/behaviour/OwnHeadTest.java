package assay.measure.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.InputException;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import assay.engine.model.ChatModel;
import assay.engine.model.ModelGolden;
import assay.engine.model.TinyModel;
import assay.measure.probe.Divergence;
import assay.measure.probe.Preimage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Adapters with an unembedding of their own: everything is as if logits had been compared.
final class OwnHeadTest {
    @SuppressWarnings("NullAway.Init")
    private TensorScope scope;

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @BeforeEach
    void open() {
        scope = TensorScope.withoutGradients();
        chat = TinyModel.open("untied-bf16");
    }

    @AfterEach
    void close() {
        chat.close();
        scope.close();
    }

    private LoraAdapter adapter(String name) {
        return LoraAdapter.open(ModelGolden.path("tiny/adapters/" + name), chat);
    }

    private List<Context> contexts() {
        List<Context> contexts = new ArrayList<>();
        for (int turn = 0; turn < 4; turn++) {
            contexts.add(new Context(turn, TinyModel.tokens(turn, 9), 4));
        }
        return contexts;
    }

    /// Logits by the model itself.
    private Tensor logits(Behaviour behaviour) {
        Tensor sum = torch.zeros(1);
        for (Behaviour.Term term : behaviour.terms()) {
            Behaviour.Filling.Text text = (Behaviour.Filling.Text) term.filling();
            List<Tensor> rows = new ArrayList<>();
            for (Context context : contexts()) {
                int[] ids = PromptCache.joined(chat.slot().prefix(text.tokens()), context.tail());
                int[] places = {ids.length - 4, ids.length - 3, ids.length - 2, ids.length - 1};
                rows.add(ModelGolden.logits(
                        chat.model(), term.overlay(), List.of(new ModelGolden.Context(ids, places))));
            }
            Tensor all = torch.cat(new org.bytedeco.pytorch.TensorVector(rows.toArray(Tensor[]::new)), 0);
            sum = sum.add(all.mul(new Scalar(term.coefficient())));
        }
        return sum;
    }

    private HardPrompt hard(String text) {
        return HardPrompt.of(text, chat.tokenizer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "saved-modules"})
    void logitsOfAdapterBaseAndMixturesAreThoseOfTheModel(String name) {
        LoraAdapter adapter = adapter(name);
        assertThat(adapter.changesUnembedding()).isTrue();
        Mixture mixture = new Mixture("m", adapter, List.of(new Mixture.Weighted(hard("Be sad."), -0.7)));
        Runner runner = new Runner(chat, List.of(adapter));
        for (Behaviour behaviour : List.of(adapter, Behaviour.BASE, hard("Be sad."), mixture)) {
            Tensor ours = runner.unembedding().logits(runner.hidden(behaviour, contexts()));
            assertThat(ModelGolden.difference(ours, logits(behaviour))).isLessThan(1e-4);
        }
    }

    @Test
    void twoAdaptersWithHeadsOfTheirOwnAreComparedExactly() {
        List<LoraAdapter> two = List.of(adapter("head"), adapter("saved-modules"));
        Runner runner = new Runner(chat, two);
        double[] found = Divergence.kl(
                runner.hidden(two.get(0), contexts()), runner.hidden(two.get(1), contexts()), runner.unembedding());
        double[] expected = ModelGolden.divergences(logits(two.get(0)), logits(two.get(1)));
        assertThat(found).containsExactly(expected, within(1e-4));
    }

    @Test
    void whereNobodyHasAHeadOfHisOwnNothingIsWider() {
        Runner runner = new Runner(chat, List.of(adapter("rank-stabilised"), hard("Be sad.")));
        assertThat(runner.unembedding()).isSameAs(chat.model().unembedding());
    }

    @Test
    void aRunnerThatWasNotToldRefuses() {
        LoraAdapter adapter = adapter("head");
        assertThatThrownBy(() -> new Runner(chat).hidden(adapter, contexts()))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("adapter: expected one that leaves lm_head alone, found changes to it.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "saved-modules"})
    void everyTokenOfAnAnswerIsDrawnFromTheSumOfLogits(String name) {
        LoraAdapter adapter = adapter(name);
        Mixture moved = new Mixture("m", adapter, List.of(new Mixture.Weighted(hard("Be sad."), 0.9)));
        Runner runner = new Runner(chat, List.of(adapter));
        int[] turn = chat.tokenizer().encode("Why?");
        for (Behaviour behaviour : List.of(adapter, moved)) {
            int[] answer = new Generator(chat)
                    .continuations(
                            behaviour, List.of(chat.slot().tail(turn, new int[0])), Sampling.greedy(6), _ -> false)
                    .getFirst();
            int[] read = Arrays.copyOf(answer, answer.length - 1);
            Context context = new Context(0, chat.slot().tail(turn, read), answer.length);
            Tensor logits = runner.unembedding().logits(runner.hidden(behaviour, List.of(context)));
            assertThat(Torch.toLongs(logits.topk(1).get1()))
                    .containsExactly(Arrays.stream(answer).asLongStream().toArray());
        }
    }

    @Test
    void thePreimageOfAStateOfTheModelIsItself() {
        LoraAdapter adapter = adapter("head");
        Runner runner = new Runner(chat, List.of(adapter));
        Tensor base = runner.hidden(Behaviour.BASE, contexts());
        Tensor delta = runner.hidden(hard("Be sad."), contexts()).sub(base);
        long hidden = chat.model().hidden();
        assertThat(ModelGolden.difference(
                        Preimage.of(delta, base, runner.unembedding(), hidden), delta.narrow(1, 0, hidden)))
                .isZero();
    }

    /// The logits of a change of W that the model could have said by a change of h are those of that change.
    @Test
    void whatTheModelCouldSayIsFoundByThePreimage() {
        long hidden = chat.model().hidden();
        Tensor plain = chat.model().unembedding().whole();
        Tensor turned = torch.eye(hidden)
                .mul(new Scalar(0.3))
                .add(torch.ones(hidden, hidden).mul(new Scalar(0.01)));
        Tensor wide = torch.cat(new org.bytedeco.pytorch.TensorVector(plain, plain.matmul(turned)), 1);
        Runner runner = new Runner(chat);
        Tensor states = runner.hidden(hard("Be sad."), contexts());
        Tensor own = torch.cat(new org.bytedeco.pytorch.TensorVector(torch.zeros_like(states), states), 1);
        Tensor base = torch.cat(
                new org.bytedeco.pytorch.TensorVector(
                        runner.hidden(Behaviour.BASE, contexts()), torch.zeros_like(states)),
                1);
        Tensor found = Preimage.of(own, base, new Unembedding(wide), hidden);
        Tensor expected = states.matmul(turned.t());
        double size = expected.abs().max().item_double();
        assertThat(ModelGolden.difference(found, expected)).isLessThan(0.02 * size);
    }
}
