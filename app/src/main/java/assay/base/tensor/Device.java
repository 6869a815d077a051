package assay.base.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Where the numbers of a model are, and where they are multiplied.
///
/// A model's weights, its states and its caches are on one device. What it is asked and what it answers (tokens, input
/// embeddings, final hidden states, logits) is in the CPU's memory, where everything else is computed: [#here] and
/// [#home] are the border. On the CPU both give back what they get.
///
/// @param name as libtorch writes it
public record Device(String name) {
    /// The processor that runs this program.
    public static final Device CPU = new Device("cpu");
    /// The first graphics card of NVIDIA.
    public static final Device CUDA = new Device("cuda");
    /// The graphics part of Apple's processors.
    public static final Device MPS = new Device("mps");

    /// Whether it is the CPU.
    public boolean isCpu() {
        return equals(CPU);
    }

    /// Whether libtorch was built for it and finds one.
    public boolean isThere() {
        Torch.start();
        return isCpu() || (equals(CUDA) && torch.cuda_is_available()) || (equals(MPS) && torch.hasMPS());
    }

    /// A tensor on this device: itself if it is there already. Differentiable.
    public Tensor here(Tensor tensor) {
        if (isCpu()) {
            return home(tensor);
        }
        return tensor.to(new org.bytedeco.pytorch.Device(name), tensor.scalar_type());
    }

    /// A tensor in the CPU's memory: itself if it is there already. Differentiable. One that has a shape and no
    /// numbers (libtorch's device `meta`) stays what it is.
    public static Tensor home(Tensor tensor) {
        return tensor.is_cpu() || tensor.is_meta() ? tensor : tensor.cpu();
    }

    /// A tensor where another one is: itself if it is there already. Differentiable.
    public static Tensor beside(Tensor other, Tensor tensor) {
        return other.is_cpu() ? home(tensor) : tensor.to(other.device(), tensor.scalar_type());
    }

    /// Copies `values` into a new int64 tensor of the given shape, where another tensor is.
    public static Tensor longs(Tensor beside, long[] values, long... shape) {
        return beside(beside, Torch.longs(values, shape));
    }

    /// @throws IllegalArgumentException unless the tensor's numbers can be read and written by address
    static Tensor requireHome(Tensor tensor) {
        if (!tensor.is_cpu()) {
            throw new IllegalArgumentException("tensor: expected it in the CPU's memory, found it elsewhere.");
        }
        return tensor;
    }
}
