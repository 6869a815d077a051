package assay.measure.probe;

import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Generator;
import assay.measure.behaviour.Sampling;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/// Conversations of several turns with long answers, on questions that people wrote: contexts beyond
/// those that lists are fitted on.
///
/// @param contexts one for each answer, all of a conversation with its number as their turn
/// @param turns of each context: 1 for the first answer of its conversation
public record LongTalk(List<Context> contexts, List<Integer> turns) {
    /// Longest answer, tokens.
    public static final int ANSWER_TOKENS = 128;

    private static final String QUESTIONS = "questions.txt";

    /// Keeps its own copies.
    public LongTalk {
        contexts = List.copyOf(contexts);
        turns = List.copyOf(turns);
    }

    /// The conversations that come with Assay: twenty of three questions each, written by hand for this
    /// purpose.
    public static List<List<String>> questions() {
        try (InputStream in = LongTalk.class.getResourceAsStream(QUESTIONS)) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.strip().split("\n\n"))
                    .map(part -> part.lines().toList())
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// Lets a behaviour answer conversations turn by turn, each turn behind its own answers before.
    ///
    /// Where the template writes longer conversations in another way, only first turns are asked.
    ///
    /// @param answer most tokens of an answer
    public static LongTalk of(
            ChatModel chat, Behaviour behaviour, List<List<String>> conversations, int answer, long seed) {
        Optional<int[]> between = chat.slot().betweenAnswerAndUser();
        List<int[]> said = new ArrayList<>(Collections.nCopies(conversations.size(), new int[0]));
        List<Context> contexts = new ArrayList<>();
        List<Integer> turns = new ArrayList<>();
        int longest = conversations.stream().mapToInt(List::size).max().orElse(0);
        for (int turn = 0; turn < (between.isPresent() ? longest : Math.min(1, longest)); turn++) {
            int at = turn;
            int[] asked = IntStream.range(0, conversations.size())
                    .filter(i -> at < conversations.get(i).size())
                    .toArray();
            for (int i : asked) {
                said.set(
                        i,
                        joined(
                                said.get(i),
                                chat.slot().user(conversations.get(i).get(turn))));
            }
            List<int[]> tails = Arrays.stream(asked)
                    .mapToObj(i -> chat.slot().tail(said.get(i), new int[0]))
                    .toList();
            Sampling sampling = Sampling.defaults(answer, seed + turn);
            List<int[]> answers =
                    new Generator(chat).continuations(behaviour, tails, sampling, chat.stopTokens()::contains);
            for (int k = 0; k < asked.length; k++) {
                int[] whole = ended(answers.get(k), answer, chat);
                int[] read = Arrays.copyOf(whole, whole.length - 1);
                contexts.add(new Context(asked[k], joined(tails.get(k), read), whole.length));
                turns.add(turn + 1);
                int[] answered = joined(chat.slot().betweenUserAndAnswer(), answers.get(k));
                said.set(asked[k], joined(joined(said.get(asked[k]), answered), between.orElse(new int[0])));
            }
        }
        return new LongTalk(contexts, turns);
    }

    /// An answer shorter than the limit ended by itself: its end is part of the behaviour.
    private static int[] ended(int[] answer, int most, ChatModel chat) {
        return answer.length >= most
                ? answer
                : joined(answer, new int[] {chat.slot().endOfAnswer()});
    }

    private static int[] joined(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
