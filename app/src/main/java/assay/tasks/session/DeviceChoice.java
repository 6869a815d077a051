package assay.tasks.session;

import assay.InputException;
import assay.base.tensor.Device;

/// The device a user asks for.
public enum DeviceChoice {
    /// A graphics processor if there is one that libtorch can use, else the CPU.
    AUTO,
    /// The processor that runs this program.
    CPU,
    /// An NVIDIA graphics card.
    CUDA,
    /// The graphics part of an Apple processor.
    MPS;

    /// The device to open a model on, on this machine.
    ///
    /// @throws InputException if it is not there
    public Device device() {
        return switch (this) {
            case AUTO -> Device.CUDA.isThere() ? Device.CUDA : Device.MPS.isThere() ? Device.MPS : Device.CPU;
            case CPU -> Device.CPU;
            case CUDA ->
                there(
                        Device.CUDA,
                        "a graphics card of NVIDIA and a libtorch built for it",
                        "Build with ASSAY_BUILD=-Pcuda (docs/devices.md), or leave --device out.");
            case MPS ->
                there(
                        Device.MPS,
                        "an Apple processor and a libtorch built for it",
                        "Leave --device out, or use --device cpu.");
        };
    }

    private static Device there(Device device, String what, String next) {
        if (device.isThere()) {
            return device;
        }
        throw new InputException(
                "--device " + device.name() + ": expected " + what + ", found none that libtorch can use. " + next);
    }

    /// As it is written in a command line.
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
