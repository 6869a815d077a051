package assay.train;

import assay.measure.behaviour.Behaviour;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// What is trained: named blocks of numbers, and the behaviour they make.
public sealed interface Student permits SoftStudent, LoraStudent {
    /// One block.
    ///
    /// @param name unique among its student's blocks
    /// @param shape of the tensor it fills
    record Block(String name, long[] shape) {
        /// Numbers in it.
        int size() {
            long size = 1;
            for (long length : shape) {
                size *= length;
            }
            return Math.toIntExact(size);
        }
    }

    /// Its blocks, in a fixed order.
    List<Block> blocks();

    /// The behaviour made of one float32 tensor per block; differentiable in them.
    Behaviour behaviour(List<Tensor> tensors);
}
