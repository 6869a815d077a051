package assay.tasks.talk;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.measure.probe.Divergence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Shows one answer to all columns and says what each made of every token.
final class Examining implements WorkQueue.Work {
    /// Places whose logits are held at once.
    private static final int PER_PIECE = 64;

    private final ChatModel chat;
    private final PromptList prompts;
    private final Column writer;
    private final int[] answer;
    private final int shown;
    private final Consumer<Reading> done;
    private final List<Group> groups = new ArrayList<>();
    private final Map<Column, Tensor> states = new EnumMap<>(Column.class);
    private final List<Reading.Place> places = new ArrayList<>();
    private Optional<Tensor> parts = Optional.empty();

    /// Speakers that are read together.
    private static final class Group {
        private final List<Speaker> speakers;
        private final Reader reader;
        private boolean isRead;

        Group(List<Speaker> speakers, Reader reader) {
            this.speakers = speakers;
            this.reader = reader;
        }
    }

    /// @param speakers who are read together
    /// @param conversation begun with the answer
    /// @param prompts of the mixture
    /// @param shown how many likely tokens are told
    Examining(
            ChatModel chat,
            Shelf shelf,
            List<List<Speaker>> speakers,
            Conversation conversation,
            Column writer,
            PromptList prompts,
            int shown,
            Consumer<Reading> done) {
        this.chat = chat;
        this.prompts = prompts;
        this.writer = writer;
        this.answer = conversation.begun();
        this.shown = shown;
        this.done = done;
        Wording wording = new Wording(chat);
        Conversation read = conversation.begun(Arrays.copyOf(answer, Math.max(0, answer.length - 1)));
        for (List<Speaker> together : speakers) {
            List<Line> lines = together.stream()
                    .flatMap(speaker -> speaker.parts().stream().map(part -> wording.line(speaker, part, read, writer)))
                    .toList();
            groups.add(new Group(together, new Reader(chat, shelf, lines, Math.max(1, answer.length))));
        }
    }

    @Override
    public boolean advance() {
        if (answer.length == 0) {
            done.accept(new Reading(writer, List.of()));
            return false;
        }
        for (Group group : groups) {
            if (!group.isRead) {
                if (!group.reader.advance()) {
                    mix(group);
                    group.isRead = true;
                    group.reader.close();
                }
                return true;
            }
        }
        look(places.size(), Math.min(PER_PIECE, answer.length - places.size()));
        if (places.size() < answer.length) {
            return true;
        }
        done.accept(new Reading(writer, places));
        return false;
    }

