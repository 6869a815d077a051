package assay.tasks.talk;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.measure.behaviour.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Answers of several columns to one message, a token of each at a time, in one batch where that can be.
final class Answering implements WorkQueue.Work {
    /// Fewest rows that are worth a part of their own: fewer are done in what reading the weights takes.
    private static final int LEAST = 6;
    /// Stands for the next token of an answer that is over.
    private static final int OVER = -1;

    private final ChatModel chat;
    private final Shelf shelf;
    private final Sampling sampling;
    private final AnswerListener listener;
    private final List<Choir> choirs = new ArrayList<>();

    /// Columns that are read together.
    private static final class Choir {
        private final Reader reader;
        private List<Voice> voices;
        /// What has been read, one behind the other; empty while it is being read.
        private List<Rows> rows = List.of();

        Choir(Reader reader, List<Voice> voices) {
            this.reader = reader;
            this.voices = voices;
        }
    }

    /// @param speakers who are read together
    Answering(
            ChatModel chat,
            Shelf shelf,
            List<List<Speaker>> speakers,
            Conversation conversation,
            Sampling sampling,
            AnswerListener listener) {
        this.chat = chat;
        this.shelf = shelf;
        this.sampling = sampling;
        this.listener = listener;
        Wording wording = new Wording(chat);
        for (List<Speaker> together : speakers) {
            List<Line> lines = together.stream()
                    .flatMap(speaker -> speaker.parts().stream().map(part -> wording.line(speaker, part, conversation)))
                    .toList();
            List<Voice> voices = together.stream()
                    .map(speaker -> new Voice(speaker, chat.tokenizer(), sampling, conversation.begun()))
                    .toList();
            choirs.add(new Choir(new Reader(chat, shelf, lines, 1), voices));
        }
    }

    @Override
    public boolean advance() {
        for (Choir choir : choirs) {
            if (choir.rows.isEmpty()) {
                if (!choir.reader.advance()) {
                    choir.rows = shared(choir.reader.rows());
                    choir.reader.close();
                }
                return true;
            }
        }
        List<Drawn> drawn = drawn();
        List<Choir> going = new ArrayList<>();
        int from = 0;
        for (Choir choir : List.copyOf(choirs)) {
            if (goesOn(choir, drawn.subList(from, from += choir.voices.size()))) {
                going.add(choir);
            }
        }
        return !going.isEmpty();
    }

    /// Many rows in as many parts as are read side by side: one step of each takes less time than one of all with all
    /// cores in every operation, as nobody waits for another within it.
    private List<Rows> shared(Rows all) {
        int parts = Math.min(SideBySide.atOnce(), all.count() / LEAST);
        if (parts < 2) {
            return List.of(all);
        }
        List<Rows> some = IntStream.range(0, parts)
                .mapToObj(part -> all.only(IntStream.range(part * all.count() / parts, (part + 1) * all.count() / parts)
                        .toArray()))
                .toList();
        all.close();
        return some;
    }

    /// A token that was drawn.
    private record Drawn(Voice voice, int token, double probability) {}

