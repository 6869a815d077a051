package assay.tasks.distil;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.judge.Distillation.Fidelity;
import assay.measure.judge.Distillation.Layer;
import assay.measure.judge.Explanation;
import assay.measure.probe.Divergence;
import assay.train.HeldOut;
import assay.train.TrainingSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Measures trained students on the test split.
public record DistilJudge(TrainingSet school, Bootstrap bootstrap) {
    /// Contexts on which the mechanism is looked at.
    private static final int TRACED = 16;

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
}
