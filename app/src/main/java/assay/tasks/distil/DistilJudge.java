package assay.tasks.distil;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.judge.Distillation.Fidelity;
import assay.measure.judge.Distillation.Layer;
import assay.measure.judge.Distillation.Remaining;
import assay.measure.judge.Distillation.Wanted;
import assay.measure.judge.Explanation;
import assay.measure.probe.Divergence;
import assay.measure.probe.Probe;
import assay.train.HeldOut;
import assay.train.TrainingSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Measures trained students on the test split, and finds where they fall short.
public record DistilJudge(TrainingSet school, Bootstrap bootstrap) {
    /// Contexts on which the mechanism is looked at.
    private static final int TRACED = 16;
    /// Places where the student falls short, and tokens it lacks there.
    private static final int MOST = 8;

    private static final int TOKENS = 4;

    /// KL(teacher ‖ base), nats per token.
    public Explanation.Divergence divergence() {
        return new Explanation.Divergence(
                mean(school.foreignTest().base()), mean(school.ownTest().base()));
    }

    /// KL(teacher ‖ student) at every place of the test split, nats.
    ///
    /// @param foreign contexts
    /// @param own contexts
    public record Left(double[] foreign, double[] own) {}

    /// Runs a student on the test split.
    public Left left(Behaviour student) {
        return new Left(school.foreignTest().of(student), school.ownTest().of(student));
    }

    /// What a student closes.
    ///
    /// @param student what it leaves
    /// @param untrained the student as it started
    /// @param best the best single readable prompt, if one is known
    public Fidelity fidelity(Left student, Behaviour untrained, Optional<? extends Behaviour> best) {
        return new Fidelity(
                closed(school.foreignTest(), student.foreign()),
                closed(school.ownTest(), student.own()),
                foreign(untrained),
                best.map(this::foreign).orElse(Interval.NONE));
    }

    /// Closed on foreign contexts.
    public Interval foreign(Behaviour behaviour) {
        return closed(school.foreignTest(), school.foreignTest().of(behaviour));
    }

    /// Closed on own contexts.
    public Interval own(Behaviour behaviour) {
        return closed(school.ownTest(), school.ownTest().of(behaviour));
    }

    private Interval closed(HeldOut test, double[] left) {
        if (test.contexts().isEmpty()) {
            return Interval.NONE;
        }
        return bootstrap.closed(
                Divergence.perTurn(left, test.contexts()), Divergence.perTurn(test.base(), test.contexts()));
    }

    /// Whether the student moves the residual stream as the teacher does, block by block.
    public List<Layer> mechanism(Behaviour teacher, Behaviour student) {
        List<Context> contexts =
                school.foreignTest().contexts().stream().limit(TRACED).toList();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Tensor> base = school.runner().residuals(Behaviour.BASE, contexts);
            List<Tensor> teachers = school.runner().residuals(teacher, contexts);
            List<Tensor> students = school.runner().residuals(student, contexts);
            List<Layer> layers = new ArrayList<>();
            for (int layer = 0; layer < base.size(); layer++) {
                Tensor taught = teachers.get(layer).sub(base.get(layer));
                Tensor learnt = students.get(layer).sub(base.get(layer));
                Tensor elsewhere = torch.roll(learnt, new long[] {learnt.size(0) / 2}, 0);
                layers.add(new Layer(layer, cosine(taught, learnt), cosine(taught, elsewhere)));
            }
            return layers;
        }
    }

    private static double cosine(Tensor first, Tensor second) {
        return torch.cosine_similarity(first, second, 1, 1e-8).mean().item_double();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    private record Spot(Probe probe, Context context, int place, double base, double left) {}

    /// What a teacher does that its student does not: the places of the test split with the highest KL left, one per
    /// answer, farthest first.
    ///
    /// @param left what the student leaves there
    public List<Remaining> remaining(Left left, Behaviour teacher, Behaviour student, Curriculum curriculum) {
        List<Spot> spots = new ArrayList<>(spots(school.foreignTest(), left.foreign(), curriculum.foreign()));
        spots.addAll(spots(school.ownTest(), left.own(), curriculum.own()));
        return spots.stream()
                .sorted(Comparator.comparingDouble(spot -> -spot.left()))
                .limit(MOST)
                .map(spot -> remaining(spot, teacher, student))
                .toList();
    }

    /// The worst place of every context.
    private List<Spot> spots(HeldOut test, double[] left, Probe probe) {
        double[] base = test.base();
        List<Spot> spots = new ArrayList<>();
        int at = 0;
        for (Context context : test.contexts()) {
            int worst = 0;
            for (int place = 1; place < context.places(); place++) {
                worst = left[at + place] > left[at + worst] ? place : worst;
            }
            spots.add(new Spot(probe, context, worst, base[at + worst], left[at + worst]));
            at += context.places();
        }
        return spots;
    }

    private Remaining remaining(Spot spot, Behaviour teacher, Behaviour student) {
        ChatModel chat = school.runner().chat();
        Context context = spot.context();
        int[] tail = context.tail();
        int answered = tail.length - context.places() + 1;
        String before = chat.tokenizer().decode(Arrays.copyOfRange(tail, answered, answered + spot.place()));
        String user = spot.probe().turns().get(context.turn()).user();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Wanted> wanted = wanted(
                    chat, probabilities(teacher, context, spot.place()), probabilities(student, context, spot.place()));
            return new Remaining(user, spot.probe().name(), before, spot.base(), spot.left(), wanted);
        }
    }

    private static List<Wanted> wanted(ChatModel chat, Tensor taught, Tensor learnt) {
        long[] tokens =
                Torch.toLongs(taught.mul(taught.div(learnt).log()).topk(TOKENS).get1());
        float[] teachers = Torch.toFloats(taught);
        float[] students = Torch.toFloats(learnt);
        List<Wanted> wanted = new ArrayList<>();
        for (long token : tokens) {
            int id = Math.toIntExact(token);
            String text =
                    chat.stopTokens().contains(id) ? "⏹" : chat.tokenizer().continued(new int[] {id});
            wanted.add(new Wanted(text, teachers[id], students[id]));
        }
        return wanted;
    }

    private Tensor probabilities(Behaviour behaviour, Context context, int place) {
        Tensor hidden = school.runner().hidden(behaviour, List.of(context)).narrow(0, place, 1);
        return torch.softmax(school.runner().unembedding().logits(hidden), -1)
                .squeeze(0)
                .clamp_min(new Scalar(1e-12));
    }
}
