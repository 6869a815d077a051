package assay.base.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// What turns final hidden states into logits: a matrix, and in some families a cap.
///
/// `logits = cap·tanh(W·h / cap)`, or `W·h` without one. Mixtures are sums of hidden states, so they are made in
/// front of the cap: whoever adds up adds `W·h`, and calls [#capped] on the sum. Whoever makes probabilities or slopes
/// of hidden states does it here, so that nobody can forget the cap.
///
/// W stays in the format its file has it in, and on the model's device. Everything is computed in float32, so that a
/// W of 16 bits is widened, some rows at a time; what is asked and answered is in the CPU's memory.
///
/// @param matrix W `[vocab hidden]`, float32 or 16 bits a number
/// @param cap that no logit reaches; [#NO_CAP] for none
public record Unembedding(Tensor matrix, double cap) {
    /// Logits are as large as they are.
    public static final double NO_CAP = Double.POSITIVE_INFINITY;

    /// Numbers of W widened at once: 16 MB, about what a core's caches hold.
    private static final long WIDENED = 4L << 20;

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
        return capped(products(states));
    }

    /// `W·h` `[… vocab]` of hidden states `[… hidden]` float32: logits, in front of the cap.
    public Tensor products(Tensor states) {
        Tensor asking = Device.beside(matrix, states);
        if (Fused.isForFew(asking)) {
            return Fused.product(asking, matrix);
        }
        if (isWide()) {
            return Device.home(torch.linear(asking, matrix));
        }
        List<Slice> slices = slices();
        try (TensorScope scope = new TensorScope()) {
            if (slices.size() == 1) {
                return scope.keep(Device.home(torch.linear(asking, wide(slices.getFirst()))));
            }
            TensorVector parts = new TensorVector();
            for (Slice slice : slices) {
                try (TensorScope inner = new TensorScope()) {
                    parts.push_back(inner.keep(torch.linear(asking, wide(slice))));
                }
            }
            return scope.keep(Device.home(torch.cat(parts, -1)));
        }
    }

    /// `Wᵀ·s` `[row hidden]` of numbers about tokens `[row vocab]`: under a distribution the mean row of W.
    public Tensor pull(Tensor numbers) {
        return sum(slice -> Device.beside(matrix, numbers.narrow(1, slice.from(), slice.count()))
                .matmul(wide(slice)));
    }

    /// The rows of W, each as often as a number says, in one sum `[hidden]`.
    ///
    /// @param numbers of every token `[vocab]`
    public Tensor weightedSum(Tensor numbers) {
        return sum(slice -> wide(slice).mul(column(numbers, slice)).sum(0));
    }

    /// `Wᵀ·diag(numbers)·W` `[hidden hidden]`: a metric of changes of hidden states.
    ///
    /// @param numbers of every token `[vocab]`
    public Tensor moment(Tensor numbers) {
        return sum(slice -> {
            Tensor rows = wide(slice);
            return rows.transpose(0, 1).matmul(rows.mul(column(numbers, slice)));
        });
    }

    /// Rows of W `[token hidden]` float32.
    ///
    /// @param ids of the tokens, int64
    public Tensor rows(Tensor ids) {
        return Device.home(matrix.index_select(0, Device.beside(matrix, ids)).to(torch.ScalarType.Float));
    }

    /// All of W in float32: a copy unless it is that. For what happens rarely.
    public Tensor whole() {
        return Device.home(matrix.to(torch.ScalarType.Float));
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

    /// Rows of W that are widened together.
    private record Slice(long from, long count) {}

    /// What is made of a slice.
    private interface Part {
        Tensor of(Slice slice);
    }

    private boolean isWide() {
        return matrix.element_size() == Dtype.FLOAT32.bytes();
    }

    /// One, if nothing need be widened.
    private List<Slice> slices() {
        long step = isWide() ? tokens() : Math.max(1, WIDENED / width());
        List<Slice> slices = new ArrayList<>();
        for (long from = 0; from < tokens(); from += step) {
            slices.add(new Slice(from, Math.min(step, tokens() - from)));
        }
        return slices;
    }

    private Tensor wide(Slice slice) {
        return matrix.narrow(0, slice.from(), slice.count()).to(torch.ScalarType.Float);
    }

    private Tensor column(Tensor numbers, Slice slice) {
        return Device.beside(matrix, numbers.narrow(0, slice.from(), slice.count()))
                .unsqueeze(1);
    }

    private Tensor sum(Part part) {
        List<Slice> slices = slices();
        try (TensorScope scope = new TensorScope()) {
            Tensor sum = part.of(slices.getFirst());
            for (Slice slice : slices.subList(1, slices.size())) {
                try (TensorScope _ = new TensorScope()) {
                    sum.add_(part.of(slice));
                }
            }
            return scope.keep(Device.home(sum));
        }
    }
}
