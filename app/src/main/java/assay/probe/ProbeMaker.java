package assay.probe;

import assay.behaviour.Behaviour;
import assay.behaviour.Generator;
import assay.behaviour.Sampling;
import assay.model.ChatModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lets a model write its own probe: user turns, and answers to them by the base and under random prompts.
public final class ProbeMaker {
    /// Longest start of an answer, tokens.
    public static final int ANSWER_TOKENS = 16;
    private static final int LONGEST_TURN = 14;
    private static final int BATCH = 64;
    private static final Pattern TURN = Pattern.compile("^(.{12,90}?[?.!])(\\s|$)");
    private static final List<String> HEADS = List.of(
            "What",
            "How",
            "Write",
            "Can you",
            "I",
            "Explain",
            "Give",
            "Tell",
            "Why",
            "Who",
            "Is",
            "Describe",
            "List",
            "Name",
            "My",
            "Create",
            "Should",
            "Where",
            "When",
            "Please");

    private final ChatModel chat;
    private final Generator generator;

    /// A maker over an open model.
    public ProbeMaker(ChatModel chat) {
        this.chat = chat;
        this.generator = new Generator(chat);
    }

    /// How many user turns each split gets.
    public record Sizes(int search, int fit, int test) {
        /// 92 turns of up to 16 answer tokens each.
        public static Sizes defaults() {
            return new Sizes(20, 32, 40);
        }

        int total() {
            return search + fit + test;
        }
    }

    /// Writes the foreign probe.
    ///
    /// @param writers prompts under which answers are written; one answer in four is the base's instead
    public Probe make(Sizes sizes, List<String> writers, long seed) {
        List<String> users = userTurns(sizes.total(), seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<String> chosen = new ArrayList<>();
        List<int[]> sequences = new ArrayList<>();
        for (int i = 0; i < users.size(); i++) {
            String writer = i % 4 == 0 ? "" : writers.get(random.nextInt(writers.size()));
            chosen.add(writer);
            sequences.add(chat.slot()
                    .context(chat.tokenizer().encode(writer), chat.tokenizer().encode(users.get(i)), new int[0]));
        }
        List<int[]> answers = generator.continuations(new int[0], sequences, Sampling.defaults(ANSWER_TOKENS, seed));
        List<Probe.Turn> turns = new ArrayList<>();
        for (int i = 0; i < users.size(); i++) {
            turns.add(new Probe.Turn(users.get(i), split(i, sizes), chosen.get(i), ended(answers.get(i))));
        }
        return new Probe("foreign", turns);
    }

    /// The same turns answered by `behaviour` itself.
    public Probe own(Probe foreign, Behaviour behaviour, long seed) {
        List<String> users = foreign.turns().stream().map(Probe.Turn::user).toList();
        return foreign.withAnswers("own", behaviour.name(), answers(behaviour, users, seed));
    }

    private List<int[]> answers(Behaviour behaviour, List<String> users, long seed) {
        List<int[]> tokens =
                users.stream().map(user -> chat.tokenizer().encode(user)).toList();
        Sampling sampling = Sampling.defaults(ANSWER_TOKENS, seed);
        return generator.answers(behaviour, tokens, sampling).stream()
                .map(this::ended)
                .toList();
    }

    /// An answer shorter than the limit ended by itself: its end is part of the behaviour.
    private int[] ended(int[] answer) {
        if (answer.length >= ANSWER_TOKENS) {
            return answer;
        }
        int[] whole = Arrays.copyOf(answer, answer.length + 1);
        whole[answer.length] = chat.slot().endOfAnswer();
        return whole;
    }

    private static Probe.Split split(int index, Sizes sizes) {
        if (index < sizes.search()) {
            return Probe.Split.SEARCH;
        }
        return index < sizes.search() + sizes.fit() ? Probe.Split.FIT : Probe.Split.TEST;
    }

    private List<String> userTurns(int count, long seed) {
        int[] opening =
                chat.slot().context(chat.tokenizer().encode("You are a helpful AI assistant"), new int[0], new int[0]);
        int[] shared = Arrays.copyOf(opening, opening.length - chat.slot().betweenUserAndAnswer().length);
        Map<String, String> turns = new LinkedHashMap<>();
        for (long round = 0; turns.size() < count; round++) {
            List<int[]> starts = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                starts.add(chat.tokenizer().encode(HEADS.get(i % HEADS.size())));
            }
            List<int[]> written = generator.continuations(shared, starts, Sampling.defaults(24, seed * 1_000 + round));
            for (int i = 0; i < BATCH && turns.size() < count; i++) {
                String text = HEADS.get(i % HEADS.size()) + chat.tokenizer().decode(written.get(i));
                Matcher sentence = TURN.matcher(text.lines().findFirst().orElse(""));
                if (sentence.find() && chat.tokenizer().encode(sentence.group(1)).length <= LONGEST_TURN) {
                    turns.putIfAbsent(sentence.group(1).toLowerCase(java.util.Locale.ROOT), sentence.group(1));
                }
            }
        }
        return List.copyOf(turns.values());
    }
}
