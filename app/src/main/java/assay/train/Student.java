package assay.train;

import assay.base.tensor.Torch;
import assay.measure.behaviour.Behaviour;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// What is trained: blocks of numbers, and the behaviour they make.
public sealed interface Student permits SoftStudent, LoraStudent {
    /// The shapes of the tensors that its blocks fill, in a fixed order.
    List<long[]> shapes();

    /// One float32 tensor per block, of the current scope.
    ///
    /// @param numbers one array per block
    default List<Tensor> tensors(float[][] numbers) {
        List<Tensor> tensors = new ArrayList<>();
        List<long[]> shapes = shapes();
        for (int i = 0; i < numbers.length; i++) {
            tensors.add(Torch.floats(numbers[i], shapes.get(i)));
        }
        return tensors;
    }

    /// What it is, for the reader.
    String description();

    /// The behaviour made of one float32 tensor per block; differentiable in them.
    Behaviour behaviour(List<Tensor> tensors);
}
