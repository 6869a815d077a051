package assay.base.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/// The number formats Assay computes in.
public enum Dtype {
    /// IEEE single precision: 4 bytes a number; the reference.
    FLOAT32(4, ScalarType.Float),
    /// bfloat16: 2 bytes a number, 8 bits of mantissa; the fast one where the CPU has matrix instructions
    /// for it.
    BFLOAT16(2, ScalarType.BFloat16);

    private final int bytes;
    private final ScalarType scalarType;

    Dtype(int bytes, ScalarType scalarType) {
        this.bytes = bytes;
        this.scalarType = scalarType;
    }

    /// Size of one number in bytes.
    public int bytes() {
        return bytes;
    }

    /// The torch name of this format.
    public ScalarType scalarType() {
        return scalarType;
    }
}
