package assay.discover.predict;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.KeyValueCache;
import assay.engine.model.Overlay;
import assay.engine.model.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Reads prompts by themselves, without any context: a prompt's *reading* is what the model's own hidden
/// states say of it.
///
/// A reading is three states after the first blocks ([Extent]), side by side: of the last token read in front of the
/// user turn, of the prompt's last token, and the mean over the prompt. The remaining blocks are not run: they
/// say no more (docs/log/2026-11-25-predicting-what-a-prompt-does.md).
///
/// @param after literal tokens that are read behind the prompt
public record PromptReader(ChatModel chat, Extent extent, int[] after) {
    /// Share of the blocks that is run.
    private static final double DEPTH = 0.6;
    /// Tokens read between prompt and user turn: the first says nearly what the last would, and the others are a
    /// third of the work (docs/log/2026-11-25-bench-predictor.md).
    private static final int CLOSING = 1;
    /// Prompts read in one pass.
    private static final int BATCH = 48;

    /// How much is read.
    ///
    /// @param blocks how many of the model's blocks are run
    /// @param closing how many of the slot's literal tokens between prompt and user turn are read, at most
    public record Extent(int blocks, int closing) {
        /// What is read unless told otherwise.
        public static Extent of(ChatModel chat) {
            return new Extent(blocks(chat.model().layers()), CLOSING);
        }

        static int blocks(int layers) {
            return Math.max(1, (int) Math.round(DEPTH * layers));
        }

        /// For names of files: readings of another extent are other readings.
        public String key() {
            return blocks + "-" + closing;
        }
    }

    /// A reader over an open model.
    public PromptReader(ChatModel chat) {
        this(chat, Extent.of(chat));
    }

    /// A reader that reads more or less than usual.
    public PromptReader(ChatModel chat, Extent extent) {
        int[] closing = chat.slot().betweenPromptAndUser();
        int[] after = Arrays.copyOf(closing, Math.min(extent.closing(), closing.length));
        this(chat, new Extent(extent.blocks(), after.length), after);
    }

    /// Numbers in a reading.
    public int width() {
        return 3 * chat.model().hidden();
    }

    /// Readings of prompts, in order, read side by side.
    ///
    /// @param prompts token ids; none may be empty
    /// @return `[prompt, width]`
    public float[][] read(List<int[]> prompts) {
        float[][] readings = new float[prompts.size()][];
        List<Integer> order = IntStream.range(0, prompts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> prompts.get(i).length))
                .toList();
        List<Runnable> pieces = new ArrayList<>();
        for (int start = 0; start < order.size(); start += BATCH) {
            List<Integer> part = order.subList(start, Math.min(order.size(), start + BATCH));
            pieces.add(() -> read(prompts, part, readings));
        }
        SideBySide.run(pieces);
        return readings;
    }

    private void read(List<int[]> prompts, List<Integer> part, float[][] readings) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<int[]> some = part.stream().map(prompts::get).toList();
            float[] values = Torch.toFloats(readEmbedded(embedded(some), some, chat.opening()));
            int width = width();
            for (int i = 0; i < part.size(); i++) {
                readings[part.get(i)] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
            }
        }
    }

    /// Input embeddings `[prompt token hidden]` of prompts and of what is read behind them, padded; in the caller's
    /// scope.
    public Tensor embedded(List<int[]> prompts) {
        return chat.model().embed(batch(prompts), Overlay.NONE);
    }

    /// Readings `[prompt width]` from such embeddings; differentiable in them inside a scope with gradients.
    ///
    /// @param embeddings from [#embedded]
    /// @param prompts the same
    /// @param opening from [ChatModel#opening()]
    public Tensor readEmbedded(Tensor embeddings, List<int[]> prompts, @Nullable KeyValueCache opening) {
        Tensor states = chat.model()
                .statesAfter(extent.blocks(), embeddings, batch(prompts).lengths(), opening);
        return pooled(states, prompts.stream().mapToInt(tokens -> tokens.length).toArray());
    }

    private TokenBatch batch(List<int[]> prompts) {
        return new TokenBatch(
                prompts.stream().map(tokens -> joined(tokens, after)).toList());
    }

    /// @param states `[token hidden]` of all sequences, prompt and what follows it
    /// @param lengths tokens of each prompt
    private Tensor pooled(Tensor states, int[] lengths) {
        int count = lengths.length;
        long[] last = new long[count];
        long[] lastOfPrompt = new long[count];
        int at = 0;
        TensorVector means = new TensorVector();
        for (int i = 0; i < count; i++) {
            lastOfPrompt[i] = at + lengths[i] - 1L;
            last[i] = at + lengths[i] + after.length - 1L;
            means.push_back(states.narrow(0, at, lengths[i]).mean(0));
            at += lengths[i] + after.length;
        }
        return torch.cat(
                new TensorVector(
                        states.index_select(0, Torch.longs(last, count)),
                        states.index_select(0, Torch.longs(lastOfPrompt, count)),
                        torch.stack(means)),
                1);
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }
}
