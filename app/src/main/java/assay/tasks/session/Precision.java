package assay.tasks.session;

import assay.base.run.Machine;
import assay.base.tensor.Device;
import assay.base.tensor.Dtype;
import java.util.List;

/// The number format a user asks for.
public enum Precision {
    /// bfloat16 where the CPU multiplies faster in it and on CUDA, float32 elsewhere.
    AUTO,
    /// IEEE single precision.
    FLOAT32,
    /// bfloat16.
    BFLOAT16;

    /// Matrix units of their own: Intel's and Arm's.
    private static final List<String> FASTER = List.of("amx_bf16", "bf16");
    /// Twice as fast as float32 on AMD's cores; on Intel's half as fast, which have it as a part of AMX and may hide
    /// AMX from a virtual machine (docs/decisions/0035-which-number-format.md).
    private static final String FASTER_ON_AMD = "avx512_bf16";

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
            case AUTO -> fastest(Machine.current());
            case FLOAT32 -> Dtype.FLOAT32;
            case BFLOAT16 -> Dtype.BFLOAT16;
        };
    }

    /// The format in which a machine's CPU multiplies matrices faster.
    static Dtype fastest(Machine machine) {
        boolean isHalf = machine.cpuFeatures().stream().anyMatch(FASTER::contains)
                || (machine.cpu().startsWith("AMD") && machine.cpuFeatures().contains(FASTER_ON_AMD));
        return isHalf ? Dtype.BFLOAT16 : Dtype.FLOAT32;
    }
}
