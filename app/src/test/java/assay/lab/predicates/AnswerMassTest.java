package assay.lab.predicates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TinyModel;
import assay.engine.model.TokenBatch;
import assay.measure.behaviour.HardPrompt;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Shares of whole answers against sums that read every answer by itself.
class AnswerMassTest {
    private static final PredicateSpec SPEC = TinyPredicate.RAIN;

    private final ChatModel chat = TinyModel.open("untied-bf16");
    private final TensorScope scope = TensorScope.withoutGradients();

    @AfterEach
    void close() {
        scope.close();
        chat.close();
    }

    @Test
    void skillIsTheShareOfTrueAnswersInTheProbabilitiesReadOneByOne() {
        PredicateEvidence.Skill skill = new AnswerMass(chat, SPEC, 2, 2).skill();
        double category = direct(SPEC.category());
        double predicate = direct(SPEC.prompt());
        assertThat(skill.category()).isCloseTo(category, within(1e-3 * category));
        assertThat(skill.predicate()).isCloseTo(predicate, within(1e-3 * predicate));
        assertThat(skill.category()).isStrictlyBetween(0.0, 1.0);
        assertThat(skill.predicate()).isNotEqualTo(skill.category());
    }

    private double direct(String text) {
        HardPrompt prompt = HardPrompt.of(text, chat.tokenizer());
        double holds = direct(prompt, SPEC.holds());
        return holds / (holds + direct(prompt, SPEC.fails()));
    }

    /// Mean over two turns and both starts of the summed probabilities of the answers.
    private double direct(HardPrompt prompt, List<String> answers) {
        double sum = 0;
        for (String turn : List.of("1?", "2?")) {
            for (String start : List.of("It is", "")) {
                for (String answer : answers) {
                    int[] context = chat.slot()
                            .context(
                                    prompt.tokens(),
                                    chat.tokenizer().encode(turn),
                                    chat.tokenizer().encode(start));
                    sum += probability(context, chat.tokenizer().encode(start.isEmpty() ? answer : " " + answer));
                }
            }
        }
        return sum / 4;
    }

    private double probability(int[] context, int[] answer) {
        int[] whole =
                IntStream.concat(IntStream.of(context), IntStream.of(answer)).toArray();
        TokenBatch batch = TokenBatch.of(whole);
        float[][] chances = Torch.toRows(torch.softmax(
                chat.model().logits(chat.model().hidden(batch, null, Overlay.NONE, Positions.all(batch)), Overlay.NONE),
                -1));
        double product = 1;
        for (int i = 0; i < answer.length; i++) {
            product *= chances[context.length + i - 1][answer[i]];
        }
        return product;
    }

    @Test
    void noMoreContextsAreAskedThanThereAre() {
        PredicateEvidence.Skill all = new AnswerMass(chat, SPEC, 3, 2).skill();
        assertThat(new AnswerMass(chat, SPEC, 100, 100).skill()).isEqualTo(all);
        assertThat(new AnswerMass(chat, SPEC, 2, 1).skill()).isNotEqualTo(all);
    }
}
