package assay.tasks.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import assay.InputException;
import assay.base.run.Job;
import assay.base.tensor.Device;
import assay.base.tensor.Dtype;
import assay.engine.text.BasePrompt;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which device a model is opened on.
final class DeviceChoiceTest {
    @Test
    void aDeviceThatIsThereIsFoundByItself() {
        assertThat(DeviceChoice.AUTO.device().isThere()).isTrue();
        assertThat(DeviceChoice.CPU.device()).isEqualTo(Device.CPU);
    }

    @ParameterizedTest
    @EnumSource(
            value = DeviceChoice.class,
            names = {"CUDA", "MPS"})
    void oneThatIsNotThereIsRefusedBeforeAModelIsLookedFor(DeviceChoice choice) {
        assumeFalse(new Device(choice.toString()).isThere(), "only where there is none can it be refused");
        Session.Choices choices = new Session.Choices(Precision.AUTO, choice, BasePrompt.usual());
        assertThatThrownBy(() -> Session.open("no such model", choices, Path.of("."), Job.silent()))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("--device " + choice + ": expected ")
                .hasMessageContaining("found none that libtorch can use")
                .hasMessageEndingWith(".");
    }

    @Test
    void numberFormatsThatWereAskedForAreKeptOnEveryDevice() {
        for (Device device : new Device[] {Device.CPU, Device.CUDA, Device.MPS}) {
            assertThat(Precision.FLOAT32.dtype(device)).isEqualTo(Dtype.FLOAT32);
            assertThat(Precision.BFLOAT16.dtype(device)).isEqualTo(Dtype.BFLOAT16);
        }
        assertThat(Precision.AUTO.dtype(Device.CPU)).isEqualTo(Precision.AUTO.dtype());
        assertThat(Precision.AUTO.dtype(Device.CUDA)).isEqualTo(Dtype.BFLOAT16);
    }
}
