package assay.measure.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Laws of running behaviours on contexts, on a tiny random model in float32.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunnerTest {
    private static final Offset<Float> CLOSE = Offset.offset(2e-5f);

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @SuppressWarnings("NullAway.Init")
    private Runner runner;

    @BeforeAll
    void open() {
        chat = TinyModel.open("untied-bf16");
        runner = new Runner(chat);
    }

    @AfterAll
    void close() {
        chat.close();
    }

    @Test
    void aContextScoresTheSameAloneAndAmongOthersThatShareItsQuestion() {
        Context first = context("What is rain?", 4, 60, 61, 62, 63);
        Context second = context("What is rain?", 3, 90, 91, 92);
        Context third = context("Why?", 2, 70, 71);
        HardPrompt prompt = HardPrompt.of("Be kind.", chat.tokenizer());
        try (TensorScope _ = TensorScope.withoutGradients()) {
            float[] together = Torch.toFloats(runner.hidden(prompt, List.of(first, second, third)));
            List<Float> alone = new ArrayList<>();
            for (Context context : List.of(first, second, third)) {
                for (float value : Torch.toFloats(runner.hidden(prompt, List.of(context)))) {
                    alone.add(value);
                }
            }
            assertThat(together).hasSameSizeAs(alone);
            for (int i = 0; i < together.length; i++) {
                assertThat(together[i]).isCloseTo(alone.get(i), CLOSE);
            }
        }
    }

    @Test
    void mixtureOfOnePromptWithWeightOneEqualsThatPrompt() {
        HardPrompt prompt = HardPrompt.of("Be kind.", chat.tokenizer());
        Mixture mixture = new Mixture("one", List.of(new Mixture.Weighted(prompt, 1)));
        assertSame(mixture, prompt);
    }

    @Test
    void mixtureOfNothingIsTheBase() {
        assertSame(new Mixture("none", List.of()), Behaviour.BASE);
    }

    @Test
    void questionsAreReadOnceAndSharedTokensStayInFront() {
        SharedPrefix cut = SharedPrefix.of(List.of(
                new Context(0, new int[] {1, 2, 3, 4, 9}, 2),
                new Context(0, new int[] {1, 2, 3, 7, 8}, 2),
                new Context(1, new int[] {1, 2, 5, 6, 9}, 2)));
        assertThat(cut.shared()).containsExactly(1, 2);
        assertThat(cut.questions()).hasSize(2);
        assertThat(cut.questionOf()).containsExactly(0, 0, 1);
        assertThat(cut.isForked()).isTrue();
    }

    private void assertSame(Behaviour one, Behaviour other) {
        List<Context> contexts = List.of(context("What is rain?", 3, 60, 61, 62), context("Why?", 2, 70, 71));
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor difference = runner.hidden(one, contexts).sub(runner.hidden(other, contexts));
            assertThat(torch.abs(difference).max().item_float()).isLessThan(2e-5f);
        }
    }

    private Context context(String user, int places, int... answer) {
        return new Context(0, chat.slot().tail(chat.tokenizer().encode(user), answer), places);
    }
}
