package assay.engine.format;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.tensor.Dtype;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// Named tensors on disk, read one at a time.
public interface WeightFile extends AutoCloseable {
    /// The tensors by name, in file order.
    Map<String, TensorInfo> tensors();

    /// Refuses tensors without numbers in them.
    ///
    /// @param subject what the file is to the user
    /// @throws InputException naming the first of them
    default void requireFilled(String subject, Path path) {
        List<String> empty = tensors().entrySet().stream()
                .filter(tensor -> tensor.getValue().numbers() == 0)
                .map(tensor -> Refusal.name(tensor.getKey()))
                .toList();
        if (!empty.isEmpty()) {
            throw Refusal.of(
                    subject,
                    "numbers in every tensor",
                    empty.size() + " empty, " + empty.getFirst() + " first",
                    path,
                    "DeepSpeed ZeRO-3 leaves weights so when they are not gathered before saving; save it again with"
                            + " stage3_gather_16bit_weights_on_model_save.");
        }
    }

    /// Reads one tensor into memory of its own, owned by the caller's [TensorScope]; it outlives this file.
    ///
    /// @throws InputException if there is none of that name or its numbers cannot be read
    Tensor read(String name, Dtype dtype);

    /// The smallest format that holds a tensor's numbers as they are.
    default Dtype exact(String name) {
        TensorInfo info = tensors().get(name);
        return info != null && info.type() == ElementType.BF16 ? Dtype.BFLOAT16 : Dtype.FLOAT32;
    }

    /// Lets go of the file.
    @Override
    void close();
}
