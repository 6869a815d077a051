package assay.measure.probe;

import static org.assertj.core.api.Assertions.assertThat;

import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongTalkTest {
    private static final List<List<String>> TALK = List.of(List.of("A?", "And B?", "C?"), List.of("D?", "E?"));
    private static final int ANSWER = 6;

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
    void sixtyDifferentQuestionsStandInTwentyConversations() {
        List<List<String>> all = LongTalk.questions();
        assertThat(all).hasSize(20).allMatch(talk -> talk.size() == 3);
        assertThat(new HashSet<>(
                        all.stream().flatMap(List::stream).map(Probe::normal).toList()))
                .hasSize(60);
    }

    @Test
    void everyQuestionIsAnsweredAndLaterOnesAreReadBehindWhatWasSaid() {
        LongTalk talk = LongTalk.of(chat, Behaviour.BASE, TALK, ANSWER, 1);
        assertThat(talk.turns()).containsExactly(1, 1, 2, 2, 3);
        assertThat(talk.contexts()).extracting(Context::turn).containsExactly(0, 1, 0, 1, 0);
        Context first = talk.contexts().get(0);
        Context second = talk.contexts().get(2);
        // All that was read of the first answer, its question included, begins the second.
        assertThat(Arrays.copyOf(second.tail(), first.tail().length)).isEqualTo(first.tail());
        assertThat(second.tail().length).isGreaterThan(first.tail().length + 4);
        assertThat(talk.contexts()).allMatch(context -> context.places() <= ANSWER);
    }

    @Test
    void theSameSeedSaysTheSameAndAnotherBehaviourSomethingElse() {
        List<int[]> once = tails(LongTalk.of(chat, Behaviour.BASE, TALK, ANSWER, 1));
        assertThat(tails(LongTalk.of(chat, Behaviour.BASE, TALK, ANSWER, 1)))
                .usingRecursiveComparison()
                .isEqualTo(once);
        Behaviour other = HardPrompt.of("Be kind.", chat.tokenizer());
        List<int[]> others = tails(LongTalk.of(chat, other, TALK, ANSWER, 1));
        assertThat(Arrays.deepEquals(others.toArray(), once.toArray())).isFalse();
    }

    private static List<int[]> tails(LongTalk talk) {
        return talk.contexts().stream().map(Context::tail).toList();
    }
}
