package assay.train;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Mean KL of a student to its lessons and the slope in its numbers, computed with one share of the cores, so that
/// equal steps give equal numbers.
record Gradient(Runner runner, Student student, Objective objective) {
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
    record Taught(TrainingSet.Lesson lesson, Objective.Target target) {}

    /// Averages over all places of `lessons`.
    Value at(float[][] numbers, List<Taught> lessons) {
        return SideBySide.one(() -> value(numbers, lessons));
    }

    private Value value(float[][] numbers, List<Taught> lessons) {
        int places =
                lessons.stream().mapToInt(taught -> taught.lesson().places()).sum();
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
}
