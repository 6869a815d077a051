package assay.engine.model;

import assay.base.run.Sha256;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A hash of what an adapter does to the weights, whatever its factors are: `A·R` with `R⁻¹·B`, a scale moved into a
/// factor, or a rank filled up with zeros leave it as it is.
///
/// Of all changes ΔW together it takes the length, and their inner products with [#NUMBERS] random matrices of rank
/// one, and rounds them to a thousandth: `Σ scale · (uᵀB)·(A·x)`, in double. So adapters that differ by less than some
/// thousandth of their length may have the same hash, and one in a hundred whose factors were computed anew in float32
/// has another: the file's own hash says whether two are equal byte by byte.
final class Fingerprint {
    private static final int NUMBERS = 4;
    private static final double STEP = 1e-3;

    private final double[] products = new double[NUMBERS];
    private final List<String> names = new ArrayList<>();
    private double square;

    private Fingerprint() {}

    /// SHA-256 of an overlay's rounded numbers.
    static String of(Overlay overlay) {
        Fingerprint print = new Fingerprint();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            new TreeMap<>(overlay.linear()).forEach(print::lowRank);
            overlay.embedding().ifPresent(factors -> print.lowRank("the embedding", factors));
            new TreeMap<>(overlay.replaced()).forEach(print::whole);
            new TreeMap<>(overlay.biases()).forEach((name, bias) -> print.whole(name + ".bias", bias));
            new TreeMap<>(overlay.gains()).forEach((name, gain) -> print.whole(name + " gain", gain));
        }
        return print.sha256();
    }

    private void lowRank(String name, Overlay.LowRank factors) {
        try (TensorScope _ = new TensorScope()) {
            Tensor a = factors.a().to(torch.ScalarType.Double);
            Tensor b = factors.b().to(torch.ScalarType.Double);
            Tensor left = drawn(name, "left", b.size(0)).matmul(b);
            Tensor right = drawn(name, "right", a.size(1)).matmul(a.transpose(0, 1));
            double length = b.transpose(0, 1)
                    .matmul(b)
                    .mul(a.matmul(a.transpose(0, 1)))
                    .sum()
                    .item_double();
            add(name, left.mul(right).sum(-1), factors.scale(), length);
        }
    }

    private void whole(String name, Tensor numbers) {
        try (TensorScope _ = new TensorScope()) {
            Tensor flat = numbers.to(torch.ScalarType.Double).reshape(numbers.size(0), -1);
            Tensor left = drawn(name, "left", flat.size(0)).matmul(flat);
            Tensor products = left.mul(drawn(name, "right", flat.size(1))).sum(-1);
            add(name, products, 1, flat.mul(flat).sum().item_double());
        }
    }

    private void add(String name, Tensor found, double scale, double length) {
        names.add(name);
        square += scale * scale * length;
        for (int i = 0; i < NUMBERS; i++) {
            products[i] += scale * found.select(0, i).item_double();
        }
    }

    /// Random vectors `[number size]` that belong to a matrix by its name.
    private static Tensor drawn(String name, String side, long size) {
        byte[] digest = Sha256.digest("SHA-256").digest((name + " " + side).getBytes(StandardCharsets.UTF_8));
        SplittableRandom random =
                new SplittableRandom(java.nio.ByteBuffer.wrap(digest).getLong());
        float[] values = new float[Math.toIntExact(NUMBERS * size)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Torch.floats(values, NUMBERS, size).to(torch.ScalarType.Double);
    }

    private String sha256() {
        StringBuilder text = new StringBuilder(String.join(" ", names));
        double length = Math.sqrt(square);
        text.append(String.format(Locale.ROOT, " %d", rounded(length == 0 ? 0 : Math.log(length))));
        for (double product : products) {
            text.append(String.format(Locale.ROOT, " %d", rounded(length == 0 ? 0 : product / length)));
        }
        return Sha256.ofText(text.toString());
    }

    private static long rounded(double value) {
        return Math.round(value / STEP);
    }
}
