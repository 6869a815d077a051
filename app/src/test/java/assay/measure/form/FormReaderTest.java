package assay.measure.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.TinyContexts;
import assay.measure.probe.Divergence;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What is read off the probabilities of a tiny random model, whose tokens are mostly single bytes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormReaderTest {
    private static final Bootstrap BOOTSTRAP = Bootstrap.defaults(0);

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @SuppressWarnings("NullAway.Init")
    private FormReader reader;

    @SuppressWarnings("NullAway.Init")
    private List<Context> contexts;

    @BeforeAll
    void open() {
        chat = TinyModel.open("untied-bf16");
        reader = FormReader.of(chat);
        contexts = TinyContexts.of(chat, Probe.Split.TEST, 12, 0).foreign();
    }

    @AfterAll
    void close() {
        chat.close();
    }

    @Test
    void whatIsExpectedIsTheSumOfTheProbabilities() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor hidden = base();
            float[][] shares = Torch.toRows(torch.softmax(unembedding().logits(hidden), -1));
            double[] sums = new double[contexts.size()];
            int at = 0;
            for (int i = 0; i < sums.length; i++) {
                for (int place = 0; place < contexts.get(i).places(); place++, at++) {
                    for (char digit = '0'; digit <= '9'; digit++) {
                        sums[i] += shares[at][token(String.valueOf(digit))];
                    }
                }
            }
            double[][] expected = read(hidden).expected();
            for (int i = 0; i < sums.length; i++) {
                assertThat(expected[i][FormKind.DIGITS.number()]).isCloseTo(sums[i], within(1e-4));
            }
        }
    }

    @Test
    void aBehaviourOfAFormIsToldByItAndByNothingAgainstItself() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor asking = pushed("?", 30);
            List<FormChange> changes = changes(asking);
            assertThat(changes.getFirst().tells()).isTrue();
            assertThat(changes.stream()
                            .filter(change -> change.tells() && change.rises())
                            .map(FormChange::kind))
                    .contains(FormKind.QUESTION_MARKS, FormKind.SENTENCE_ENDS)
                    .doesNotContain(FormKind.EXCLAMATION_MARKS, FormKind.DIGITS);
            assertThat(changes(base()))
                    .noneMatch(FormChange::tells)
                    .allSatisfy(change -> assertThat(change.change().value()).isZero());
        }
    }

    @Test
    void theEndOfAnAnswerIsKnownByItsTokenNotByItsText() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            int stop = chat.stopTokens().iterator().next();
            assertThat(changes(pushed(stop, 30)).getFirst().kind()).isEqualTo(FormKind.END);
        }
    }

    @Test
    void noFormHoldsMoreThanTheDivergence() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            for (String mark : List.of("?", "7", "A", "-")) {
                Tensor target = pushed(mark, 5);
                double kl = Arrays.stream(Divergence.kl(target, base(), unembedding()))
                        .average()
                        .orElseThrow();
                assertThat(changes(target))
                        .allSatisfy(change -> assertThat(change.nats()).isBetween(-1e-6, kl + 1e-6));
            }
        }
    }

    @Test
    void placesBeginASentenceOrALineBehindItsEndOnly() {
        int[] user = chat.tokenizer().encode("Hi");
        int[] answer = chat.tokenizer().encode("no.\n- b");
        Context context = new Context(0, chat.slot().tail(user, answer), answer.length + 1);
        try (TensorScope _ = TensorScope.withoutGradients()) {
            FormReading reading = reader.read(
                    new Runner(chat).hidden(Behaviour.BASE, List.of(context)), unembedding(), List.of(context));
            double[] places = reading.places()[0];
            assertThat(places[FormKind.DIGITS.number()]).isEqualTo(answer.length + 1);
            // The first token, the one behind the full stop, and the one behind the line break.
            assertThat(places[FormKind.SMALL_BEGINNINGS.number()]).isEqualTo(3);
            assertThat(places[FormKind.CAPITALS_INSIDE.number()]).isEqualTo(answer.length + 1 - 3);
            assertThat(places[FormKind.LIST_MARKS.number()]).isEqualTo(2);
        }
    }

    @Test
    void aFormTellsOnlyBeyondEveryRandomPrompt() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            FormReading base = read(base());
            FormReading target = read(pushed("7", 30));
            FormChange.Readings readings = new FormChange.Readings(target, base, List.of());
            double[] quiet = new double[FormKind.values().length];
            double[] loud = target.above(base);
            assertThat(tells(readings, List.of(quiet))).isTrue();
            assertThat(tells(readings, List.of(quiet, loud))).isFalse();
            assertThat(tells(readings, List.of())).isFalse();
        }
    }

    @Test
    void whatAMixtureLacksIsMeasuredBesideIt() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            FormReading base = read(base());
            FormReading target = read(pushed("7", 30));
            FormChange digits =
                    FormChange.of(new FormChange.Readings(target, base, List.of(target)), random(base), BOOTSTRAP)
                            .stream()
                            .filter(change -> change.kind() == FormKind.DIGITS)
                            .findFirst()
                            .orElseThrow();
            assertThat(digits.lacking()).isEqualTo(new Interval(0, 0, 0));
            assertThat(digits.change().low()).isPositive();
        }
    }

    private boolean tells(FormChange.Readings readings, List<double[]> random) {
        return FormChange.of(readings, random, BOOTSTRAP).stream()
                .anyMatch(change -> change.kind() == FormKind.DIGITS && change.tells());
    }

    private List<FormChange> changes(Tensor target) {
        FormReading base = read(base());
        return FormChange.of(new FormChange.Readings(read(target), base, List.of()), random(base), BOOTSTRAP);
    }

    /// What prompts change.
    private List<double[]> random(FormReading base) {
        List<double[]> changes = new ArrayList<>();
        for (HardPrompt prompt : TinyContexts.prompts(chat)) {
            changes.add(read(new Runner(chat).hidden(prompt, contexts)).above(base));
        }
        return changes;
    }

    private FormReading read(Tensor hidden) {
        return reader.read(hidden, unembedding(), contexts);
    }

    private Tensor base() {
        return new Runner(chat).hidden(Behaviour.BASE, contexts);
    }

    /// The base pushed towards one token.
    private Tensor pushed(String mark, double strength) {
        return pushed(token(mark), strength);
    }

    private Tensor pushed(int token, double strength) {
        Tensor direction = unembedding().matrix().select(0, token);
        double length = direction.square().sum().item_double();
        return base().add(direction.mul(new Scalar(strength / length)));
    }

    private int token(String mark) {
        int[] tokens = chat.tokenizer().encode(mark);
        assertThat(tokens).hasSize(1);
        return tokens[0];
    }

    private Unembedding unembedding() {
        return new Runner(chat).unembedding();
    }
}
