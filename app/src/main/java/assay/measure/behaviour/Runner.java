package assay.measure.behaviour;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Unembedding;
import assay.engine.model.ChatModel;
import assay.engine.model.KeyValueCache;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Runs behaviours on contexts: one batched forward pass behind the cached prompt.
public final class Runner {
    /// Tokens per forward pass; larger batches gain nothing and cost memory. Passes run side by side.
    private static final int TOKENS_PER_PASS = 2048;

    private final ChatModel chat;
    private final WideHead head;
    private final StateShelf shelf;

    /// A runner over an open model, of behaviours that share its unembedding.
    public Runner(ChatModel chat) {
        this(chat, List.of());
    }

    /// The same where these behaviours may have an unembedding of their own: then states of all are wider, so that one
    /// matrix turns them into logits. What it needs for that belongs to the caller's scope.
    public Runner(ChatModel chat, List<? extends Behaviour> behaviours) {
        this(chat, new WideHead(chat.model(), behaviours), StateShelf.NONE);
    }

    private Runner(ChatModel chat, WideHead head, StateShelf shelf) {
        this.chat = chat;
        this.head = head;
        this.shelf = shelf;
    }

    /// The same, but what [#hiddenOnce] runs is kept from run to run.
    public Runner keeping(StateShelf other) {
        return new Runner(chat, head, other);
    }

    /// The model it runs.
    public ChatModel chat() {
        return chat;
    }

    /// The unembedding that its behaviours share: the model's, wider where one of them has its own.
    public Unembedding unembedding() {
        return head.unembedding();
    }

    /// Final hidden states of `behaviour` at all places of `contexts`, in order.
    ///
    /// @return `[place hidden]` float32, as wide as [#unembedding], owned by the caller's scope
    /// @throws assay.InputException if it has an unembedding of its own that this runner was not told of
    public Tensor hidden(Behaviour behaviour, List<Context> contexts) {
        try (TensorScope scope = new TensorScope()) {
            List<Behaviour.Term> terms = behaviour.terms();
            Tensor sum = hidden(terms.getFirst(), contexts);
            for (Behaviour.Term term : terms.subList(1, terms.size())) {
                sum = sum.add(hidden(term, contexts));
            }
            return scope.keep(sum);
        }
    }

    /// Whether [#hiddenOnce] looks this prompt's states up.
    public boolean keeps(HardPrompt prompt) {
        return head.isPlain() && shelf.keeps(prompt);
    }

    /// The same for a prompt on contexts in which no target has a part: looked up where it was run before.
    public Tensor hiddenOnce(HardPrompt prompt, List<Context> contexts) {
        return shelf.states(prompt, contexts, chat, () -> hidden(prompt, contexts));
    }

    private Tensor hidden(Behaviour.Term term, List<Context> contexts) {
        Overlay overlay = term.overlay();
        try (TensorScope scope = new TensorScope()) {
            SharedPrefix cut = SharedPrefix.of(contexts);
            KeyValueCache prefix = PromptCache.read(chat, term.filling(), cut.shared(), overlay);
            List<Tensor> parts = cut.isForked()
                    ? forked(cut, prefix, overlay, contexts)
                    : straight(cut.shared().length, prefix, overlay, contexts);
            Tensor narrow =
                    parts.size() == 1 ? parts.getFirst() : torch.cat(new TensorVector(parts.toArray(Tensor[]::new)), 0);
            Tensor whole = head.widened(narrow, overlay);
            return scope.keep(term.coefficient() == 1 ? whole : whole.mul(new Scalar(term.coefficient())));
        }
    }

    /// The residual stream after every block at all places of `contexts`, in order; for behaviours of one
    /// term.
    ///
    /// @return one `[place hidden]` float32 per block, owned by the caller's scope
    public List<Tensor> residuals(Behaviour behaviour, List<Context> contexts) {
        try (TensorScope scope = new TensorScope()) {
            Behaviour.Term term = behaviour.terms().getFirst();
            KeyValueCache prefix = PromptCache.read(chat, term.filling(), new int[0], behaviour.overlay());
            TokenBatch batch =
                    new TokenBatch(contexts.stream().map(Context::tail).toList());
            List<Tensor> residuals = chat.model().residuals(batch, prefix, behaviour.overlay(), places(contexts, 0));
            residuals.forEach(scope::keep);
            return residuals;
        }
    }

    /// Every context by itself behind the prefix.
    private List<Tensor> straight(int shared, KeyValueCache prefix, Overlay overlay, List<Context> contexts) {
        return passes(chunks(contexts), chunk -> {
            TokenBatch batch = new TokenBatch(chunk.contexts().stream()
                    .map(context -> Arrays.copyOfRange(context.tail(), shared, context.tail().length))
                    .toList());
            return chat.model().hidden(batch, prefix, overlay, places(chunk.contexts(), shared));
        });
    }

    /// Every question once, then the answers behind their questions.
    private List<Tensor> forked(SharedPrefix cut, KeyValueCache prefix, Overlay overlay, List<Context> contexts) {
        TokenBatch questions = new TokenBatch(cut.questions());
        KeyValueCache asked = chat.model()
                .step(questions, prefix, overlay, Positions.last(questions))
                .cache();
        return passes(chunks(contexts), chunk -> {
            TokenBatch answers = new TokenBatch(chunk.contexts().stream()
                    .map(context -> Arrays.copyOfRange(
                            context.tail(), context.tail().length - context.places(), context.tail().length))
                    .toList());
            int end = chunk.first() + chunk.contexts().size();
            KeyValueCache behind = asked.select(Arrays.copyOfRange(cut.questionOf(), chunk.first(), end));
            return chat.model().hidden(answers, behind, overlay, Positions.all(answers));
        });
    }

    /// Contexts of one pass.
    ///
    /// @param first number of the first among all
    private record Chunk(int first, List<Context> contexts) {}

    /// One pass over each chunk; all belong to the caller's scope.
    private static List<Tensor> passes(List<Chunk> chunks, Function<Chunk, Tensor> pass) {
        return GradMode.is_enabled() ? chunks.stream().map(pass).toList() : SideBySide.tensors(chunks, pass);
    }

    private static List<Chunk> chunks(List<Context> contexts) {
        List<Chunk> chunks = new ArrayList<>();
        int start = 0;
        int width = 0;
        for (int i = 0; i < contexts.size(); i++) {
            int wider = Math.max(width, contexts.get(i).tail().length);
            if (i > start && wider * (i - start + 1) > TOKENS_PER_PASS) {
                chunks.add(new Chunk(start, contexts.subList(start, i)));
                start = i;
                wider = contexts.get(i).tail().length;
            }
            width = wider;
        }
        chunks.add(new Chunk(start, contexts.subList(start, contexts.size())));
        return chunks;
    }

    private static Positions places(List<Context> contexts, int shared) {
        int total = contexts.stream().mapToInt(Context::places).sum();
        int[] rows = new int[total];
        int[] columns = new int[total];
        int at = 0;
        for (int row = 0; row < contexts.size(); row++) {
            Context context = contexts.get(row);
            for (int i = 0; i < context.places(); i++, at++) {
                rows[at] = row;
                columns[at] = context.tail().length - shared - context.places() + i;
            }
        }
        return new Positions(rows, columns);
    }
}
