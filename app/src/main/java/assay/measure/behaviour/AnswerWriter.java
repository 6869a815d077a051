package assay.measure.behaviour;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.KeyValueCache;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// One behaviour in the middle of writing answers: its rows, under its own overlay and behind its own cache.
///
/// Every answer is as many rows as there are coefficients. What it holds belongs to the scope it was made in.
final class AnswerWriter {
    private final ChatModel chat;
    private final Overlay overlay;
    private final float[] coefficients;
    private LanguageModel.Step step;

    /// @param prefix what stands in front of every sequence, or null
    /// @param sequences for each answer, as many consecutive sequences as there are coefficients
    /// @param room tokens to come
    private AnswerWriter(
            ChatModel chat,
            Overlay overlay,
            @Nullable KeyValueCache prefix,
            List<int[]> sequences,
            float[] coefficients,
            int room) {
        this.chat = chat;
        this.overlay = overlay;
        this.coefficients = coefficients;
        TokenBatch batch = new TokenBatch(sequences);
        LanguageModel.Step read = chat.model().step(batch, prefix, overlay, Positions.last(batch));
        this.step = room > 0 && !read.cache().hasTrunk() ? withRoom(read, room) : read;
    }

    private static LanguageModel.Step withRoom(LanguageModel.Step read, int room) {
        int[] tokens = read.cache().nextPositions();
        List<KeyValueCache.Beginning> rows = IntStream.range(0, tokens.length)
                .mapToObj(row -> new KeyValueCache.Beginning(read.cache(), row, tokens[row]))
                .toList();
        LanguageModel.Step roomy = new LanguageModel.Step(read.hidden(), KeyValueCache.packed(rows, room));
        read.cache().free();
        return roomy;
    }

    /// A behaviour about to go on in the slot: its readable parts under one overlay together, every other part by
    /// itself.
    ///
    /// @param tails what follows its prompt, one for every answer
    /// @param factor of its hidden states
    /// @param room tokens to come
    static List<AnswerWriter> behind(ChatModel chat, Behaviour behaviour, List<int[]> tails, double factor, int room) {
        List<AnswerWriter> writers = new ArrayList<>();
        List<Behaviour.Term> left = new ArrayList<>(behaviour.terms());
        while (!left.isEmpty()) {
            Behaviour.Term first = left.getFirst();
            List<Behaviour.Term> alike = first.filling() instanceof Behaviour.Filling.Text
                    ? left.stream()
                            .filter(term -> isReadUnder(term, first.overlay()))
                            .toList()
                    : List.of(first);
            left.removeAll(alike);
            writers.add(together(chat, alike, tails, factor, room));
        }
        return writers;
    }

    private static boolean isReadUnder(Behaviour.Term term, Overlay overlay) {
        return term.filling() instanceof Behaviour.Filling.Text
                && term.overlay().equals(overlay);
    }

    private static AnswerWriter together(
            ChatModel chat, List<Behaviour.Term> terms, List<int[]> tails, double factor, int room) {
        float[] coefficients = new float[terms.size()];
        for (int i = 0; i < coefficients.length; i++) {
            coefficients[i] = (float) (factor * terms.get(i).coefficient());
        }
        Overlay overlay = terms.getFirst().overlay();
        List<int[]> sequences = new ArrayList<>();
        for (int[] tail : tails) {
            for (Behaviour.Term term : terms) {
                switch (term.filling()) {
                    case Behaviour.Filling.Text(int[] tokens) ->
                        sequences.add(PromptCache.joined(chat.slot().prefix(tokens), tail));
                    case Behaviour.Filling.Soft soft -> {
                        KeyValueCache prefix = PromptCache.read(chat, soft, new int[0], overlay);
                        return new AnswerWriter(chat, overlay, prefix, tails, coefficients, room);
                    }
                }
            }
        }
        return new AnswerWriter(chat, overlay, null, sequences, coefficients, room);
    }

    /// The bare model about to continue plain sequences behind the same tokens, which may be none.
    ///
    /// @param room tokens to come
    static AnswerWriter continuing(ChatModel chat, int[] shared, List<int[]> sequences, int room) {
        @Nullable
        KeyValueCache prefix = shared.length == 0 ? null : chat.model().prefill(TokenBatch.of(shared), Overlay.NONE);
        return new AnswerWriter(chat, Overlay.NONE, prefix, sequences, new float[] {1}, room);
    }

    /// What it runs under.
    Overlay overlay() {
        return overlay;
    }

    /// Where it stands: its final hidden states added up `[answer hidden]`, in the caller's scope.
    Tensor hidden() {
        try (TensorScope scope = new TensorScope()) {
            Tensor states = step.hidden().to(torch.ScalarType.Float);
            return scope.keep(states.view(states.size(0) / coefficients.length, coefficients.length, states.size(1))
                    .mul(Torch.floats(coefficients, coefficients.length, 1))
                    .sum(1));
        }
    }

    /// Feeds the next token of each answer that goes on to all of its rows and frees what the step before it held.
    ///
    /// @param next a token for every answer
    /// @param going the answers that go on, and no others from here on
    void advance(int[] next, int[] going) {
        List<int[]> tokens = new ArrayList<>();
        int[] rows = new int[going.length * coefficients.length];
        for (int i = 0; i < rows.length; i++) {
            int answer = going[i / coefficients.length];
            rows[i] = answer * coefficients.length + i % coefficients.length;
            tokens.add(new int[] {next[answer]});
        }
        TokenBatch batch = new TokenBatch(tokens);
        try (TensorScope scope = new TensorScope()) {
            boolean goesOn = going.length == next.length;
            KeyValueCache cache = goesOn ? step.cache() : step.cache().select(rows);
            LanguageModel.Step following = chat.model().step(batch, cache, overlay, Positions.last(batch));
            following.keepIn(scope);
            step.free();
            if (!goesOn) {
                step.cache().freeRoom();
            }
            step = following;
        }
    }
}
