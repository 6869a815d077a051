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
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Probabilities of whole answers against a sum that reads every answer by itself.
class AnswerMassTest {
    private final ChatModel chat = TinyModel.open("untied-bf16");
    private final TensorScope scope = TensorScope.withoutGradients();

    @AfterEach
    void close() {
        scope.close();
        chat.close();
    }

    @Test
    void theMassOfAnswersIsTheMeanOfTheirProbabilitiesReadOneByOne() {
        PredicateSpec spec = TinyPredicate.RAIN;
        AnswerMass mass = new AnswerMass(chat, spec, 2, 2);
        for (HardPrompt prompt : List.of(Behaviour.BASE, HardPrompt.of("Be sad.", chat.tokenizer()))) {
            PredicateEvidence.Mass found = mass.of(prompt);
            double holds = direct(prompt, spec.holds());
            double fails = direct(prompt, spec.fails());
            assertThat(found.holds()).isPositive().isCloseTo(holds, within(1e-3 * holds));
            assertThat(found.fails()).isPositive().isCloseTo(fails, within(1e-3 * fails));
            assertThat(found.listed()).isLessThan(1);
        }
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
    void abilityIsThatOfBaseCategoryAndPredicateOnAsManyContextsAsAskedFor() {
        PredicateSpec spec = TinyPredicate.RAIN;
        AnswerMass mass = new AnswerMass(chat, spec, 2, 1);
        PredicateEvidence.Ability ability = mass.ability();
        assertThat(ability.contexts()).isEqualTo(2);
        assertThat(ability.base()).isEqualTo(mass.of(Behaviour.BASE));
        assertThat(ability.category()).isEqualTo(mass.of(HardPrompt.of(spec.category(), chat.tokenizer())));
        assertThat(ability.predicate()).isEqualTo(mass.of(HardPrompt.of(spec.prompt(), chat.tokenizer())));
        assertThat(ability.predicate()).isNotEqualTo(ability.base());
    }

    @Test
    void noMoreContextsAreAskedThanThereAre() {
        assertThat(new AnswerMass(chat, TinyPredicate.RAIN, 100, 100).ability().contexts())
                .isEqualTo(6);
    }
}
