package assay.measure.probe;

import assay.InputException;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Generator;
import assay.measure.behaviour.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lets a model write its own probe: user turns, and answers to them by the base and under random prompts.
public final class ProbeMaker {
    /// Longest start of an answer, tokens.
    public static final int ANSWER_TOKENS = 16;
    private static final int LONGEST_TURN = 14;
    private static final int BATCH = 64;
    private static final int MOST_ROUNDS = 60;
    /// Rounds after which it is seen whether all of them would do.
    private static final int LOOK = 2;

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
    private final IntConsumer wrote;

    /// A maker over an open model.
    public ProbeMaker(ChatModel chat) {
        this(chat, _ -> {});
    }

    /// The same for somebody who waits.
    ///
    /// @param wrote hears after every round how many user turns the model added; may throw to stop
    public ProbeMaker(ChatModel chat, IntConsumer wrote) {
        this.chat = chat;
        this.generator = new Generator(chat);
        this.wrote = wrote;
    }

    /// How many user turns each split gets.
    public record Sizes(int search, int fit, int test) {
        /// 92 turns of up to 16 answer tokens each.
        public static Sizes defaults() {
            return new Sizes(20, 32, 40);
        }

        /// Of all splits.
        public int total() {
            return search + fit + test;
        }
    }

    /// Writes the foreign probe.
    ///
    /// @param writers prompts under which answers are written; one answer in four is the base's instead
    public Probe make(Sizes sizes, List<String> writers, long seed) {
        return make(sizes, writers, List.of(), seed);
    }

    /// The same where instructions stand for user turns if the model writes too few.
    ///
    /// @param spare the instructions, of which the shortest are taken
    public Probe make(Sizes sizes, List<String> writers, List<String> spare, long seed) {
        List<String> users = userTurns(sizes.total(), List.of(), spare, seed);
        List<Probe.Split> splits = new ArrayList<>();
        for (int i = 0; i < users.size(); i++) {
            splits.add(split(i, sizes));
        }
        return new Probe("foreign", answered(users, splits, writers, seed));
    }

    /// A foreign probe of given user turns, answered by the base.
    ///
    /// @param splits one per user turn
    public Probe of(List<String> users, List<Probe.Split> splits, long seed) {
        return new Probe("foreign", answered(users, splits, List.of(), seed));
    }

    /// `probe` with as many user turns more on its fit split: nothing on which it measures is touched.
    ///
    /// @param writers as for [#make]
    public Probe grown(Probe probe, int more, List<String> writers, long seed) {
        List<String> known = probe.turns().stream().map(Probe.Turn::user).toList();
        List<String> users = userTurns(more, known, List.of(), seed);
        List<Probe.Turn> turns = new ArrayList<>(probe.turns());
        turns.addAll(answered(users, Collections.nCopies(users.size(), Probe.Split.FIT), writers, seed));
        return new Probe(probe.name(), turns);
    }

    /// User turns written by the model.
    ///
    /// @throws InputException if it writes too few
    public List<String> userTurns(int count, long seed) {
        return userTurns(count, List.of(), List.of(), seed);
    }

    private List<Probe.Turn> answered(List<String> users, List<Probe.Split> splits, List<String> writers, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> chosen = new ArrayList<>();
        List<int[]> sequences = new ArrayList<>();
        for (int i = 0; i < users.size(); i++) {
            String writer = i % 4 == 0 || writers.isEmpty() ? "" : writers.get(random.nextInt(writers.size()));
            chosen.add(writer);
            sequences.add(chat.slot()
                    .context(chat.tokenizer().encode(writer), chat.slot().user(users.get(i)), new int[0]));
        }
        List<int[]> answers = generator.continuations(
                new int[0], sequences, Sampling.defaults(ANSWER_TOKENS, seed), chat.stopTokens()::contains);
        List<Probe.Turn> turns = new ArrayList<>();
        for (int i = 0; i < users.size(); i++) {
            turns.add(new Probe.Turn(users.get(i), splits.get(i), chosen.get(i), ended(answers.get(i))));
        }
        return turns;
    }

    /// Every second turn of the search and test splits and every turn of the fit split, answered by
    /// `behaviour` itself.
    public Probe ownToLearnFrom(Probe foreign, Behaviour behaviour, long seed) {
        return own(chosen(foreign, 1), behaviour, seed);
    }

    /// Every second turn of every split, answered by `behaviour` itself.
    public Probe own(Probe foreign, Behaviour behaviour, long seed) {
        return own(chosen(foreign, 2), behaviour, seed);
    }

