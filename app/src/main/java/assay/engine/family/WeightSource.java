package assay.engine.family;

import assay.base.tensor.Dtype;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// Where the numbers of a model come from, by Hugging Face name.
public interface WeightSource {
    /// The tensors there are, with their shapes.
    Map<String, List<Long>> shapes();

    /// A tensor of finite numbers, owned by the caller's scope.
    Tensor read(String name, Dtype dtype);

    /// The smallest format that holds a tensor's numbers as they are.
    default Dtype exact(String name) {
        return Dtype.FLOAT32;
    }

    /// Several, which a file may hold in one; each owned by the caller's scope.
    default List<Tensor> readAll(List<String> names, Dtype dtype) {
        return names.stream().map(name -> read(name, dtype)).toList();
    }
}
