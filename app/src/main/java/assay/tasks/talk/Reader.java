package assay.tasks.talk;

import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.KeyValueCache;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Reads lines in pieces, as much of each as is not known yet.
final class Reader implements AutoCloseable {
    /// Tokens read in one piece.
    private static final int PER_PIECE = 768;

    private final ChatModel chat;
    private final Shelf shelf;
    private final List<Line> lines;
    private final int places;
    private final List<Part> parts = new ArrayList<>();
    private int next;

    /// Some lines that have been read.
    ///
    /// @param cache retained
    /// @param hidden retained; states behind the last token, or at the last places, of each `[row·place hidden]`
    private record Part(KeyValueCache cache, int count, Tensor hidden) {
        Part {
            cache.retained();
            hidden.retainReference();
        }

        void release() {
            cache.release();
            hidden.releaseReference();
        }
    }

    /// @param places of how many last tokens of each line the states are wanted
    Reader(ChatModel chat, Shelf shelf, List<Line> lines, int places) {
        this.chat = chat;
        this.shelf = shelf;
        this.lines = List.copyOf(lines);
        this.places = places;
    }

    /// Reads some lines.
    ///
    /// @return whether there are more
    boolean advance() {
        List<Optional<Shelf.Known>> known = new ArrayList<>();
        int widest = 0;
        int end = next;
        boolean isWhole = false;
        for (; end < lines.size(); end++) {
            Line line = lines.get(end);
            Optional<Shelf.Known> found = known(line);
            boolean whole = found.isPresent() && found.get().isWhole(line);
            int wider = Math.max(
                    widest,
                    line.tokens().length - found.map(Shelf.Known::tokens).orElse(0));
            boolean isAlike = end == next
                    || (whole == isWhole && line.isUnder(lines.get(next).overlay()));
            if (!isAlike || (end > next && wider * (end - next + 1) > PER_PIECE)) {
                break;
            }
            isWhole = whole;
            widest = wider;
            known.add(found);
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Line> some = lines.subList(next, end);
            parts.add(isWhole ? copied(some, known) : read(some, known));
        }
        next = end;
        return next < lines.size();
    }

    private Optional<Shelf.Known> known(Line line) {
        int most = places == 1 ? line.tokens().length : line.tokens().length - places;
        return shelf.find(line, most).filter(found -> found.tokens() >= line.softEnd());
    }

    private static Part copied(List<Line> some, List<Optional<Shelf.Known>> known) {
        List<KeyValueCache.Beginning> rows = new ArrayList<>();
        TensorVector states = new TensorVector();
        for (Optional<Shelf.Known> one : known) {
            Shelf.Known found = one.orElseThrow();
            rows.add(found.rows().beginning(found.row(), found.tokens()));
            states.push_back(found.rows().first(found.row()));
        }
        return new Part(KeyValueCache.packed(rows, 0), some.size(), torch.stack(states));
    }

    private Part read(List<Line> some, List<Optional<Shelf.Known>> known) {
        Overlay overlay = some.getFirst().overlay();
        List<KeyValueCache.@Nullable Beginning> begun = new ArrayList<>();
        List<int[]> rest = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
            Line line = some.get(i);
            KeyValueCache.Beginning beginning = beginning(line, known.get(i));
            int from = beginning == null ? 0 : beginning.tokens();
            begun.add(beginning);
            rest.add(Arrays.copyOfRange(line.tokens(), from, line.tokens().length));
        }
        TokenBatch batch = new TokenBatch(rest);
        Positions wanted = last(batch);
        LanguageModel.Step step = chat.model().step(batch, past(begun, batch.width()), overlay, wanted);
        return new Part(step.cache(), some.size(), step.hidden().to(torch.ScalarType.Float));
    }

    private KeyValueCache.@Nullable Beginning beginning(Line line, Optional<Shelf.Known> known) {
        if (known.isPresent()) {
            return known.get().rows().beginning(known.get().row(), known.get().tokens());
        }
        int vectors = line.softEnd();
        return vectors == 0 ? null : new KeyValueCache.Beginning(soft(line, vectors), 0, vectors);
    }

    private KeyValueCache soft(Line line, int end) {
        Tensor soft = line.soft().orElseThrow().embeddings();
        int front = end - Math.toIntExact(soft.size(0));
        TensorVector parts = new TensorVector();
        if (front > 0) {
            parts.push_back(chat.model().embed(TokenBatch.of(Arrays.copyOf(line.tokens(), front)), line.overlay()));
        }
        parts.push_back(soft.unsqueeze(0));
        return chat.model().prefillOfEmbeddings(torch.cat(parts, 1), line.overlay());
    }

    private static @Nullable KeyValueCache past(List<KeyValueCache.@Nullable Beginning> begun, int room) {
        KeyValueCache.Beginning any =
                begun.stream().filter(Objects::nonNull).findFirst().orElse(null);
        if (any == null) {
            return null;
        }
        return KeyValueCache.packed(
                begun.stream()
                        .map(one -> one == null ? new KeyValueCache.Beginning(any.cache(), any.row(), 0) : one)
                        .toList(),
                room);
    }

    private Positions last(TokenBatch batch) {
        int rows = batch.rows().size();
        int[] at = new int[rows * places];
        int[] columns = new int[rows * places];
        for (int i = 0; i < at.length; i++) {
            at[i] = i / places;
            columns[i] = batch.rows().get(i / places).length - places + i % places;
        }
        return new Positions(at, columns);
    }

    /// All that was read, to go on behind it; for one place.
    Rows rows() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<KeyValueCache.Beginning> rows = new ArrayList<>();
            int at = 0;
            for (Part part : parts) {
                for (int i = 0; i < part.count(); i++, at++) {
                    rows.add(new KeyValueCache.Beginning(
                            part.cache(), i, lines.get(at).tokens().length));
                }
            }
            KeyValueCache cache = parts.size() == 1 ? parts.getFirst().cache() : KeyValueCache.packed(rows, 0);
            return Rows.read(chat, lines, cache, states());
        }
    }

    /// The states that were wanted, line after line `[line·place hidden]` float32, in the caller's scope.
    Tensor states() {
        TensorVector all = new TensorVector();
        parts.forEach(part -> all.push_back(part.hidden()));
        return torch.cat(all, 0);
    }

    @Override
    public void close() {
        parts.forEach(Part::release);
        parts.clear();
    }
}