    /// Every second turn of every split of `foreign`, with the answers of `answered`, which must have them.
    public static Probe everySecond(Probe foreign, Probe answered) {
        Map<String, Probe.Turn> byUser = new HashMap<>();
        answered.turns().forEach(turn -> byUser.put(turn.user(), turn));
        List<Probe.Turn> kept = new ArrayList<>();
        for (Probe.Turn turn : chosen(foreign, 2)) {
            Probe.Turn own = byUser.get(turn.user());
            if (own != null) {
                kept.add(own);
            }
        }
        return new Probe(answered.name(), kept);
    }

    /// Every second turn of the search and test splits, every `stride`-th of the fit split.
    private static List<Probe.Turn> chosen(Probe foreign, int stride) {
        List<Probe.Turn> chosen = new ArrayList<>();
        for (Probe.Split split : Probe.Split.values()) {
            List<Probe.Turn> turns = foreign.turns(split);
            for (int i = 0; i < turns.size(); i += split == Probe.Split.FIT ? stride : 2) {
                chosen.add(turns.get(i));
            }
        }
        return chosen;
    }

    private Probe own(List<Probe.Turn> chosen, Behaviour behaviour, long seed) {
        List<int[]> answers =
                answers(behaviour, chosen.stream().map(Probe.Turn::user).toList(), seed);
        return new Probe("own", chosen).withAnswers("own", behaviour.name(), answers);
    }

    private List<int[]> answers(Behaviour behaviour, List<String> users, long seed) {
        List<int[]> tokens = users.stream().map(chat.slot()::user).toList();
        return answersOf(behaviour, tokens, Sampling.defaults(ANSWER_TOKENS, seed));
    }

    /// Starts of answers by a behaviour, the end of an answer included where it came.
    ///
    /// @param tokens token ids of the user turns
    public List<int[]> answersOf(Behaviour behaviour, List<int[]> tokens, Sampling sampling) {
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

    /// @param known turns that must not be written again
    /// @param spare what stands for them if the model writes too few; nothing to refuse it then
    private List<String> userTurns(int count, List<String> known, List<String> spare, long seed) {
        int[] opening =
                chat.slot().context(chat.tokenizer().encode("You are a helpful AI assistant"), new int[0], new int[0]);
        int[] shared = Arrays.copyOf(opening, opening.length - chat.slot().betweenUserAndAnswer().length);
        List<String> turns = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        known.forEach(turn -> taken.add(Probe.normal(turn)));
        for (long round = 0; turns.size() < count; round++) {
            boolean isHopeless = round == LOOK
                    && (turns.isEmpty() || !spare.isEmpty())
                    && (long) turns.size() * MOST_ROUNDS < (long) count * LOOK;
            if (isHopeless || round == MOST_ROUNDS) {
                return filled(turns, taken, count, spare, round);
            }
            int before = turns.size();
            List<int[]> starts = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                starts.add(chat.slot().user(HEADS.get(i % HEADS.size())));
            }
            List<int[]> written = generator.continuations(
                    shared,
                    starts,
                    Sampling.defaults(24, seed * 1_000 + round),
                    token -> chat.tokenizer().decode(new int[] {token}).contains("\n"));
            for (int i = 0; i < BATCH && turns.size() < count; i++) {
                String text = HEADS.get(i % HEADS.size()) + chat.tokenizer().continued(written.get(i));
                Matcher sentence = TURN.matcher(text.lines().findFirst().orElse(""));
                if (sentence.find()
                        && chat.tokenizer().encode(sentence.group(1)).length <= LONGEST_TURN
                        && taken.add(Probe.normal(sentence.group(1)))) {
                    turns.add(sentence.group(1));
                }
            }
            wrote.accept(turns.size() - before);
        }
        return turns;
    }

    private List<String> filled(List<String> turns, Set<String> taken, int count, List<String> spare, long rounds) {
        List<String> all = new ArrayList<>(turns);
        spare.stream()
                .sorted(Comparator.comparingInt(text -> chat.tokenizer().encode(text).length))
                .filter(text -> taken.add(Probe.normal(text)))
                .limit(count - turns.size())
                .forEach(all::add);
        if (all.size() < count) {
            throw new InputException("probe: expected the model to write " + count + " user turns, found "
                    + turns.size() + " usable ones after " + rounds + " rounds ("
                    + chat.model().name()
                    + "). Use an instruction-tuned model.");
        }
        return all;
    }
}
