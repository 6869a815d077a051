package assay.tasks.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.InputException;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TokenBatch;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.behaviour.Sampling;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Laws of a talk, on a tiny random model in float32.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TalkTest {
    private static final Sampling SAMPLING = Sampling.defaults(10, 5);
    private static final Conversation QUESTION = Conversation.of("What is rain?");

    /// Of a probability and of a logit: both are summed in float32, here in one batch and there one by one.
    private static final double ROUNDING = 2e-5;

    @SuppressWarnings("NullAway.Init")
    private Session session;

    @SuppressWarnings("NullAway.Init")
    private WorkQueue queue;

    @SuppressWarnings("NullAway.Init")
    private Talk talk;

    @BeforeAll
    void openModel(@TempDir Path home) {
        session = TinyTalk.session(home);
        queue = new WorkQueue();
    }

    @BeforeEach
    void open() {
        talk = Talk.open(session, queue, TinyTalk.run(Path.of("nowhere")));
    }

    @AfterEach
    void close() {
        talk.close();
    }

    @AfterAll
    void closeModel() {
        queue.close();
        session.close();
    }

    @Test
    void everyColumnSpeaksWithTheDistributionThatExplanationsMeasure() {
        ChatModel chat = talk.chat();
        int[] answer = TinyTalk.answers(talk, QUESTION, SAMPLING).of(Column.MIXTURE);
        Reading reading = TinyTalk.reading(talk, QUESTION.begun(answer), Column.MIXTURE, 400);
        Map<Column, Behaviour> measured = new EnumMap<>(Column.class);
        measured.put(Column.BASE, Behaviour.BASE);
        measured.put(Column.TARGET, talk.target().behaviour());
        measured.put(
                Column.MIXTURE,
                new Mixture(
                        "list",
                        TinyTalk.PROMPTS.parts().stream()
                                .map(part -> new Mixture.Weighted(
                                        HardPrompt.of(part.text(), chat.tokenizer()), part.weight()))
                                .toList()));
        int[] tail = chat.slot().tail(chat.slot().user(QUESTION.user()), Arrays.copyOf(answer, answer.length - 1));
        measured.forEach((column, behaviour) -> {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                Tensor states = new Runner(chat).hidden(behaviour, List.of(new Context(0, tail, answer.length)));
                float[][] shares = Torch.toRows(torch.softmax(chat.model().logits(states, Overlay.NONE), -1));
                for (Reading.Place place : reading.places()) {
                    for (Reading.Choice choice : expected(place, column).likeliest()) {
                        assertThat(choice.probability())
                                .isCloseTo(shares[place.place()][choice.token()], within(ROUNDING));
                    }
                }
            }
        });
    }

    @Test
    void tokensAreDrawnFromTheDistributionThatReadingTells() {
        Sampling plain = new Sampling(10, 1, 1, 400, 3);
        TinyTalk.Heard heard = TinyTalk.answers(talk, QUESTION, plain);
        for (Column column : talk.columns()) {
            Reading reading = TinyTalk.reading(talk, QUESTION.begun(heard.of(column)), column, 4);
            for (AnswerListener.Token token : heard.tokens.getOrDefault(column, List.of())) {
                assertThat(expected(reading.places().get(token.place()), column).probability())
                        .isCloseTo(token.probability(), within(ROUNDING));
            }
        }
    }

    @Test
    void sharesOfPromptsAddUpToTheWholeDifference() {
        SplittableRandom random = new SplittableRandom(1);
        for (int trial = 0; trial < 8; trial++) {
            PromptList list = PromptList.NONE;
            for (int i = 0; i < 1 + trial; i++) {
                list = list.with("Say " + random.nextInt(1000) + ".", 3 * random.nextDouble() - 1.5);
            }
            if (trial > 2) {
                list = list.switched(1, false);
            }
            talk.prompts(list);
            int[] answer = TinyTalk.answers(talk, QUESTION, SAMPLING).of(Column.MIXTURE);
            for (Reading.Place place : TinyTalk.reading(talk, QUESTION.begun(answer), Column.MIXTURE, 400)
                    .places()) {
                Reading.Why why = place.why().orElseThrow();
                double sum = why.base()
                        + why.shares().stream().mapToDouble(Reading.Share::nats).sum();
                assertThat(sum).isCloseTo(why.difference(), within(1e-4));
                assertThat(why.shares()).hasSize(list.on().size());
                double told = Math.log(probability(place, Column.MIXTURE, place.token())
                        / probability(place, Column.MIXTURE, why.rival()));
                assertThat(why.difference()).isCloseTo(told, within(1e-3));
            }
        }
    }

    private static Reading.Expected expected(Reading.Place place, Column column) {
        return Objects.requireNonNull(place.columns().get(column));
    }

    private static double probability(Reading.Place place, Column column, int token) {
        return expected(place, column).likeliest().stream()
                .filter(choice -> choice.token() == token)
                .findFirst()
                .orElseThrow()
                .probability();
    }

    @Test
    void theSameSeedGivesTheSameText() {
        TinyTalk.Heard first = TinyTalk.answers(talk, QUESTION, SAMPLING);
        TinyTalk.Heard other = TinyTalk.answers(talk, QUESTION, Sampling.defaults(10, 6));
        TinyTalk.answers(talk, Conversation.of("Go."), SAMPLING);
        TinyTalk.Heard again = TinyTalk.answers(talk, QUESTION, SAMPLING);
        assertThat(again.all()).usingRecursiveComparison().isEqualTo(first.all());
        assertThat(other.of(Column.MIXTURE)).isNotEqualTo(first.of(Column.MIXTURE));
    }

    @Test
    void anAnswerDoesNotDependOnTheColumnsBesideIt() {
        TinyTalk.Heard all = TinyTalk.answers(talk, QUESTION, SAMPLING);
        for (Column column : talk.columns()) {
            assertThat(TinyTalk.answers(talk, QUESTION, SAMPLING, Set.of(column))
                            .of(column))
                    .isEqualTo(all.of(column));
        }
    }

    @Test
    void theTextsOfTokensAreTheText() {
        TinyTalk.Heard heard = TinyTalk.answers(talk, QUESTION, Sampling.defaults(40, 2));
        heard.answers.forEach((column, answer) -> {
            StringBuilder said = new StringBuilder();
            heard.tokens.getOrDefault(column, List.of()).forEach(token -> said.append(token.text()));
            assertThat(answer.text()).startsWith(said.toString());
            assertThat(answer.tokens())
                    .hasSize(heard.tokens.getOrDefault(column, List.of()).size());
        });
    }

    @Test
    void withEveryPromptSwitchedOffTheMixtureIsTheBase() {
        PromptList list = talk.prompts();
        for (int i = 0; i < list.parts().size(); i++) {
            list = list.switched(i, false);
        }
        talk.prompts(list);
        TinyTalk.Heard heard = TinyTalk.answers(talk, QUESTION, SAMPLING);
        assertThat(heard.of(Column.MIXTURE)).isEqualTo(heard.of(Column.BASE));
        Reading reading = TinyTalk.reading(talk, QUESTION.begun(heard.of(Column.BASE)), Column.BASE, 400);
        reading.places()
                .forEach(place -> assertThat(expected(place, Column.MIXTURE)).isEqualTo(expected(place, Column.BASE)));
    }

    @Test
    void logitsAreLinearInTheWeights() {
        int[] answer = TinyTalk.answers(talk, QUESTION, SAMPLING).of(Column.BASE);
        double[][] logits = new double[3][];
        for (int step = 0; step < 3; step++) {
            talk.prompts(TinyTalk.PROMPTS.weighted(1, step - 1.0));
            Reading reading = TinyTalk.reading(talk, QUESTION.begun(answer), Column.BASE, 400);
            logits[step] = reading.places().stream()
                    .mapToDouble(place ->
                            Math.log(probability(place, Column.MIXTURE, 40) / probability(place, Column.MIXTURE, 41)))
                    .toArray();
        }
        for (int i = 0; i < answer.length; i++) {
            assertThat(logits[2][i] - logits[1][i]).isCloseTo(logits[1][i] - logits[0][i], within(1e-3));
        }
    }

    @Test
    void anAnswerCutAnywhereAndGoneOnWithIsTheWhole() {
        Sampling greedy = Sampling.greedy(12);
        Map<Column, int[]> whole = TinyTalk.answers(talk, QUESTION, greedy).all();
        for (Column column : talk.columns()) {
            int[] answer = Objects.requireNonNull(whole.get(column));
            for (int cut = 1; cut < answer.length; cut++) {
                Conversation cutOff = QUESTION.begun(Arrays.copyOf(answer, cut));
                Sampling rest = Sampling.greedy(12 - cut);
                assertThat(TinyTalk.answers(talk, cutOff, rest, Set.of(column)).of(column))
                        .isEqualTo(answer);
                try (Talk fresh = Talk.open(session, queue, TinyTalk.run(Path.of("nowhere")))) {
                    assertThat(TinyTalk.answers(fresh, cutOff, rest, Set.of(column))
                                    .of(column))
                            .isEqualTo(answer);
                }
            }
        }
    }

    @Test
    void aLongConversationIsWhatItWouldBeReadAnew() {
        Conversation conversation = Conversation.of("Why?");
        Sampling brief = Sampling.defaults(5, 5);
        for (int turn = 0; turn < 3; turn++) {
            Map<Column, int[]> answers =
                    TinyTalk.answers(talk, conversation, brief).all();
            try (Talk fresh = Talk.open(session, queue, TinyTalk.run(Path.of("nowhere")))) {
                assertThat(TinyTalk.answers(fresh, conversation, brief).all())
                        .usingRecursiveComparison()
                        .isEqualTo(answers);
            }
            conversation = conversation.then(answers, "So?");
        }
    }

    @Test
    void aChangedListAnswersAsIfItHadAlwaysBeenSo() {
        Conversation second =
                QUESTION.then(TinyTalk.answers(talk, QUESTION, SAMPLING).all(), "Go on.");
        List<PromptList> lists = List.of(
                TinyTalk.PROMPTS.edited(1, "Count to ten."),
                TinyTalk.PROMPTS.without(0),
                TinyTalk.PROMPTS.with("Whisper.", 0.3),
                TinyTalk.PROMPTS.switched(2, false));
        for (PromptList list : lists) {
            talk.prompts(list);
            TinyTalk.Heard changed = TinyTalk.answers(talk, second, SAMPLING);
            try (Talk fresh = Talk.open(session, queue, TinyTalk.run(Path.of("nowhere")))) {
                fresh.prompts(list);
                assertThat(TinyTalk.answers(fresh, second, SAMPLING).all())
                        .usingRecursiveComparison()
                        .isEqualTo(changed.all());
            }
        }
    }

    @Test
    void aStoppedAnswerEndsWithinAToken() {
        List<WorkQueue.Ticket> tickets = new ArrayList<>();
        int[] heard = new int[1];
        List<AnswerListener.Answered> ended = new ArrayList<>();
        AnswerListener listener = new AnswerListener() {
            @Override
            public void token(Column column, Token token) {
                heard[0]++;
                if (heard[0] == 3) {
                    tickets.getFirst().stop();
                }
            }

            @Override
            public void ended(Column column, Answered answer) {
                ended.add(answer);
            }
        };
        queue.run(() -> tickets.add(
                talk.answer(new Ask(QUESTION, new Sampling(200, 0, 1, 1, 0), Set.of(Column.TARGET)), listener)));
        tickets.getFirst().await();
        assertThat(heard[0]).isEqualTo(3);
        assertThat(ended).hasSize(1);
        assertThat(ended.getFirst().ending()).isEqualTo(AnswerListener.Ending.STOPPED);
        assertThat(ended.getFirst().tokens()).hasSize(3);
    }

    @Test
    void requestsTakeTurns() {
        List<Integer> order = new ArrayList<>();
        List<WorkQueue.Ticket> tickets = new ArrayList<>();
        queue.run(() -> {
            for (int i = 0; i < 2; i++) {
                int number = i;
                tickets.add(queue.start(new WorkQueue.Work() {
                    private int left = 5;

                    @Override
                    public boolean advance() {
                        order.add(number);
                        return --left > 0;
                    }
                }));
            }
        });
        tickets.forEach(WorkQueue.Ticket::await);
        assertThat(order).containsExactly(0, 1, 0, 1, 0, 1, 0, 1, 0, 1);
    }

    @Test
    void aScaledAdapterGoesFromTheBaseThroughTheTarget() {
        TinyTalk.Heard whole = TinyTalk.answers(talk, QUESTION, SAMPLING);
        talk.scale(0);
        TinyTalk.Heard none = TinyTalk.answers(talk, QUESTION, SAMPLING);
        assertThat(none.of(Column.TARGET)).isEqualTo(whole.of(Column.BASE));
        talk.scale(-2.5);
        assertThat(TinyTalk.answers(talk, QUESTION, SAMPLING).of(Column.TARGET)).isNotEqualTo(whole.of(Column.TARGET));
        talk.scale(1);
        assertThat(TinyTalk.answers(talk, QUESTION, SAMPLING).of(Column.TARGET)).isEqualTo(whole.of(Column.TARGET));
    }

    @Test
    void aSystemPromptStandsBehindEachPromptOfAColumn() {
        Conversation plain = Conversation.of("Why?");
        try (Talk prompt = Talk.open(session, queue, new Target.Named.Prompt("Be sad."))) {
            int[] alone = TinyTalk.answers(prompt, plain, SAMPLING, Set.of(Column.TARGET))
                    .of(Column.TARGET);
            Conversation asSystem = new Conversation("Be sad.", List.of(), "Why?", new int[0], false);
            assertThat(TinyTalk.answers(talk, asSystem, SAMPLING, Set.of(Column.BASE))
                            .of(Column.BASE))
                    .isEqualTo(alone);
            Conversation more = new Conversation("Rhyme.", List.of(), "Why?", new int[0], false);
            Conversation both = new Conversation("Be sad.\n\nRhyme.", List.of(), "Why?", new int[0], false);
            assertThat(TinyTalk.answers(prompt, more, SAMPLING, Set.of(Column.TARGET))
                            .of(Column.TARGET))
                    .isEqualTo(TinyTalk.answers(talk, both, SAMPLING, Set.of(Column.BASE))
                            .of(Column.BASE));
        }
    }

    @Test
    void withoutATemplateTheTextIsGoneOnWith() {
        Conversation raw = new Conversation("", List.of(), "Once upon a", new int[0], true);
        int[] answer = TinyTalk.answers(talk, raw, Sampling.greedy(6), Set.of(Column.BASE))
                .of(Column.BASE);
        ChatModel chat = talk.chat();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            int[] read = chat.tokenizer().encode("Once upon a");
            for (int token : answer) {
                Tensor logits = chat.model()
                        .logits(
                                chat.model()
                                        .hidden(
                                                TokenBatch.of(read),
                                                null,
                                                Overlay.NONE,
                                                Positions.last(TokenBatch.of(read))),
                                Overlay.NONE);
                assertThat(Torch.toLongs(logits.argmax())[0]).isEqualTo(token);
                read = IntStream.concat(IntStream.of(read), IntStream.of(token)).toArray();
            }
        }
    }

    @Test
    void memoryIsFlatOverManyMessages() {
        long pointers = 0;
        long bytes = 0;
        for (int i = 0; i < 120; i++) {
            Conversation asked = Conversation.of("Message " + i + "?");
            int[] answer =
                    TinyTalk.answers(talk, asked, Sampling.defaults(8, i)).of(Column.MIXTURE);
            TinyTalk.reading(talk, asked.begun(answer), Column.MIXTURE, 5);
            if (i == 30) {
                pointers = Pointer.totalCount();
                bytes = Pointer.physicalBytes();
            }
        }
        assertThat(Pointer.totalCount() - pointers).isLessThan(2_000);
        assertThat(Pointer.physicalBytes() - bytes).isLessThan(128L << 20);
    }

    @Test
    void whatCannotBeIsRefusedInWords() {
        assertThatThrownBy(() -> new PromptList.Part(" ", 1, true)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new PromptList.Part("Hi", Double.NaN, true))
                .hasMessageStartingWith("weight: expected -100 to 100, found NaN");
        assertThatThrownBy(() -> talk.answer(new Ask(QUESTION, SAMPLING, Set.of(Column.SOFT)), new TinyTalk.Heard()))
                .hasMessageStartingWith("column: expected base, target or mixture, found soft");
        try (Talk prompt = Talk.open(session, queue, new Target.Named.Prompt("Be sad."))) {
            assertThatThrownBy(() -> prompt.scale(2)).hasMessageStartingWith("scale: expected an adapter, found a");
            assertThat(prompt.columns()).containsExactly(Column.BASE, Column.TARGET);
        }
    }
}
