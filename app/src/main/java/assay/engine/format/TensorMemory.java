package assay.engine.format;

import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.Tensor;

/// A contiguous tensor's own bytes, seen as a memory segment. The one place where raw addresses are used.
final class TensorMemory {
    private TensorMemory() {}

    /// Valid only while the tensor is, which must be in the CPU's memory.
    @SuppressWarnings("restricted")
    static MemorySegment of(Tensor tensor) {
        long bytes = tensor.numel() * tensor.element_size();
        return bytes == 0
                ? MemorySegment.NULL
                : MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(bytes);
    }
}
