package assay.tasks.session;

import assay.base.run.Machine;
import assay.base.tensor.Device;
import assay.base.tensor.Dtype;
import java.util.List;

/// The number format a user asks for.
public enum Precision {
    /// bfloat16 where the CPU multiplies in it and on CUDA, float32 elsewhere.
    AUTO,
    /// IEEE single precision.
    FLOAT32,
    /// bfloat16.
    BFLOAT16;

    private static final List<String> BFLOAT16_FEATURES = List.of("avx512_bf16", "amx_bf16", "bf16");

    /// The format to open a model in on a device of this machine.
    public Dtype dtype(Device device) {
        return switch (this) {
            case AUTO -> device.equals(Device.CUDA) ? Dtype.BFLOAT16 : dtype();
            case FLOAT32, BFLOAT16 -> dtype();
        };
    }

    /// The format to open a model in on this machine's CPU.
    public Dtype dtype() {
        return switch (this) {
            case AUTO ->
                Machine.current().cpuFeatures().stream().anyMatch(BFLOAT16_FEATURES::contains)
                        ? Dtype.BFLOAT16
                        : Dtype.FLOAT32;
            case FLOAT32 -> Dtype.FLOAT32;
            case BFLOAT16 -> Dtype.BFLOAT16;
        };
    }
}
