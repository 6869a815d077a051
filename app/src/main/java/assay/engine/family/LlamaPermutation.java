package assay.engine.family;

import assay.base.tensor.TensorScope;
import org.bytedeco.pytorch.Tensor;

/// Undoes the row order llama.cpp gives the query and key projections of Llama models.
///
/// Hugging Face rotates number `i` of a head together with number `i + headDim/2`, llama.cpp with number `i +
/// 1`; its converter therefore interleaves the two halves of every head (`LlamaModel.permute` in
/// `convert_hf_to_gguf.py`).
final class LlamaPermutation {
    private LlamaPermutation() {}

    /// Back to Hugging Face order, as a new contiguous tensor owned by the caller's scope.
    ///
    /// @param weight `[heads·headDim in]`, or a bias `[heads·headDim]`
    /// @param heads query heads for queries, key/value heads for keys
    /// @throws IllegalArgumentException if the rows do not divide into that many heads of even size
    static Tensor undo(Tensor weight, int heads) {
        long rows = weight.size(0);
        if (heads < 1 || rows < 1 || rows % (2L * heads) != 0) {
            throw new IllegalArgumentException("permutation: expected rows that divide into " + heads
                    + " heads of even size, found " + rows + ".");
        }
        try (TensorScope scope = new TensorScope()) {
            return scope.keep(weight.reshape(heads, rows / heads / 2, 2, weight.numel() / rows)
                    .transpose(1, 2)
                    .reshape(weight.sizes())
                    .contiguous());
        }
    }
}
