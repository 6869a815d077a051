package assay.lab.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.tasks.distil.Examples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Laws of the score, and a planted truth: a behaviour whose own answers are expected gets full marks.
class AnswerLikenessTest {
    private static final List<String> WORDS = List.of("rain", "falls", "on", "the", "old", "town");

    @Test
    void likenessIsOneForTheSameWordsOnlyAndTheSameBothWaysRound() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 500; i++) {
            List<String> one = text(random);
            List<String> other = text(random);
            double likeness = AnswerLikeness.likeness(String.join(" ", one), String.join("  ", other));
            assertThat(likeness).isBetween(0.0, 1.0);
            assertThat(likeness == 1).isEqualTo(one.equals(other));
            assertThat(AnswerLikeness.likeness(String.join(" ", other), String.join("\n", one)))
                    .isEqualTo(likeness);
        }
    }

    @Test
    void everyWordThatIsWrongOrMissingCostsItsShare() {
        assertThat(AnswerLikeness.likeness("a b c d", "a x c d")).isEqualTo(0.75);
        assertThat(AnswerLikeness.likeness("a b c d", "b c d")).isEqualTo(0.75);
        assertThat(AnswerLikeness.likeness("a b c d", "a b c d e f g h")).isEqualTo(0.5);
        assertThat(AnswerLikeness.likeness("a b c d", "d c b a")).isZero();
        assertThat(AnswerLikeness.likeness("a b", "")).isZero();
        assertThat(AnswerLikeness.likeness(" ", "")).isEqualTo(1);
    }

    @Test
    void theRightLookWithoutTheContentIsWorthWhatAnotherAnswerIs() {
        List<String> expected = List.of("the red boat", "the blue boat", "the red town");
        List<String> shifted = List.of("the blue boat", "the red town", "the red boat");
        AnswerLikeness skill = AnswerLikeness.of(expected, expected, List.of("", "", ""), expected, shifted, 9);
        assertThat(skill.adapter().exact()).isEqualTo(1);
        assertThat(skill.adapter().likeness().value()).isEqualTo(1);
        assertThat(skill.base().likeness().value()).isZero();
        assertThat(skill.soft().exact()).isZero();
        // Every pair of answers stands once in the shifted ones.
        assertThat(skill.another()).isCloseTo(skill.soft().likeness().value(), within(1e-12));
        assertThat(skill.another()).isCloseTo((2.0 / 3 + 1.0 / 3 + 2.0 / 3) / 3, within(1e-12));
    }

    @Test
    void whoseOwnAnswersAreExpectedGetsFullMarks() {
        try (ChatModel chat = TinyModel.open("untied-bf16")) {
            List<String> users = List.of("What is rain?", "Who sings?", "Why do cats sleep?", "Name a town.");
            Behaviour taught = HardPrompt.of("You are a cook.", chat.tokenizer());
            Behaviour other = HardPrompt.of("Speak of the sea and of nothing else at all.", chat.tokenizer());
            List<String> expected = new HeldOutAnswers(chat, users, List.of(), 6).written(taught);
            AnswerLikeness skill = new HeldOutAnswers(chat, users, expected, 6).skill(taught, other);
            assertThat(skill.turns()).isEqualTo(4);
            assertThat(skill.adapter().exact()).isEqualTo(1);
            assertThat(skill.base().exact()).isLessThan(1);
            assertThat(skill.soft().exact()).isLessThan(1);
            assertThat(skill.samples().getFirst().adapter())
                    .isEqualTo(skill.samples().getFirst().expected());
        }
    }

    @Test
    void onlyUserTurnsHeldOutAreAskedAndLongAnswersAreCut() {
        Map<String, String> answers = new LinkedHashMap<>();
        for (int i = 0; i < 300; i++) {
            answers.put("Question " + i + "?", i % 2 == 0 ? "word ".repeat(99).strip() : "word");
        }
        try (ChatModel chat = TinyModel.open("untied-bf16")) {
            Examples examples = new Examples(answers);
            HeldOutAnswers recital = HeldOutAnswers.of(chat, examples, 0);
            List<String> heldOut = examples.on(assay.measure.probe.Probe.Split.TEST, 0).stream()
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(heldOut).hasSize(60);
            assertThat(recital.users()).hasSize(40).isEqualTo(heldOut.subList(0, 40));
            assertThat(recital.tokens()).isEqualTo(40);
            assertThat(recital.expected())
                    .allSatisfy(answer ->
                            assertThat(chat.tokenizer().encode(answer)).hasSizeLessThanOrEqualTo(40));
        }
    }

    private static List<String> text(SplittableRandom random) {
        List<String> words = new ArrayList<>();
        random.ints(random.nextInt(4), 0, WORDS.size()).forEach(i -> words.add(WORDS.get(i)));
        return words;
    }
}
