package assay.engine.format;

import java.util.List;

/// What a file says of one of its tensors before any number is read.
///
/// @param type how its numbers are stored
/// @param shape row-major, as Hugging Face writes it: the last axis is contiguous
/// @param offset first byte in the file
/// @param bytes stored size
public record TensorInfo(ElementType type, List<Long> shape, long offset, long bytes) {
    /// No tensor of a language model comes near; keeps every later product within a long.
    static final long MOST_NUMBERS = 1L << 44;

    /// Makes the shape immutable.
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /// Product of the shape.
    public long numbers() {
        return product(shape);
    }

    /// The product of these sizes, or -1 if one is negative or their product (zeros aside) is absurd.
    static long product(List<Long> shape) {
        long product = 1;
        boolean empty = false;
        for (long size : shape) {
            empty |= size == 0;
            if (size < 0 || size > MOST_NUMBERS / product) {
                return -1;
            }
            product *= Math.max(1, size);
        }
        return empty ? 0 : product;
    }
}
