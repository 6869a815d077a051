package assay.base.tensor;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The few conversions between Java arrays and torch tensors, and the thread settings.
///
/// Torch keeps per-thread state: use it on platform threads only, never on virtual ones.
public final class Torch {
    private Torch() {}

    /// Loads the native libraries once and sets both thread pools (torch's and OpenBLAS's) to the machine's
    /// cores.
    public static void start() {
        Native.START.run();
    }

    /// Copies `values` into a new float32 tensor of the given shape.
    ///
    /// @throws IllegalArgumentException if the shape does not hold exactly `values.length` numbers
    public static Tensor floats(float[] values, long... shape) {
        requireCount(values.length, shape);
        try (FloatPointer pointer = new FloatPointer(values)) {
            return torch.from_blob(pointer, shape, Native.FLOAT_OPTIONS).clone();
        }
    }

    /// Copies rows of equal length into a new float32 tensor `[row column]`.
    public static Tensor floats(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        float[] flat = new float[Math.multiplyExact(rows.length, columns)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * columns, columns);
        }
        return floats(flat, rows.length, columns);
    }

    /// Copies `values` into a new int64 tensor of the given shape.
    ///
    /// @throws IllegalArgumentException if the shape does not hold exactly `values.length` numbers
    public static Tensor longs(long[] values, long... shape) {
        requireCount(values.length, shape);
        try (LongPointer pointer = new LongPointer(values)) {
            return torch.from_blob(pointer, shape, Native.LONG_OPTIONS).clone();
        }
    }

    /// Copies a tensor of any dtype out as Java floats, row-major.
    public static float[] toFloats(Tensor tensor) {
        try (TensorScope _ = new TensorScope()) {
            Tensor flat =
                    Device.home(tensor.detach()).to(torch.ScalarType.Float).contiguous();
            float[] values = new float[Math.toIntExact(flat.numel())];
            new FloatPointer(flat.data_ptr()).get(values);
            return values;
        }
    }

    /// Copies a matrix `[row column]` of any dtype out as rows of Java floats.
    public static float[][] toRows(Tensor matrix) {
        float[] flat = toFloats(matrix);
        int columns = Math.toIntExact(matrix.size(1));
        float[][] rows = new float[Math.toIntExact(matrix.size(0))][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * columns, (i + 1) * columns));
        return rows;
    }

    /// Copies an int64 tensor out as Java longs, row-major.
    public static long[] toLongs(Tensor tensor) {
        try (TensorScope _ = new TensorScope()) {
            Tensor flat = Device.home(tensor.detach()).to(torch.ScalarType.Long).contiguous();
            long[] values = new long[Math.toIntExact(flat.numel())];
            new LongPointer(flat.data_ptr()).get(values);
            return values;
        }
    }

    /// Numbers held back from a limit, `cap·tanh(x/cap)`; as they are if it is infinite. In place where no gradient is
    /// wanted.
    public static Tensor capped(Tensor x, double cap) {
        if (cap == Double.POSITIVE_INFINITY) {
            return x;
        }
        Scalar limit = new Scalar(cap);
        return x.requires_grad()
                ? x.div(limit).tanh().mul(limit)
                : x.div_(limit).tanh_().mul_(limit);
    }

    /// Whether every number of a tensor is finite. A finite sum says so at once.
    public static boolean isFinite(Tensor tensor) {
        try (TensorScope _ = new TensorScope()) {
            return Double.isFinite(tensor.sum().item_double())
                    || torch.count_nonzero(torch.isfinite(tensor)).item_long() == tensor.numel();
        }
    }

    /// What the numbers depend on besides the seed: torch's version, its CPU capability and the thread count.
    public static String description() {
        start();
        return "libtorch " + Tensor.class.getPackage().getImplementationVersion() + ", "
                + torch.get_cpu_capability().getString() + ", " + torch.get_num_threads() + " threads";
    }

    private static void requireCount(int count, long... shape) {
        long expected = 1;
        for (long size : shape) {
            expected *= size;
        }
        if (expected != count) {
            throw new IllegalArgumentException("tensor: expected " + expected + " numbers for shape "
                    + Arrays.toString(shape) + ", found " + count + ".");
        }
    }

    /// Initialised by the class loader, so exactly once and without a lock of our own.
    private static final class Native {
        private static final org.bytedeco.pytorch.TensorOptions FLOAT_OPTIONS =
                new org.bytedeco.pytorch.TensorOptions(torch.ScalarType.Float);
        private static final org.bytedeco.pytorch.TensorOptions LONG_OPTIONS =
                new org.bytedeco.pytorch.TensorOptions(torch.ScalarType.Long);
        private static final Runnable START;

        static {
            int threads = Runtime.getRuntime().availableProcessors();
            torch.set_num_threads(threads);
            openblas.blas_set_num_threads(threads);
            firstBackward();
            START = () -> {};
        }

        /// libtorch looks for accelerators at its first backward pass; two threads that do so at once can crash it
        /// (seen once: a jump to address 0 in `at::accelerator::getAccelerator`).
        private static void firstBackward() {
            try (PointerScope _ = new PointerScope();
                    AutoGradMode _ = new AutoGradMode(true)) {
                Tensor one = torch.ones(1).set_requires_grad(true);
                one.sum().backward();
            }
        }
    }
}
