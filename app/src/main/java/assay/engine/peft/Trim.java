package assay.engine.peft;

import assay.InputException;
import assay.base.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// How much of an adapter is wanted: a multiple of all that it changes, and of every `ΔW` the largest directions.
///
/// @param scale k of `W + k·ΔW`; 1 leaves it as it is, below 0 it is turned round
/// @param rank directions kept of every `ΔW`, by their singular values; 0 for all
public record Trim(double scale, int rank) {
    /// All of it, as it is.
    public static final Trim NONE = new Trim(1, 0);

    /// Whether nothing is asked for.
    public boolean isNone() {
        return equals(NONE);
    }

    /// What is asked for, for names and reports: `×0.5, cut to rank 2`; empty for nothing.
    public String words() {
        List<String> words = new ArrayList<>();
        if (scale != 1) {
            words.add("×"
                    + (scale == Math.rint(scale) ? String.format(Locale.ROOT, "%.0f", scale) : Double.toString(scale)));
        }
        if (rank > 0) {
            words.add("cut to rank " + rank);
        }
        return String.join(", ", words).replace('-', '−');
    }

    /// The factors that are left. `B·A` is never formed: with `B = Q·R` and `Aᵀ = P·S` its singular values are those of
    /// the small `R·Sᵀ`, exactly.
    PeftAdapter.Factors of(PeftAdapter.Factors whole) {
        double wanted = whole.scale() * scale;
        if (rank == 0 || rank >= whole.a().size(0)) {
            return new PeftAdapter.Factors(whole.a(), whole.b(), wanted);
        }
        try (TensorScope scope = TensorScope.withoutGradients()) {
            T_TensorTensor_T left = torch.linalg_qr(whole.b().to(torch.ScalarType.Double), "reduced");
            T_TensorTensor_T right =
                    torch.linalg_qr(whole.a().to(torch.ScalarType.Double).t(), "reduced");
            T_TensorTensorTensor_T parts =
                    torch.linalg_svd(left.get1().matmul(right.get1().t()), false, new StringViewOptional());
            long kept = Math.min(rank, parts.get1().size(0));
            Tensor sizes = parts.get1().narrow(0, 0, kept);
            Tensor b = left.get0().matmul(parts.get0().narrow(1, 0, kept).mul(sizes));
            Tensor a = parts.get2().narrow(0, 0, kept).matmul(right.get0().t());
            return new PeftAdapter.Factors(
                    scope.keep(a.to(whole.a().scalar_type()).contiguous()),
                    scope.keep(b.to(whole.b().scalar_type()).contiguous()),
                    wanted);
        }
    }

    /// A whole weight moved from the base's by the multiple asked for; it is not cut.
    Tensor of(Tensor replaced, Tensor base) {
        if (scale == 1) {
            return replaced;
        }
        try (TensorScope scope = TensorScope.withoutGradients()) {
            Tensor own = base.to(torch.ScalarType.Float);
            Tensor moved = own.add(replaced.to(torch.ScalarType.Float).sub(own).mul_(new Scalar(scale())));
            return scope.keep(moved.to(replaced.scalar_type()));
        }
    }

    /// A bias that is added.
    Tensor of(Tensor bias) {
        try (TensorScope scope = TensorScope.withoutGradients()) {
            return scope.keep(bias.mul(new Scalar(scale())));
        }
    }

    /// A gain moved from one, which changes nothing.
    Tensor ofGain(Tensor gain) {
        try (TensorScope scope = TensorScope.withoutGradients()) {
            return scope.keep(gain.sub(new Scalar(1)).mul_(new Scalar(scale())).add_(new Scalar(1)));
        }
    }

    /// @param hasGains whether it multiplies outputs of the base
    /// @throws InputException if there is nothing to cut
    void requireRoom(long largest, boolean hasGains, String adapter) {
        if (rank > 0 && hasGains) {
            throw new InputException("--rank: expected an adapter of factors alone, found DoRA (" + adapter
                    + "). Its magnitudes change whole matrices; leave --rank out, --scale works.");
        }
        if (rank > 0 && rank >= largest) {
            throw new InputException("--rank: expected less than the adapter's " + largest + ", found " + rank + " ("
                    + adapter + "). Leave it out for the whole adapter.");
        }
    }
}
