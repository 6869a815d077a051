package assay.lab.predicates;

import assay.engine.model.ChatModel;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Generator;
import assay.measure.behaviour.Sampling;
import assay.measure.decompose.SplitContexts;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Contexts where a predicate shows: a user turn that asks for nothing in particular, a forced start of an
/// answer, and the next tokens of the answer, which are the places compared.
///
/// Foreign answers are written by the base, under the category's prompt and under random prompts in turn,
/// own ones under the predicate's.
final class SpecialContexts {
    private final ChatModel chat;
    private final PredicateSpec spec;
    private final PredicateOptions.Special sizes;
    private final List<Asked> asked;
    private final List<int[]> foreign;
    private final List<int[]> own;

    /// @param turn number of the user turn
    /// @param user its tokens
    /// @param start tokens of the forced start
    private record Asked(Probe.Split split, int turn, int[] user, int[] start) {}

    /// Lets the answers be written.
    ///
    /// @param writers random prompts, besides base and category
    SpecialContexts(
            ChatModel chat, PredicateSpec spec, PredicateOptions.Special sizes, List<String> writers, long seed) {
        this.chat = chat;
        this.spec = spec;
        this.sizes = sizes;
        this.asked = asked();
        List<String> all = new ArrayList<>(List.of("", spec.category()));
        all.addAll(writers);
        this.foreign = written(all, seed);
        this.own = written(List.of(spec.prompt()), seed + 1);
    }

    private List<Asked> asked() {
        List<Asked> contexts = new ArrayList<>();
        int turn = 0;
        for (Probe.Split split : Probe.Split.values()) {
            for (String user : turns(split)) {
                int[] tokens = chat.slot().user(user);
                for (String start : spec.starts()
                        .subList(0, Math.min(sizes.starts(), spec.starts().size()))) {
                    contexts.add(new Asked(split, turn, tokens, chat.slot().answer(start)));
                }
                turn++;
            }
        }
        return contexts;
    }

    private List<String> turns(Probe.Split split) {
        int most = switch (split) {
            case SEARCH -> sizes.search();
            case FIT -> sizes.fit();
            case TEST -> sizes.test();
        };
        List<String> turns = spec.turns().of(split);
        return turns.subList(0, Math.min(most, turns.size()));
    }

    /// One answer per context; writers take turns.
    private List<int[]> written(List<String> writers, long seed) {
        List<int[]> sequences = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            int[] writer = chat.tokenizer().encode(writers.get(i % writers.size()));
            sequences.add(chat.slot()
                    .context(writer, asked.get(i).user(), asked.get(i).start()));
        }
        return new Generator(chat)
                        .continuations(
                                new int[0],
                                sequences,
                                Sampling.defaults(sizes.tokens(), seed),
                                chat.stopTokens()::contains)
                        .stream()
                        .map(this::ended)
                        .toList();
    }

    /// An answer shorter than the limit ended by itself: its end is part of the behaviour.
    private int[] ended(int[] answer) {
        if (answer.length >= sizes.tokens()) {
            return answer;
        }
        int[] whole = Arrays.copyOf(answer, answer.length + 1);
        whole[answer.length] = chat.slot().endOfAnswer();
        return whole;
    }

    /// The contexts of one split.
    SplitContexts of(Probe.Split split) {
        return new SplitContexts(contexts(split, foreign), contexts(split, own));
    }

    private List<Context> contexts(Probe.Split split, List<int[]> answers) {
        List<Context> contexts = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Asked at = asked.get(i);
            if (at.split() == split) {
                contexts.add(answered(chat, at.turn(), at.user(), at.start(), answers.get(i)));
            }
        }
        return contexts;
    }

    /// A context that compares the places of `answer` behind `start`.
    static Context answered(ChatModel chat, int turn, int[] user, int[] start, int[] answer) {
        int[] read = Arrays.copyOf(start, start.length + answer.length - 1);
        System.arraycopy(answer, 0, read, start.length, answer.length - 1);
        return new Context(turn, chat.slot().tail(user, read), answer.length);
    }
}
