package assay.tasks.session;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.run.Machine;
import assay.base.tensor.Device;
import assay.base.tensor.Dtype;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionTest {
    @ParameterizedTest
    @CsvSource({
        "Intel(R) Xeon(R) Processor, avx512f avx512_bf16 amx_bf16, BFLOAT16",
        "Intel(R) Xeon(R) Processor, avx512f avx512_bf16,          FLOAT32",
        "Intel(R) Xeon(R) Processor, avx512f,                      FLOAT32",
        "AMD EPYC 9R14,              avx512f avx512_bf16,          BFLOAT16",
        "AMD EPYC 7R13,              avx2,                         FLOAT32",
        "'',                         asimd bf16,                   BFLOAT16",
        "'',                         asimd,                        FLOAT32",
    })
    void takesTheFormatInWhichACpuMultipliesFaster(String cpu, String features, Dtype expected) {
        assertThat(Precision.fastest(machine(cpu, features))).isEqualTo(expected);
    }

    @Test
    void namesOfFormatsAreKept() {
        assertThat(Precision.FLOAT32.dtype()).isEqualTo(Dtype.FLOAT32);
        assertThat(Precision.BFLOAT16.dtype()).isEqualTo(Dtype.BFLOAT16);
        assertThat(Precision.AUTO.dtype(Device.CUDA)).isEqualTo(Dtype.BFLOAT16);
    }

    private static Machine machine(String cpu, String features) {
        return new Machine("25", "Linux", "amd64", cpu, List.of(features.split(" ")), 2, 1L << 34);
    }
}
