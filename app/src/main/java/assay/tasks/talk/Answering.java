package assay.tasks.talk;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.measure.behaviour.Sampling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Answers of several columns to one message, a token of each at a time, in one batch where that can be.
final class Answering implements WorkQueue.Work {
    private final ChatModel chat;
    private final Shelf shelf;
    private final Sampling sampling;
    private final AnswerListener listener;
    private final List<Choir> choirs = new ArrayList<>();

    /// Columns that are read together.
    private static final class Choir {
        private final Reader reader;
        private List<Voice> voices;
        private @Nullable Rows rows;

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
            if (choir.rows == null) {
                if (!choir.reader.advance()) {
                    choir.rows = choir.reader.rows();
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

    /// A token that was drawn.
    private record Drawn(Voice voice, int token, double probability) {}

    private List<Drawn> drawn() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            TensorVector states = new TensorVector();
            List<Voice> voices = new ArrayList<>();
            for (Choir choir : choirs) {
                int at = 0;
                for (Voice voice : choir.voices) {
                    int parts = voice.speaker().parts().size();
                    states.push_back(voice.mixed(rows(choir).hidden().narrow(0, at, parts)));
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

    private static Rows rows(Choir choir) {
        return Objects.requireNonNull(choir.rows);
    }

    /// Takes what was drawn, and reads it where an answer goes on.
    private boolean goesOn(Choir choir, List<Drawn> drawn) {
        Rows rows = rows(choir);
        List<Voice> going = new ArrayList<>();
        List<Integer> next = new ArrayList<>();
        List<Integer> kept = new ArrayList<>();
        int row = 0;
        for (Drawn one : drawn) {
            int parts = one.voice().speaker().parts().size();
            if (takes(one, rows, row, parts)) {
                going.add(one.voice());
                IntStream.range(row, row + parts).forEach(kept::add);
                next.addAll(Collections.nCopies(parts, one.token()));
            }
            row += parts;
        }
        if (going.isEmpty()) {
            shelf.keep(rows);
            choirs.remove(choir);
            return false;
        }
        if (going.size() < drawn.size()) {
            choir.voices = going;
            choir.rows = rows.only(kept.stream().mapToInt(i -> i).toArray());
            shelf.keep(rows);
        }
        rows(choir).advance(next.stream().mapToInt(token -> token).toArray());
        return true;
    }

    /// Whether its answer goes on behind the token.
    private boolean takes(Drawn one, Rows rows, int row, int parts) {
        if (chat.stopTokens().contains(one.token())) {
            return isOver(one.voice(), AnswerListener.Ending.ITSELF);
        }
        listener.token(one.voice().speaker().column(), one.voice().take(one.token(), one.probability()));
        if (one.voice().isFull()) {
            return isOver(one.voice(), AnswerListener.Ending.LENGTH);
        }
        boolean fits = IntStream.range(row, row + parts).allMatch(i -> rows.fits(i, 1));
        return fits || isOver(one.voice(), AnswerListener.Ending.CONTEXT);
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
            if (choir.rows != null) {
                shelf.keep(choir.rows);
            }
        }
        for (Choir choir : choirs) {
            choir.voices.forEach(voice -> listener.ended(voice.speaker().column(), voice.answered()));
        }
        choirs.clear();
    }
}
