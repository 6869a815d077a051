package assay.budget;

import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Work that is counted instead of timed: what [CountingLoader] makes the program say of every torch operation it asks
/// for. Only the thread of [#during] may ask for any, so that none is missed.
///
/// Counted from shapes, in Java: what libtorch does inside one operation, or in a backward pass, is not seen.
public final class Counted {
    private static final ScopedValue<Counted> HERE = ScopedValue.newInstance();

    private final Map<String, Long> counts = new TreeMap<>();

    /// Counts what a piece of work asks for.
    public static Map<String, Long> during(Runnable work) {
        Counted counted = new Counted();
        ScopedValue.where(HERE, counted).run(work);
        return counted.counts;
    }

    private static void add(String what, long count) {
        if (!HERE.isBound()) {
            throw new IllegalStateException(
                    "counted work: expected torch on the counted thread only, found it on another ("
                            + Thread.currentThread().getName() + ").");
        }
        HERE.get().counts.merge(what, count, Math::addExact);
    }

    /// Instead of `System.getenv`, where folders are looked for: what earlier runs kept would spare work.
    public static Map<String, String> noVariables() {
        return Map.of();
    }

    /// Called as a behaviour's prompt begins to be run on contexts.
    public static void prompt() {
        add("prompts run", 1);
    }

    /// Called as a block begins to read tokens `[token hidden]`.
    public static void tokens(Tensor normed) {
        add("tokens times blocks", normed.size(0));
    }

    /// Called with what an operation made. Views and what was changed in place cost no memory.
    public static Tensor made(Tensor result) {
        add("operations", 1);
        if (!result.is_view()) {
            add("bytes of new tensors", result.nbytes());
        }
        return result;
    }

    /// Called with what an operation changed in place, or may have handed back as it was.
    public static Tensor changed(Tensor result) {
        add("operations", 1);
        return result;
    }

    private static Tensor product(Tensor left, long columns, Tensor result) {
        add("FLOP of matrix products", 2 * left.numel() * columns);
        return made(result);
    }

    /// Instead of `torch.linear`.
    public static Tensor linear(Tensor x, Tensor matrix) {
        return product(x, matrix.size(0), torch.linear(x, matrix));
    }

    /// Instead of `torch.linear`.
    public static Tensor linear(Tensor x, Tensor matrix, TensorOptional bias) {
        return product(x, matrix.size(0), torch.linear(x, matrix, bias));
    }

    /// Instead of `torch.bmm`.
    public static Tensor bmm(Tensor left, Tensor right) {
        return product(left, right.size(2), left.bmm(right));
    }

    /// Instead of `Tensor.matmul` and `torch.matmul`.
    public static Tensor matmul(Tensor left, Tensor right) {
        return product(left, right.dim() == 1 ? 1 : right.size(right.dim() - 1), left.matmul(right));
    }

    /// Instead of `Tensor.addmm_`.
    public static Tensor addmm_(Tensor sum, Tensor left, Tensor right) {
        add("FLOP of matrix products", 2 * left.numel() * right.size(1));
        return changed(sum.addmm_(left, right));
    }

    /// Instead of `Tensor.addmm_`.
    public static Tensor addmm_(Tensor sum, Tensor left, Tensor right, Scalar old, Scalar more) {
        add("FLOP of matrix products", 2 * left.numel() * right.size(1));
        return changed(sum.addmm_(left, right, old, more));
    }
}
