package assay.lab.bench;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/// What this machine can do at most, measured in the same run with the libraries Assay computes with.
///
/// @param flopPerSecond of one large matrix product in each format
/// @param bytesPerSecond read and written by one large copy
public record Roofline(Map<Dtype, Double> flopPerSecond, double bytesPerSecond) {
    private static final int TRIES = 5;

    /// Measures it; the best of five tries counts.
    ///
    /// @param small with small matrices, only to try the plumbing
    static Roofline measure(boolean small) {
        double narrow = product(Dtype.BFLOAT16, small ? 128 : 3072);
        double wide = product(Dtype.FLOAT32, small ? 128 : 2048);
        return new Roofline(Map.of(Dtype.BFLOAT16, narrow, Dtype.FLOAT32, wide), copy(small ? 1L << 16 : 1L << 26));
    }

    /// FLOP a second of the fastest product in a format.
    double products(Dtype dtype) {
        return flopPerSecond.getOrDefault(dtype, Double.NaN);
    }

    /// The shortest time in which a row could be done: several parts, each bound by products or by memory.
    double seconds(List<Cost> parts) {
        return parts.stream()
                .mapToDouble(part -> Math.max(part.flop() / products(part.dtype()), part.bytes() / bytesPerSecond))
                .sum();
    }

    private static double product(Dtype dtype, long size) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor a = torch.randn(new long[] {size, size}, new TensorOptions(torch.ScalarType.Float))
                    .to(dtype.scalarType());
            Tensor b = a.clone();
            return 2.0
                    * size
                    * size
                    * size
                    / best(() -> {
                        try (TensorScope _ = new TensorScope()) {
                            torch.linear(a, b);
                        }
                    });
        }
    }

    private static double copy(long numbers) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor from = torch.ones(new long[] {numbers}, new TensorOptions(torch.ScalarType.Float));
            Tensor to = torch.zeros_like(from);
            return 2.0 * Float.BYTES * numbers / best(() -> to.copy_(from));
        }
    }

    private static double best(Runnable work) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= TRIES; i++) {
            double took = Stopwatch.seconds(work);
            best = i == 0 ? best : Math.min(best, took);
        }
        return best;
    }
}
