package assay.train;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// KL(teacher ‖ student) over the whole vocabulary, and its slope in the student's final hidden states.
///
/// With p the teacher's distribution, h its and s the student's final hidden state and
/// z(x) = log Σ exp(W·x): `KL = z(s) − (Wᵀp)·s + (Wᵀp)·h − z(h)`. So all the student ever needs of a teacher is
/// `Wᵀp`, as wide as a hidden state, and one number: 85 times less than its probabilities, and exact. The
/// slope is `Wᵀ(softmax(W·s) − p)`.
public final class Objective implements AutoCloseable {
    private static final int PLACES_PER_CHUNK = 256;

    private final Tensor unembedding;
    private final Tensor narrow;

    /// An objective over one unembedding.
    ///
    /// @param unembedding W `[vocab hidden]` float32, owned by the model
    /// @param dtype the format slopes are computed in; targets are always computed in float32
    public Objective(Tensor unembedding, Dtype dtype) {
        this.unembedding = unembedding;
        try (TensorScope _ = TensorScope.withoutGradients()) {
            this.narrow = unembedding.to(dtype.scalarType());
            narrow.retainReference();
        }
    }

    /// What a teacher says at some places.
    ///
    /// @param pull `Wᵀp` `[place hidden]` float32
    /// @param rest `(Wᵀp)·h − z(h)` `[place]` float32
    public record Target(Tensor pull, Tensor rest) {
        Target narrow(long start, long count) {
            return new Target(pull.narrow(0, start, count), rest.narrow(0, start, count));
        }

        Target copied(long start, long count) {
            Target part = narrow(start, count);
            return new Target(part.pull.clone(), part.rest.clone());
        }
    }

    /// The target set by a teacher's final hidden states `[place hidden]`; owned by the caller's scope.
    Target of(Tensor hidden) {
        try (TensorScope scope = TensorScope.withoutGradients()) {
            TensorVector pulls = new TensorVector();
            TensorVector rests = new TensorVector();
            for (long start = 0; start < hidden.size(0); start += PLACES_PER_CHUNK) {
                Tensor states = hidden.narrow(0, start, Math.min(PLACES_PER_CHUNK, hidden.size(0) - start));
                Tensor logits = torch.linear(states, unembedding);
                Tensor partition = torch.logsumexp(logits, new long[] {1}, false);
                Tensor pull = torch.softmax(logits, -1).matmul(unembedding);
                rests.push_back(pull.mul(states).sum(1).sub_(partition));
                pulls.push_back(pull);
            }
            return new Target(scope.keep(torch.cat(pulls, 0)), scope.keep(torch.cat(rests, 0)));
        }
    }

    /// The target set by examples: all probability on one token per place. The KL is then the cross-entropy.
    Target of(int[] tokens) {
        try (TensorScope scope = TensorScope.withoutGradients()) {
            long[] rows = new long[tokens.length];
            java.util.Arrays.setAll(rows, i -> tokens[i]);
            Tensor pull = unembedding.index_select(0, Torch.longs(rows, rows.length));
            return new Target(scope.keep(pull), scope.keep(Torch.floats(new float[tokens.length], tokens.length)));
        }
    }

    /// A target that outlives every scope until it is released.
    Target kept(Target target) {
        target.pull().retainReference();
        target.rest().retainReference();
        return target;
    }

    /// Frees a kept target.
    static void release(Target target) {
        target.pull().releaseReference();
        target.rest().releaseReference();
    }

    /// How far a student is from its target, and where to go.
    ///
    /// @param sum Σ KL over the places, nats; in the narrow format's precision
    /// @param gradient of the sum in the student's states `[place hidden]` float32
    record Slope(double sum, Tensor gradient) {}

    /// The slope at a student's final hidden states `[place hidden]`; the gradient is owned by the caller's
    /// scope.
    Slope slope(Tensor hidden, Target target) {
        try (TensorScope scope = TensorScope.withoutGradients()) {
            double sum = 0;
            TensorVector gradients = new TensorVector();
            Tensor states = hidden.detach();
            for (long start = 0; start < states.size(0); start += PLACES_PER_CHUNK) {
                long count = Math.min(PLACES_PER_CHUNK, states.size(0) - start);
                Tensor chunk = states.narrow(0, start, count);
                Target part = target.narrow(start, count);
                Tensor logits =
                        torch.linear(chunk.to(narrow.scalar_type()), narrow).to(torch.ScalarType.Float);
                Tensor largest = logits.amax(new long[] {1}, true);
                logits.sub_(largest).exp_();
                Tensor mass = logits.sum(new long[] {1}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
                Tensor mean = logits.to(narrow.scalar_type())
                        .matmul(narrow)
                        .to(torch.ScalarType.Float)
                        .div_(mass);
                gradients.push_back(mean.sub_(part.pull()));
                Tensor partition = mass.log().add_(largest).squeeze(1);
                sum += partition
                        .sub_(part.pull().mul(chunk).sum(1))
                        .add_(part.rest())
                        .sum()
                        .item_double();
            }
            return new Slope(sum, scope.keep(torch.cat(gradients, 0)));
        }
    }

    /// Exact KL at every place, nats, in float32.
    double[] exact(Tensor hidden, Target target) {
        double[] values = new double[Math.toIntExact(hidden.size(0))];
        for (int start = 0; start < values.length; start += PLACES_PER_CHUNK) {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                int count = Math.min(PLACES_PER_CHUNK, values.length - start);
                Tensor chunk = hidden.detach().narrow(0, start, count);
                Target part = target.narrow(start, count);
                Tensor partition = torch.logsumexp(torch.linear(chunk, unembedding), new long[] {1}, false);
                float[] found = Torch.toFloats(
                        partition.sub(part.pull().mul(chunk).sum(1)).add_(part.rest()));
                for (int i = 0; i < count; i++) {
                    values[start + i] = found[i];
                }
            }
        }
        return values;
    }

    @Override
    public void close() {
        narrow.releaseReference();
    }
}
