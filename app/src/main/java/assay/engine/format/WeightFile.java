package assay.engine.format;

import assay.InputException;
import assay.base.tensor.Dtype;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// Named tensors on disk, read one at a time.
public interface WeightFile extends AutoCloseable {
    /// The tensors by name, in file order.
    Map<String, TensorInfo> tensors();

    /// Reads one tensor into memory of its own, owned by the caller's [TensorScope]; it outlives this file.
    ///
    /// @throws InputException if there is none of that name or its numbers cannot be read
    Tensor read(String name, Dtype dtype);

    /// Lets go of the file.
    @Override
    void close();
}
