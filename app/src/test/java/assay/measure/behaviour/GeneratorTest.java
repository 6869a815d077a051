package assay.measure.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.ModelGolden;
import assay.engine.model.TinyModel;
import assay.engine.peft.PeftPrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Laws of writing answers, on a tiny random model in float32.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeneratorTest {
    private static final Sampling SAMPLING = Sampling.defaults(12, 5);

    @SuppressWarnings("NullAway.Init")
    private TensorScope scope;

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @SuppressWarnings("NullAway.Init")
    private Generator generator;

    @SuppressWarnings("NullAway.Init")
    private List<int[]> turns;

    @SuppressWarnings("NullAway.Init")
    private LoraAdapter lora;

    @SuppressWarnings("NullAway.Init")
    private SoftPrompt soft;

    @SuppressWarnings("NullAway.Init")
    private Mixture mixture;

    @BeforeAll
    void open() {
        scope = TensorScope.withoutGradients();
        chat = TinyModel.open("tied");
        generator = new Generator(chat);
        turns = List.of(encoded("Why?"), encoded("What is rain?"), encoded("Go."));
        lora = LoraAdapter.open(ModelGolden.path("tiny/adapters/plain"), chat);
        SplittableRandom random = new SplittableRandom(4);
        float[] numbers = new float[3 * chat.model().hidden()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        soft = new SoftPrompt("soft", "", Torch.floats(numbers, 3, chat.model().hidden()), PeftPrompt.Place.SYSTEM);
        mixture = new Mixture(
                "two", List.of(new Mixture.Weighted(hard("Be sad."), 0.8), new Mixture.Weighted(hard("Rhyme."), 0.5)));
    }

    @AfterAll
    void close() {
        chat.close();
        scope.close();
    }

    @Test
    void anAnswerDoesNotDependOnTheOthersOfItsBatch() {
        for (Behaviour behaviour : List.of(hard("Be sad."), lora, soft, mixture)) {
            List<int[]> together = generator.answers(behaviour, turns, SAMPLING);
            assertSame(List.of(together.getFirst()), generator.answers(behaviour, turns.subList(0, 1), SAMPLING));
        }
    }

    @Test
    void answersThatEndLeaveTheOthersAsTheyWere() {
        List<int[]> sequences =
                IntStream.range(0, 12).mapToObj(i -> encoded("Line " + i + ":")).toList();
        List<int[]> whole = generator.continuations(encoded("A list."), sequences, SAMPLING, _ -> false);
        List<int[]> ended = generator.continuations(encoded("A list."), sequences, SAMPLING, token -> token % 4 == 0);
        List<int[]> expected = whole.stream()
                .map(tokens ->
                        IntStream.of(tokens).takeWhile(token -> token % 4 != 0).toArray())
                .toList();
        assertThat(ended.stream().filter(tokens -> tokens.length < 12).count()).isBetween(4L, 12L);
        assertSame(ended, expected);
    }

    @Test
    void aContrastWithoutWeightIsTheTarget() {
        for (Behaviour target : List.of(hard("Be sad."), lora, soft, mixture)) {
            assertSame(
                    generator.contrasts(target, mixture, 0, turns, SAMPLING),
                    generator.answers(target, turns, SAMPLING));
        }
    }

    @Test
    void aBehaviourContrastedWithItselfIsItself() {
        for (Behaviour behaviour : List.of(hard("Be sad."), lora, soft, mixture)) {
            List<int[]> answers = generator.answers(behaviour, turns, SAMPLING);
            assertSame(generator.contrasts(behaviour, behaviour, 0.5, turns, SAMPLING), answers);
            assertSame(generator.contrasts(behaviour, behaviour, 2, turns, SAMPLING), answers);
        }
    }

    @Test
    void everyTokenOfAContrastIsDrawnFromTheRatioOfBothDistributions() {
        Runner runner = new Runner(chat);
        for (Behaviour target : List.of(lora, soft)) {
            List<int[]> answers = generator.contrasts(target, mixture, 1.5, turns, Sampling.greedy(8));
            for (int i = 0; i < answers.size(); i++) {
                int[] answer = answers.get(i);
                int[] read = Arrays.copyOf(answer, answer.length - 1);
                List<Context> contexts = List.of(new Context(0, chat.slot().tail(turns.get(i), read), answer.length));
                try (TensorScope _ = new TensorScope()) {
                    Tensor wanted = logProbabilities(runner, target, contexts)
                            .mul(new Scalar(2.5))
                            .sub(logProbabilities(runner, mixture, contexts).mul(new Scalar(1.5)));
                    assertThat(Torch.toLongs(wanted.topk(1).get1()))
                            .containsExactly(IntStream.of(answer).asLongStream().toArray());
                }
            }
            assertThat(texts(answers)).isNotEqualTo(texts(generator.answers(target, turns, Sampling.greedy(8))));
        }
    }

    private static Tensor logProbabilities(Runner runner, Behaviour behaviour, List<Context> contexts) {
        return torch.log_softmax(runner.unembedding().logits(runner.hidden(behaviour, contexts)), -1);
    }

    private int[] encoded(String text) {
        return chat.tokenizer().encode(text);
    }

    private HardPrompt hard(String text) {
        return HardPrompt.of(text, chat.tokenizer());
    }

    private static void assertSame(List<int[]> one, List<int[]> other) {
        assertThat(texts(one)).isEqualTo(texts(other));
    }

    private static List<List<Integer>> texts(List<int[]> answers) {
        List<List<Integer>> texts = new ArrayList<>();
        answers.forEach(answer -> texts.add(IntStream.of(answer).boxed().toList()));
        return texts;
    }
}
