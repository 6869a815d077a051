package assay.measure.behaviour;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.bytedeco.pytorch.Tensor;

/// Lets behaviours write answers, token by token.
///
/// A mixture of K prompts runs as K+1 rows of one batch; their final hidden states are added up with the
/// weights before one unembedding, so the mixture is sampled exactly.
public final class Generator {
    /// Finished answers are dropped from the batch when at most this share goes on.
    private static final double FEWER = 0.85;

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
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return written(List.of(AnswerWriter.behind(chat, behaviour, tails, 1)), tails.size(), sampling, over);
        }
    }

    private List<int[]> tails(List<int[]> userTurns) {
        return userTurns.stream()
                .map(turn -> chat.slot().tail(turn, new int[0]))
                .toList();
    }

    /// Answers in which `target` says most of what `other` would not: drawn from `p_target^(1+γ) / p_other^γ`,
    /// token by token (contrastive decoding, Li et al. 2023, arXiv 2210.15097).
    ///
    /// Both must share the unembedding, as all behaviours of a model do: logits are those of
    /// `(1+γ)·h_target − γ·h_other`.
    ///
    /// @param gamma γ: 0 gives the answers of `target`
    /// @param userTurns token ids of the user turns
    public List<int[]> contrasts(
            Behaviour target, Behaviour other, double gamma, List<int[]> userTurns, Sampling sampling) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<AnswerWriter> voices = List.of(
                    AnswerWriter.behind(chat, target, tails(userTurns), 1 + gamma),
                    AnswerWriter.behind(chat, other, tails(userTurns), -gamma));
            return written(voices, userTurns.size(), sampling, chat.stopTokens()::contains);
        }
    }

    /// Continues plain token sequences of the bare model, one stream each, all behind the same text.
    ///
    /// @param shared tokens in front of every sequence, read once; may be empty
    /// @param over tokens that end a sequence and are left out of it
    public List<int[]> continuations(int[] shared, List<int[]> sequences, Sampling sampling, IntPredicate over) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            AnswerWriter voice = AnswerWriter.continuing(chat, shared, sequences);
            return written(List.of(voice), sequences.size(), sampling, over);
        }
    }

    /// @param voices what writes the answers together: their hidden states are added up
    private List<int[]> written(List<AnswerWriter> voices, int answers, Sampling sampling, IntPredicate over) {
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < answers; i++) {
            drafts.add(new Draft(new Draw(sampling.seed(), i)));
        }
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

    private static int[] all(List<Draft> drafts) {
        return java.util.stream.IntStream.range(0, drafts.size()).toArray();
    }

    private static int[] kept(List<Draft> drafts) {
        return Arrays.stream(all(drafts)).filter(i -> !drafts.get(i).finished).toArray();
    }

    private int[] draw(List<AnswerWriter> voices, Sampling sampling, List<Draft> drafts) {
        try (TensorScope _ = new TensorScope()) {
            Tensor mixed = voices.getFirst().hidden();
            for (AnswerWriter voice : voices.subList(1, voices.size())) {
                mixed = mixed.add(voice.hidden());
            }
            int wanted = sampling.temperature() == 0 ? 1 : sampling.topK();
            double temperature = sampling.temperature() == 0 ? 1 : sampling.temperature();
            LanguageModel.Likeliest top =
                    chat.model().likeliest(mixed, voices.getFirst().overlay(), wanted, temperature);
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
