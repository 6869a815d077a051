package assay.tasks.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelListTest {
    private static final ModelList LIST = new ModelList(List.of(
            new ModelList.Row("smollm2-135m", "Llama", 134_515_008, "Q4_1, F32", 98_362_432, true, true, ""),
            new ModelList.Row("ada/b", "Qwen2", 1_540_000_000L, "BF16", 3_100_000_000L, false, true, ""),
            new ModelList.Row("ada/mamba", "", 0, "", 0, false, false, "model: expected one, found\u001b[1m other.")));

    @Test
    void everyModelHasALineWithWhatItIsOrWhyItCannotBeRun() {
        assertThat(LIST.text()).isEqualTo("""
                        smollm2-135m  Llama        135M parameters    98.4 MB  atlas
                        ada/b         Qwen2       1.54B parameters     3.1 GB  no atlas
                        ada/mamba     cannot be run: model: expected one, found␛[1m other.
                        """);
        assertThat(new ModelList(List.of()).text()).contains("Fetch one with: assay model pull OWNER/REPO");
    }

    @Test
    void theDocumentSaysTheSame() {
        JsonNode models = JsonMapper.shared().readTree(LIST.json()).path("models");
        assertThat(models.path(1).path("parameters").asLong()).isEqualTo(1_540_000_000L);
        assertThat(models.path(2).path("runnable").asBoolean()).isFalse();
        assertThat(models.path(2).path("because").asString()).contains("expected one");
    }
}
