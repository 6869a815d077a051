package assay.train;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Mean KL of a student to its lessons and the slope in its numbers, computed in independent shares side by
/// side and added up in a fixed order, so that equal steps give equal numbers.
final class Gradient {
    private final Runner runner;
    private final Student student;
    private final Objective objective;

    Gradient(Runner runner, Student student, Objective objective) {
        this.runner = runner;
        this.student = student;
        this.objective = objective;
    }

    /// A slope.
    ///
    /// @param mean KL per place, nats
    /// @param blocks its gradient, one array per block
    record Value(double mean, float[][] blocks) {
        /// Euclidean length of the gradient.
        double norm() {
            double sum = 0;
            for (float[] block : blocks) {
                for (float value : block) {
                    sum += (double) value * value;
                }
            }
            return Math.sqrt(sum);
        }

        /// Multiplies the gradient.
        void scale(double factor) {
            for (float[] block : blocks) {
                for (int i = 0; i < block.length; i++) {
                    block[i] *= (float) factor;
                }
            }
        }
    }

    /// A lesson with what the teacher says in it.
    record Taught(Lesson lesson, Objective.Target target) {}

    /// Averages over all places of `lessons`, in `shares` pieces.
    Value at(float[][] numbers, List<Taught> lessons, int shares) {
        int places =
                lessons.stream().mapToInt(taught -> taught.lesson().places()).sum();
        int pieces = Math.min(shares, lessons.size());
        Value[] parts = new Value[pieces];
        List<Runnable> work = new ArrayList<>();
        for (int piece = 0; piece < pieces; piece++) {
            int index = piece;
            List<Taught> share = new ArrayList<>();
            for (int i = piece; i < lessons.size(); i += pieces) {
                share.add(lessons.get(i));
            }
            work.add(() -> parts[index] = share(numbers, share, places));
        }
        SideBySide.run(work);
        return sum(parts);
    }

    private Value share(float[][] numbers, List<Taught> lessons, int places) {
        try (TensorScope _ = TensorScope.withGradients()) {
            List<Tensor> leaves = student.tensors(numbers);
            leaves.forEach(leaf -> leaf.requires_grad_(true));
            List<Context> contexts = lessons.stream()
                    .flatMap(taught -> taught.lesson().contexts().stream())
                    .toList();
            Tensor hidden = runner.hidden(student.behaviour(leaves), contexts);
            Objective.Slope slope = objective.slope(hidden, joined(lessons));
            hidden.mul(slope.gradient()).sum().backward();
            float[][] gradients = new float[leaves.size()][];
            for (int i = 0; i < gradients.length; i++) {
                gradients[i] = Torch.toFloats(leaves.get(i).grad());
                for (int j = 0; j < gradients[i].length; j++) {
                    gradients[i][j] /= places;
                }
            }
            return new Value(slope.sum() / places, gradients);
        }
    }

    private static Objective.Target joined(List<Taught> lessons) {
        TensorVector pulls = new TensorVector();
        TensorVector rests = new TensorVector();
        for (Taught taught : lessons) {
            pulls.push_back(taught.target().pull());
            rests.push_back(taught.target().rest());
        }
        return new Objective.Target(torch.cat(pulls, 0), torch.cat(rests, 0));
    }

    private static Value sum(Value[] parts) {
        float[][] total = parts[0].blocks();
        double mean = parts[0].mean();
        for (int part = 1; part < parts.length; part++) {
            mean += parts[part].mean();
            for (int block = 0; block < total.length; block++) {
                for (int i = 0; i < total[block].length; i++) {
                    total[block][i] += parts[part].blocks()[block][i];
                }
            }
        }
        return new Value(mean, total);
    }
}
