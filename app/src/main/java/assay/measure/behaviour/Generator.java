package assay.measure.behaviour;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Lets behaviours write answers, token by token.
///
/// A mixture of K prompts runs as K+1 rows of one batch; their final hidden states are added up with the
/// weights before one unembedding, so the mixture is sampled exactly.
public final class Generator {
    /// Finished answers are dropped from the batch when at most this share goes on.
    private static final double FEWER = 0.85;

    /// Most answers of one batch; several batches are written side by side.
    private static final int TOGETHER = 48;

    /// Rows of a batch from which on operations are worth more than one core.
    private static final int MANY = 8;

    private final ChatModel chat;

    /// A generator over an open model.
    public Generator(ChatModel chat) {
        this.chat = chat;
    }

    /// Answers of `behaviour` to user turns, one per turn, stop token left out.
    ///
    /// @param userTurns token ids of the user turns
    public List<int[]> answers(Behaviour behaviour, List<int[]> userTurns, Sampling sampling) {
        return continuations(behaviour, tails(userTurns), sampling, chat.stopTokens()::contains);
    }

    /// What `behaviour` writes next, in the middle of answers.
    ///
    /// @param tails all that follows its prompt in the slot: a user turn and the beginning of an answer
    /// @param over tokens that end an answer and are left out of it
    public List<int[]> continuations(Behaviour behaviour, List<int[]> tails, Sampling sampling, IntPredicate over) {
        int parts = (tails.size() + TOGETHER - 1) / TOGETHER;
        List<int[]> bounds = IntStream.range(0, parts)
                .mapToObj(part -> new int[] {part * tails.size() / parts, (part + 1) * tails.size() / parts})
                .toList();
        Function<int[], List<int[]>> write = part -> {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                List<int[]> some = tails.subList(part[0], part[1]);
                List<AnswerWriter> voices = AnswerWriter.behind(chat, behaviour, some, 1, room(sampling));
                return written(voices, drafts(part[0], part[1], sampling.seed()), sampling, over);
            }
        };
        boolean isOneLarge = parts == 1 && tails.size() * behaviour.terms().size() > MANY;
        List<List<int[]>> all = isOneLarge ? List.of(write.apply(bounds.getFirst())) : SideBySide.map(bounds, write);
        return all.stream().flatMap(List::stream).toList();
    }

    /// Tokens behind the first one, which needs none.
    private static int room(Sampling sampling) {
        return sampling.maxTokens() - 1;
    }

    private List<int[]> tails(List<int[]> userTurns) {
        return userTurns.stream()
                .map(turn -> chat.slot().tail(turn, new int[0]))
                .toList();
    }

    /// Answers in which `target` says most of what `other` would not: drawn from `p_target^(1+γ) / p_other^γ`,
    /// token by token (contrastive decoding, Li et al. 2023, arXiv 2210.15097).
    ///
    /// @param gamma γ: 0 gives the answers of `target`
    /// @param userTurns token ids of the user turns
    public List<int[]> contrasts(
            Behaviour target, Behaviour other, double gamma, List<int[]> userTurns, Sampling sampling) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<AnswerWriter> voices =
                    new ArrayList<>(AnswerWriter.behind(chat, target, tails(userTurns), 1 + gamma, room(sampling)));
            voices.addAll(AnswerWriter.behind(chat, other, tails(userTurns), -gamma, room(sampling)));
            return written(voices, drafts(0, userTurns.size(), sampling.seed()), sampling, chat.stopTokens()::contains);
        }
    }

    /// Continues plain token sequences of the bare model, one stream each, all behind the same text.
    ///
    /// @param shared tokens in front of every sequence, read once; may be empty
    /// @param over tokens that end a sequence and are left out of it
    public List<int[]> continuations(int[] shared, List<int[]> sequences, Sampling sampling, IntPredicate over) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            AnswerWriter voice = AnswerWriter.continuing(chat, shared, sequences, room(sampling));
            return written(List.of(voice), drafts(0, sequences.size(), sampling.seed()), sampling, over);
        }
    }

    /// @param voices what writes the answers together: their logits are added up
    private List<int[]> written(List<AnswerWriter> voices, List<Draft> drafts, Sampling sampling, IntPredicate over) {
        List<Draft> open = drafts;
        for (int length = 1; length <= sampling.maxTokens(); length++) {
            int[] next = draw(voices, sampling, open);
            for (int i = 0; i < next.length; i++) {
                open.get(i).take(next[i], over);
            }
            List<Draft> going = open.stream().filter(draft -> !draft.finished).toList();
            if (going.isEmpty() || length == sampling.maxTokens()) {
                break;
            }
            boolean dropsFinished = going.size() <= FEWER * open.size();
            int[] rows = dropsFinished ? kept(open) : all(open);
            voices.forEach(voice -> voice.advance(next, rows));
            open = dropsFinished ? going : open;
        }
        return drafts.stream().map(Draft::answer).toList();
    }

    /// Empty answers, each with a stream of its own by its number among all.
    private static List<Draft> drafts(int from, int to, long seed) {
        return IntStream.range(from, to)
                .mapToObj(i -> new Draft(new Draw(seed, i)))
                .toList();
    }

    private static int[] all(List<Draft> drafts) {
        return IntStream.range(0, drafts.size()).toArray();
    }

    private static int[] kept(List<Draft> drafts) {
        return Arrays.stream(all(drafts)).filter(i -> !drafts.get(i).finished).toArray();
    }

    private int[] draw(List<AnswerWriter> voices, Sampling sampling, List<Draft> drafts) {
        try (TensorScope _ = new TensorScope()) {
            LanguageModel.Likeliest top = likeliest(voices, sampling);
            float[] shares = Torch.toFloats(top.shares());
            long[] tokens = Torch.toLongs(top.tokens());
            int kept = Math.toIntExact(top.shares().size(1));
            int[] next = new int[drafts.size()];
            for (int i = 0; i < next.length; i++) {
                int rank = drafts.get(i).draw.pick(shares, i * kept, kept, sampling.topP());
                next[i] = Math.toIntExact(tokens[i * kept + rank]);
            }
            return next;
        }
    }

    /// The likeliest next tokens of all together: where all share the unembedding, of the sum of their states.
    private LanguageModel.Likeliest likeliest(List<AnswerWriter> voices, Sampling sampling) {
        int wanted = sampling.temperature() == 0 ? 1 : sampling.topK();
        double temperature = sampling.temperature() == 0 ? 1 : sampling.temperature();
        LanguageModel model = chat.model();
        boolean isShared = voices.stream().noneMatch(voice -> voice.overlay().changesUnembedding());
        Tensor mixed = isShared
                ? voices.getFirst().hidden()
                : model.logits(voices.getFirst().hidden(), voices.getFirst().overlay());
        for (AnswerWriter voice : voices.subList(1, voices.size())) {
            mixed = mixed.add(isShared ? voice.hidden() : model.logits(voice.hidden(), voice.overlay()));
        }
        return isShared
                ? model.likeliest(mixed, voices.getFirst().overlay(), wanted, temperature)
                : model.likeliestOf(mixed, wanted, temperature);
    }

    /// An answer being written.
    private static final class Draft {
        private final Draw draw;
        private final List<Integer> tokens = new ArrayList<>();
        private boolean finished;

        Draft(Draw draw) {
            this.draw = draw;
        }

        void take(int token, IntPredicate over) {
            if (finished) {
                return;
            }
            finished = over.test(token);
            if (!finished) {
                tokens.add(token);
            }
        }

        int[] answer() {
            return tokens.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