    private List<Drawn> drawn() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            TensorVector states = new TensorVector();
            List<Voice> voices = new ArrayList<>();
            for (Choir choir : choirs) {
                int at = 0;
                Tensor hidden = hidden(choir.rows);
                for (Voice voice : choir.voices) {
                    int parts = voice.speaker().parts().size();
                    states.push_back(voice.mixed(hidden.narrow(0, at, parts)));
                    voices.add(voice);
                    at += parts;
                }
            }
            int wanted = sampling.temperature() == 0 ? 1 : sampling.topK();
            double temperature = sampling.temperature() == 0 ? 1 : sampling.temperature();
            Tensor mixed = torch.cat(states, 0);
            LanguageModel.Likeliest top = chat.model().likeliest(mixed, Overlay.NONE, wanted, temperature);
            float[] shares = Torch.toFloats(top.shares());
            long[] tokens = Torch.toLongs(top.tokens());
            int kept = Math.toIntExact(top.shares().size(1));
            List<Drawn> drawn = new ArrayList<>();
            for (int i = 0; i < voices.size(); i++) {
                int rank = voices.get(i).pick(shares, i * kept, kept);
                int token = Math.toIntExact(tokens[i * kept + rank]);
                drawn.add(new Drawn(voices.get(i), token, shares[i * kept + rank]));
            }
            return drawn;
        }
    }

    private static Tensor hidden(List<Rows> rows) {
        TensorVector all = new TensorVector();
        rows.forEach(some -> all.push_back(some.hidden()));
        return torch.cat(all, 0);
    }

    /// Takes what was drawn, and reads it where an answer goes on.
    private boolean goesOn(Choir choir, List<Drawn> drawn) {
        List<Voice> going = new ArrayList<>();
        int[] next = new int[choir.rows.stream().mapToInt(Rows::count).sum()];
        Arrays.fill(next, OVER);
        int row = 0;
        for (Drawn one : drawn) {
            int parts = one.voice().speaker().parts().size();
            if (takes(one, choir.rows, row, parts)) {
                going.add(one.voice());
                Arrays.fill(next, row, row + parts, one.token());
            }
            row += parts;
        }
        if (going.isEmpty()) {
            choir.rows.forEach(shelf::keep);
            choirs.remove(choir);
            return false;
        }
        if (going.size() < drawn.size()) {
            choir.voices = going;
            choir.rows = without(choir.rows, next);
        }
        read(choir.rows, Arrays.stream(next).filter(token -> token != OVER).toArray());
        return true;
    }

    /// Rows whose answers go on.
    private List<Rows> without(List<Rows> rows, int[] next) {
        List<Rows> kept = new ArrayList<>();
        int from = 0;
        for (Rows some : rows) {
            int first = from;
            int[] going = IntStream.range(0, some.count())
                    .filter(row -> next[first + row] != OVER)
                    .toArray();
            from += some.count();
            boolean isWhole = going.length == some.count();
            if (isWhole || going.length > 0) {
                kept.add(isWhole ? some : some.only(going));
            }
            if (!isWhole) {
                shelf.keep(some);
            }
        }
        return kept;
    }

    /// Reads one more token in every row.
    private static void read(List<Rows> rows, int[] next) {
        List<Runnable> steps = new ArrayList<>();
        int from = 0;
        for (Rows some : rows) {
            int[] own = Arrays.copyOfRange(next, from, from + some.count());
            steps.add(() -> some.advance(own));
            from += some.count();
        }
        if (steps.size() == 1) {
            steps.getFirst().run();
        } else {
            SideBySide.run(steps);
        }
    }

    /// Whether its answer goes on behind the token.
    private boolean takes(Drawn one, List<Rows> rows, int row, int parts) {
        if (chat.stopTokens().contains(one.token())) {
            return isOver(one.voice(), AnswerListener.Ending.ITSELF);
        }
        listener.token(one.voice().speaker().column(), one.voice().take(one.token(), one.probability()));
        if (one.voice().isFull()) {
            return isOver(one.voice(), AnswerListener.Ending.LENGTH);
        }
        return fits(rows, row, row + parts) || isOver(one.voice(), AnswerListener.Ending.CONTEXT);
    }

    /// Whether one more token fits the model in all rows from one on to another.
    private static boolean fits(List<Rows> rows, int from, int to) {
        int first = 0;
        for (Rows some : rows) {
            for (int row = Math.max(from - first, 0); row < Math.min(to - first, some.count()); row++) {
                if (!some.fits(row, 1)) {
                    return false;
                }
            }
            first += some.count();
        }
        return true;
    }

    private boolean isOver(Voice voice, AnswerListener.Ending how) {
        voice.over(how);
        listener.ended(voice.speaker().column(), voice.answered());
        return false;
    }

    /// Keeps what was read, and tells of the answers that were cut off.
    @Override
    public void end(boolean wasStopped) {
        for (Choir choir : choirs) {
            choir.reader.close();
            choir.rows.forEach(shelf::keep);
        }
        for (Choir choir : choirs) {
            choir.voices.forEach(voice -> listener.ended(voice.speaker().column(), voice.answered()));
        }
        choirs.clear();
    }
}