    /// Adds up the states of each speaker's parts `[place hidden]`.
    private void mix(Group group) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor all = group.reader.states();
            int from = 0;
            for (Speaker speaker : group.speakers) {
                int count = speaker.parts().size();
                Tensor own = all.narrow(0, (long) from * answer.length, (long) count * answer.length)
                        .view(count, answer.length, all.size(1));
                float[] coefficients = new float[count];
                for (int i = 0; i < count; i++) {
                    coefficients[i] = (float) speaker.parts().get(i).coefficient();
                }
                Tensor mixed = own.mul(Torch.floats(coefficients, count, 1, 1)).sum(0);
                mixed.retainReference();
                states.put(speaker.column(), mixed);
                if (speaker.column() == Column.MIXTURE) {
                    Tensor kept = own.clone();
                    kept.retainReference();
                    parts = Optional.of(kept);
                }
                from += count;
            }
        }
    }

    /// What the columns know of some places.
    ///
    /// @param likeliest tokens of each place
    /// @param probability of the tokens asked for `[place]`
    private record Seen(long[] likeliest, float[] shares, float[] probability) {}

    private void look(int from, int count) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Map<Column, Seen> seen = new EnumMap<>(Column.class);
            states.forEach((column, all) -> seen.put(column, seen(all.narrow(0, from, count), from, count)));
            double[] klBase = divergence(Column.BASE, from, count);
            double[] klMixture = divergence(Column.MIXTURE, from, count);
            for (int i = 0; i < count; i++) {
                Map<Column, Reading.Expected> columns = new LinkedHashMap<>();
                for (Map.Entry<Column, Seen> one : seen.entrySet()) {
                    columns.put(one.getKey(), expected(one.getValue(), i));
                }
                Seen mixture = seen.get(Column.MIXTURE);
                Optional<Reading.Why> why = mixture == null
                        ? Optional.empty()
                        : Optional.of(why(from + i, rival(mixture, i, answer[from + i])));
                places.add(new Reading.Place(
                        from + i, answer[from + i], text(answer[from + i]), columns, klBase[i], klMixture[i], why));
            }
        }
    }

    private Seen seen(Tensor hidden, int from, int count) {
        try (TensorScope _ = new TensorScope()) {
            Tensor shares = torch.softmax(chat.model().unembedding().logits(hidden), -1);
            long wanted = Math.min(Math.max(2, shown), shares.size(1));
            T_TensorTensor_T top = shares.topk(wanted);
            long[] asked =
                    Arrays.stream(answer, from, from + count).asLongStream().toArray();
            return new Seen(
                    Torch.toLongs(top.get1()),
                    Torch.toFloats(top.get0()),
                    Torch.toFloats(shares.gather(1, Torch.longs(asked, count, 1))));
        }
    }

    private double[] divergence(Column column, int from, int count) {
        Tensor target = states.get(Column.TARGET);
        Tensor model = states.get(column);
        if (target == null || model == null) {
            double[] none = new double[count];
            Arrays.fill(none, Double.NaN);
            return none;
        }
        return Divergence.kl(
                target.narrow(0, from, count),
                model.narrow(0, from, count),
                chat.model().unembedding());
    }

    private Reading.Expected expected(Seen seen, int place) {
        int width = seen.likeliest().length / seen.probability().length;
        List<Reading.Choice> choices = new ArrayList<>();
        for (int rank = 0; rank < Math.min(shown, width); rank++) {
            int token = Math.toIntExact(seen.likeliest()[place * width + rank]);
            choices.add(new Reading.Choice(token, text(token), seen.shares()[place * width + rank]));
        }
        return new Reading.Expected(seen.probability()[place], choices);
    }

    private static int rival(Seen mixture, int place, int token) {
        int width = mixture.likeliest().length / mixture.probability().length;
        long first = mixture.likeliest()[place * width];
        return Math.toIntExact(first == token ? mixture.likeliest()[place * width + 1] : first);
    }

    /// `d·h₀` and `w·d·(h − h₀)` of every prompt, in double; in front of the cap where the model has one.
    private Reading.Why why(int place, int rival) {
        try (TensorScope _ = new TensorScope()) {
            Tensor rows = chat.model()
                    .unembedding()
                    .rows(Torch.longs(new long[] {answer[place], rival}, 2))
                    .to(torch.ScalarType.Double);
            Tensor direction = rows.select(0, 0).sub(rows.select(0, 1), new Scalar(1.0));
            Tensor own = parts.orElseThrow().select(1, place).to(torch.ScalarType.Double);
            float[] pull = Torch.toFloats(
                    own.sub(own.narrow(0, 0, 1).expand(own.size(0), -1)).matmul(direction));
            double base = Torch.toFloats(own.narrow(0, 0, 1).matmul(direction))[0];
            double total =
                    prompts.on().stream().mapToDouble(PromptList.Part::weight).sum();
            double[] factors = DoubleStream.concat(
                            DoubleStream.of(1 - total), prompts.on().stream().mapToDouble(PromptList.Part::weight))
                    .toArray();
            double whole = 0;
            float[] logits = Torch.toFloats(own.matmul(direction));
            for (int i = 0; i < factors.length; i++) {
                whole += factors[i] * logits[i];
            }
            List<Reading.Share> shares = new ArrayList<>();
            int part = 1;
            for (int i = 0; i < prompts.parts().size(); i++) {
                PromptList.Part prompt = prompts.parts().get(i);
                if (prompt.isOn()) {
                    double nats = prompt.weight() * pull[part++];
                    shares.add(new Reading.Share(i, prompt.text(), nats));
                }
            }
            return new Reading.Why(rival, text(rival), whole, base, shares);
        }
    }

    private String text(int token) {
        return chat.stopTokens().contains(token) ? "⏹" : chat.tokenizer().continued(new int[] {token});
    }

    @Override
    public void end(boolean wasStopped) {
        groups.forEach(group -> group.reader.close());
        states.values().forEach(Tensor::releaseReference);
        states.clear();
        parts.ifPresent(Tensor::releaseReference);
        parts = Optional.empty();
    }
}
