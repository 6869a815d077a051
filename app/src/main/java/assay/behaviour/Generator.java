package assay.behaviour;

import assay.model.ChatModel;
import assay.model.KeyValueCache;
import assay.model.LanguageModel;
import assay.model.Overlay;
import assay.model.Positions;
import assay.model.TokenBatch;
import assay.tensor.TensorScope;
import assay.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Lets behaviours write answers, token by token.
///
/// A mixture of K prompts runs as K+1 rows of one batch; their final hidden states are added up with the
/// weights before one
/// unembedding, so the mixture is sampled exactly.
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
        Behaviour.Filling only = behaviour.terms().getFirst().filling();
        if (only instanceof Behaviour.Filling.Soft) {
            List<int[]> tails = userTurns.stream()
                    .map(turn -> chat.slot().tail(turn, new int[0]))
                    .toList();
            try (TensorScope _ = TensorScope.withoutGradients()) {
                KeyValueCache prefix = Opening.read(chat, only, new int[0], behaviour.overlay());
                return continueEach(
                        prefix, tails, new float[] {1}, behaviour.overlay(), sampling, chat.stopTokens()::contains);
            }
        }
        List<int[]> sequences = new ArrayList<>();
        for (int[] turn : userTurns) {
            for (Behaviour.Term term : behaviour.terms()) {
                sequences.add(chat.slot().context(tokens(term), turn, new int[0]));
            }
        }
        float[] coefficients = new float[behaviour.terms().size()];
        for (int i = 0; i < coefficients.length; i++) {
            coefficients[i] = (float) behaviour.terms().get(i).coefficient();
        }
        return continueEach(null, sequences, coefficients, behaviour.overlay(), sampling, chat.stopTokens()::contains);
    }

    /// Only hard prompts are mixed: a soft prompt is a behaviour of one term.
    private static int[] tokens(Behaviour.Term term) {
        return switch (term.filling()) {
            case Behaviour.Filling.Text(int[] tokens) -> tokens;
            case Behaviour.Filling.Soft _ ->
                throw new IllegalArgumentException("behaviour: expected hard prompts in a mixture, found a soft one.");
        };
    }

    /// Continues plain token sequences of the bare model, one stream each, all behind the same text.
    ///
    /// @param shared tokens in front of every sequence, read once; may be empty
    /// @param over tokens that end a sequence and are left out of it
    public List<int[]> continuations(int[] shared, List<int[]> sequences, Sampling sampling, IntPredicate over) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            @Nullable
            KeyValueCache prefix =
                    shared.length == 0 ? null : chat.model().prefill(TokenBatch.of(shared), Overlay.NONE);
            return continueEach(prefix, sequences, new float[] {1}, Overlay.NONE, sampling, over);
        }
    }

    /// @param prefix what stands in front of every sequence, or null
    /// @param sequences for each answer, as many consecutive sequences as there are coefficients
    private List<int[]> continueEach(
            @Nullable KeyValueCache prefix,
            List<int[]> sequences,
            float[] coefficients,
            Overlay overlay,
            Sampling sampling,
            IntPredicate over) {
        int answers = sequences.size() / coefficients.length;
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < answers; i++) {
            drafts.add(new Draft(sampling.seed() * 1_000_003L + i));
        }
        List<Draft> open = drafts;
        try (TensorScope _ = TensorScope.withoutGradients()) {
            TokenBatch batch = new TokenBatch(sequences);
            LanguageModel.Step step = chat.model().step(batch, prefix, overlay, Positions.last(batch));
            for (int length = 0; length < sampling.maxTokens(); length++) {
                int[] next = draw(step.hidden(), coefficients, overlay, sampling, open);
                for (int i = 0; i < next.length; i++) {
                    open.get(i).take(next[i], over);
                }
                List<Draft> going =
                        open.stream().filter(draft -> !draft.finished).toList();
                if (going.isEmpty() || length == sampling.maxTokens() - 1) {
                    break;
                }
                boolean dropsFinished = going.size() <= FEWER * open.size();
                step = advance(next, dropsFinished ? kept(open) : all(open), coefficients.length, step, overlay);
                open = dropsFinished ? going : open;
            }
            return drafts.stream().map(Draft::answer).toList();
        }
    }

    private static int[] all(List<Draft> drafts) {
        return java.util.stream.IntStream.range(0, drafts.size()).toArray();
    }

    private static int[] kept(List<Draft> drafts) {
        return Arrays.stream(all(drafts)).filter(i -> !drafts.get(i).finished).toArray();
    }

    /// Feeds the token of each answer that goes on to all of its rows and frees what the step before it held.
    private LanguageModel.Step advance(
            int[] next, int[] going, int rowsPerAnswer, LanguageModel.Step step, Overlay overlay) {
        List<int[]> tokens = new ArrayList<>();
        int[] rows = new int[going.length * rowsPerAnswer];
        for (int i = 0; i < rows.length; i++) {
            int answer = going[i / rowsPerAnswer];
            rows[i] = answer * rowsPerAnswer + i % rowsPerAnswer;
            tokens.add(new int[] {next[answer]});
        }
        TokenBatch batch = new TokenBatch(tokens);
        try (TensorScope scope = new TensorScope()) {
            KeyValueCache cache =
                    going.length == next.length ? step.cache() : step.cache().select(rows);
            LanguageModel.Step following = chat.model().step(batch, cache, overlay, Positions.last(batch));
            following.keepIn(scope);
            step.free();
            return following;
        }
    }

    private int[] draw(Tensor hidden, float[] coefficients, Overlay overlay, Sampling sampling, List<Draft> drafts) {
        try (TensorScope _ = new TensorScope()) {
            Tensor weights = Torch.floats(coefficients, coefficients.length, 1);
            Tensor mixed = hidden.to(torch.ScalarType.Float)
                    .view(drafts.size(), coefficients.length, -1)
                    .mul(weights)
                    .sum(1);
            Tensor logits = chat.model().logits(mixed, overlay);
            int kept = sampling.temperature() == 0 ? 1 : (int) Math.min(sampling.topK(), logits.size(1));
            double temperature = sampling.temperature() == 0 ? 1 : sampling.temperature();
            T_TensorTensor_T top =
                    torch.softmax(logits.div(new Scalar(temperature)), -1).topk(kept);
            float[] shares = Torch.toFloats(top.get0());
            long[] tokens = Torch.toLongs(top.get1());
            int[] next = new int[drafts.size()];
            for (int i = 0; i < next.length; i++) {
                int rank = drafts.get(i).pick(shares, i * kept, kept, sampling.topP());
                next[i] = Math.toIntExact(tokens[i * kept + rank]);
            }
            return next;
        }
    }

    /// An answer being written.
    private static final class Draft {
        private final SplittableRandom random;
        private final List<Integer> tokens = new ArrayList<>();
        private boolean finished;

        Draft(long seed) {
            random = new SplittableRandom(seed);
        }

        /// Draws a rank from descending shares: the shortest head that holds `topP`, renormalised.
        int pick(float[] shares, int offset, int count, double topP) {
            double held = 0;
            int head = 0;
            while (head < count && held < topP) {
                held += shares[offset + head];
                head++;
            }
            double left = random.nextDouble() * held;
            for (int rank = 0; rank < head; rank++) {
                left -= shares[offset + rank];
                if (left < 0) {
                    return rank;
                }
            }
            return head - 1;
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
