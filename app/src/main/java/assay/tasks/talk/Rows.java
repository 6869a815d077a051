package assay.tasks.talk;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.KeyValueCache;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Lines read together, as far as they have been read, with all that is needed to go on behind any
/// beginning of them. What it holds belongs to no scope; close it.
final class Rows implements AutoCloseable {
    /// Tokens that find room behind a cache before it is copied once more.
    private static final int ROOM = 64;

    private final ChatModel chat;
    private final List<Line> lines;
    private final int[] asked;
    private final Tensor first;
    private KeyValueCache cache;
    private Tensor hidden;

    /// @param lines what has been read; all have one overlay, or the first ones a low-rank one and the others none
    /// @param asked tokens of each line that were asked for; what follows was written
    /// @param cache of all of it, whose ownership is taken over
    /// @param first `[row hidden]` behind the tokens asked for
    /// @param hidden `[row hidden]` behind the last tokens
    private Rows(ChatModel chat, List<Line> lines, int[] asked, KeyValueCache cache, Tensor first, Tensor hidden) {
        this.chat = chat;
        this.lines = new ArrayList<>(lines);
        this.asked = asked;
        this.cache = cache.retained();
        this.first = first;
        this.hidden = hidden;
        first.retainReference();
        hidden.retainReference();
    }

    /// Lines that have just been read.
    static Rows read(ChatModel chat, List<Line> lines, KeyValueCache cache, Tensor hidden) {
        int[] asked = lines.stream().mapToInt(line -> line.tokens().length).toArray();
        return new Rows(chat, lines, asked, cache, hidden, hidden);
    }

    int count() {
        return lines.size();
    }

    Line line(int row) {
        return lines.get(row);
    }

    long bytes() {
        return cache.bytes();
    }

    /// The beginning of a row.
    KeyValueCache.Beginning beginning(int row, int tokens) {
        return new KeyValueCache.Beginning(cache, row, tokens);
    }

    /// Whether a line was asked for as it is.
    boolean isAsked(int row, Line line) {
        return asked[row] == line.tokens().length && line.common(lines.get(row), asked[row]) == asked[row];
    }

    /// State behind the tokens asked for `[hidden]`.
    Tensor first(int row) {
        return first.select(0, row);
    }

    /// States behind the last tokens `[row hidden]` float32.
    Tensor hidden() {
        return hidden;
    }

    /// Whether so many tokens more fit the model.
    boolean fits(int row, int more) {
        return lines.get(row).tokens().length + more <= chat.model().maxPositions();
    }

    /// Reads one more token in every row.
    void advance(int[] next) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            if (cache.room() < 1) {
                replace(packed(all()));
            }
            TokenBatch batch = new TokenBatch(
                    Arrays.stream(next).mapToObj(token -> new int[] {token}).toList());
            LanguageModel.Step step = chat.model().step(batch, cache, overlay(), Positions.last(batch));
            replace(step.cache());
            Tensor states = step.hidden();
            states.retainReference();
            hidden.releaseReference();
            hidden = states;
            for (int row = 0; row < next.length; row++) {
                Line line = lines.get(row);
                int[] longer = Arrays.copyOf(line.tokens(), line.tokens().length + 1);
                longer[longer.length - 1] = next[row];
                lines.set(row, new Line(line.overlay(), line.soft(), longer));
            }
        }
    }

    /// The one all have, or that of the first on those alone.
    private Overlay overlay() {
        Overlay first = lines.getFirst().overlay();
        int own = 0;
        while (own < lines.size() && lines.get(own).isUnder(first)) {
            own++;
        }
        return own == lines.size() ? first : first.onFirst(own);
    }

    private void replace(KeyValueCache other) {
        other.retained();
        cache.release();
        cache = other;
    }

    private int[] all() {
        return IntStream.range(0, lines.size()).toArray();
    }

    private KeyValueCache packed(int[] rows) {
        List<KeyValueCache.Beginning> beginnings = Arrays.stream(rows)
                .mapToObj(row -> beginning(row, lines.get(row).tokens().length))
                .toList();
        return KeyValueCache.packed(beginnings, ROOM);
    }

    /// Some of the rows, to go on without the others; this one stays as it is.
    Rows only(int[] rows) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor index = Torch.longs(Arrays.stream(rows).asLongStream().toArray(), rows.length);
            return new Rows(
                    chat,
                    Arrays.stream(rows).mapToObj(lines::get).toList(),
                    Arrays.stream(rows).map(row -> asked[row]).toArray(),
                    packed(rows),
                    first.index_select(0, index),
                    hidden.index_select(0, index));
        }
    }

    @Override
    public void close() {
        cache.release();
        first.releaseReference();
        hidden.releaseReference();
    }
}
