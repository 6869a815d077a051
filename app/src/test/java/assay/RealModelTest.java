package assay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RealModelTest {
    @Test
    void prefersThePropertyThenTheVariableThenTheCache() {
        Map<String, String> both = Map.of("ASSAY_MODEL_GGUF", "variable.gguf", "XDG_CACHE_HOME", "cache");
        assertThat(RealModel.path("property.gguf", both)).isEqualTo(Path.of("property.gguf"));
        assertThat(RealModel.path(null, both)).isEqualTo(Path.of("variable.gguf"));
        assertThat(RealModel.path(null, Map.of("XDG_CACHE_HOME", "cache")))
                .isEqualTo(Path.of("cache/assay/models/smollm2-135m/SmolLM2-135M-Instruct.Q4_1.gguf"));
        assertThat(RealModel.path(null, Map.of())).startsWith(Path.of(System.getProperty("user.home"), ".cache"));
    }
}
