package assay.train;

import assay.base.tensor.Device;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// KL(teacher ‖ student) over the whole vocabulary, and its slope in the student's final hidden states.
///
/// With p the teacher's distribution, h its and s the student's final hidden state and
/// z(x) = log Σ exp(W·x): `KL = z(s) − (Wᵀp)·s + (Wᵀp)·h − z(h)`. So all the student ever needs of a teacher is
/// `Wᵀp`, as wide as a hidden state, and one number: 85 times less than its probabilities, and exact. The
/// slope is `Wᵀ(softmax(W·s) − p)`.
///
/// Under a cap the logits are no product, and p itself is needed: there the teacher's states are kept,
/// and p is computed from them again at every step. The slope is that of the logits, times the cap's,
/// times W.
public final class Objective implements AutoCloseable {
    private static final int PLACES_PER_CHUNK = 256;
    /// Places whose distributions are held several times.
    private static final int PLACES_UNDER_CAP = 32;

    private final Unembedding unembedding;
    private final Tensor narrow;

    /// An objective over one unembedding.
    ///
    /// @param unembedding owned by the model
    /// @param dtype the format slopes are computed in; targets are always computed in float32
    public Objective(Unembedding unembedding, Dtype dtype) {
        this.unembedding = unembedding;
        try (TensorScope _ = TensorScope.withoutGradients()) {
            this.narrow = Device.home(unembedding.matrix().to(dtype.scalarType()));
            narrow.retainReference();
        }
    }

    /// What a teacher says at some places.
    ///
    /// @param pull `Wᵀp` `[place hidden]` float32; under a cap the teacher's states, or tokens `[place 1]`
    /// @param rest `(Wᵀp)·h − z(h)` `[place]` float32; under a cap the same number, `Σ p·log p`
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
                Tensor logits = unembedding.logits(states);
                Tensor partition = torch.logsumexp(logits, new long[] {1}, false);
                Tensor shares = torch.softmax(logits, -1);
                if (unembedding.isCapped()) {
                    rests.push_back(shares.mul_(logits).sum(1).sub_(partition));
                    pulls.push_back(states);
                    continue;
                }
                Tensor pull = unembedding.pull(shares);
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
            Tensor ids = Torch.longs(rows, rows.length);
            Tensor pull = unembedding.isCapped() ? ids.unsqueeze(1).to(torch.ScalarType.Float) : unembedding.rows(ids);
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

    /// The slope at a student's final hidden states `[place hidden]`; the gradient is owned by the
    /// caller's scope.
    Slope slope(Tensor hidden, Target target) {
        try (TensorScope scope = TensorScope.withoutGradients()) {
            double sum = 0;
            TensorVector gradients = new TensorVector();
            Tensor states = hidden.detach();
            if (unembedding.isCapped()) {
                return cappedSlope(states, target, scope);
            }
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

    private Slope cappedSlope(Tensor states, Target target, TensorScope scope) {
        double sum = 0;
        TensorVector gradients = new TensorVector();
        for (long start = 0; start < states.size(0); start += PLACES_UNDER_CAP) {
            try (TensorScope inner = new TensorScope()) {
                long count = Math.min(PLACES_UNDER_CAP, states.size(0) - start);
                Tensor chunk = states.narrow(0, start, count).to(narrow.scalar_type());
                Tensor logits = unembedding.capped(torch.linear(chunk, narrow).to(torch.ScalarType.Float));
                Tensor shares = shares(target.pull().narrow(0, start, count));
                sum += divergence(logits, shares, target.rest().narrow(0, start, count))
                        .sum()
                        .item_double();
                Tensor push = unembedding.felt(torch.softmax(logits, -1).sub_(shares), logits);
                gradients.push_back(
                        inner.keep(push.to(narrow.scalar_type()).matmul(narrow).to(torch.ScalarType.Float)));
            }
        }
        return new Slope(sum, scope.keep(torch.cat(gradients, 0)));
    }

    /// The teacher's distribution under a cap `[place vocab]`.
    private Tensor shares(Tensor pull) {
        return pull.size(1) == 1 && unembedding.width() > 1
                ? torch.zeros(pull.size(0), unembedding.tokens())
                        .scatter_(1, pull.to(torch.ScalarType.Long), new Scalar(1))
                : torch.softmax(unembedding.logits(pull), -1);
    }

    private static Tensor divergence(Tensor logits, Tensor shares, Tensor rest) {
        return torch.logsumexp(logits, new long[] {1}, false)
                .sub_(logits.mul(shares).sum(1))
                .add_(rest);
    }

    /// Exact KL at every place, nats, in float32.
    double[] exact(Tensor hidden, Target target) {
        double[] values = new double[Math.toIntExact(hidden.size(0))];
        int step = unembedding.isCapped() ? PLACES_UNDER_CAP : PLACES_PER_CHUNK;
        for (int start = 0; start < values.length; start += step) {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                int count = Math.min(step, values.length - start);
                Tensor chunk = hidden.detach().narrow(0, start, count);
                Target part = target.narrow(start, count);
                Tensor logits = unembedding.logits(chunk);
                float[] found = Torch.toFloats(
                        unembedding.isCapped()
                                ? divergence(logits, shares(part.pull()), part.rest())
                                : torch.logsumexp(logits, new long[] {1}, false)
                                        .sub(part.pull().mul(chunk).sum(1))
                                        .add_(part.rest()));
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
