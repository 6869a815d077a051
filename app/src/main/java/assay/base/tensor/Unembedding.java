package assay.base.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// What turns final hidden states into logits: a matrix, and in some families a cap.
///
/// `logits = cap·tanh(W·h / cap)`, or `W·h` without one. Mixtures are sums of hidden states, so they are made in
/// front of the cap: whoever adds up adds `W·h`, and calls [#capped] on the sum. Whoever makes probabilities or slopes
/// of hidden states does it here, so that nobody can forget the cap.
///
/// @param matrix W `[vocab hidden]` float32
/// @param cap that no logit reaches; [#NO_CAP] for none
public record Unembedding(Tensor matrix, double cap) {
    /// Logits are as large as they are.
    public static final double NO_CAP = Double.POSITIVE_INFINITY;

    /// Without a cap.
    public Unembedding(Tensor matrix) {
        this(matrix, NO_CAP);
    }

    /// Whether logits are capped.
    public boolean isCapped() {
        return cap < NO_CAP;
    }

    /// Rows of the matrix.
    public long tokens() {
        return matrix.size(0);
    }

    /// Numbers of a hidden state.
    public long width() {
        return matrix.size(1);
    }

    /// For some tokens only.
    public Unembedding part(long from, long count) {
        return new Unembedding(matrix.narrow(0, from, count), cap);
    }

    /// Logits `[… vocab]` of hidden states `[… hidden]` float32.
    public Tensor logits(Tensor states) {
        return capped(torch.linear(states, matrix));
    }

    /// Logits of what states, mixed or not, are in front of the cap; in place where no gradient is wanted.
    public Tensor capped(Tensor products) {
        return Torch.capped(products, cap);
    }

    /// Numbers about tokens as a change in front of the cap feels them: times the slope of the cap at these logits,
    /// `1 − (logit/cap)²`. Without a cap the numbers themselves.
    public Tensor felt(Tensor numbers, Tensor logits) {
        if (!isCapped()) {
            return numbers;
        }
        Tensor share = logits.div(new Scalar(cap));
        return numbers.sub(share.mul(share).mul_(numbers));
    }
}
