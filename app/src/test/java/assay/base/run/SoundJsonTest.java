package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class SoundJsonTest {
    record Row(String name, List<String> texts, Map<String, List<Double>> figures, int count, Optional<String> note) {}

    private static final Row ROW =
            new Row("x", List.of("a"), Map.of("b", List.of(1.5, Double.NaN)), 3, Optional.empty());

    private static final TypeReference<Row> ROWS = new TypeReference<>() {};

    @Test
    void whatIsWrittenIsRead() {
        byte[] json = JsonMapper.shared().writeValueAsBytes(ROW);
        Row whole = SoundJson.whole(json, Row.class);
        assertThat(whole).isEqualTo(ROW);
        Row read = SoundJson.read(bytes("{\"name\": \"x\", \"texts\": [], \"figures\": {}, \"count\": 1}"), ROWS);
        assertThat(read).isEqualTo(new Row("x", List.of(), Map.of(), 1, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "[]",
                "{\"name\": null, \"texts\": [], \"figures\": {}, \"count\": 1, \"note\": \"n\"}",
                "{\"name\": \"x\", \"texts\": [null], \"figures\": {}, \"count\": 1, \"note\": \"n\"}",
                "{\"name\": \"x\", \"texts\": [], \"figures\": {\"b\": null}, \"count\": 1, \"note\": \"n\"}",
                "{\"name\": \"x\", \"texts\": [], \"figures\": {\"b\": [1, null]}, \"count\": 1, \"note\": \"n\"}",
                "{\"name\": \"x\", \"texts\": [], \"figures\": {}, \"count\": null, \"note\": \"n\"}"
            })
    void nothingIsNullAnywhere(String json) {
        assertThatThrownBy(() -> SoundJson.whole(bytes(json), Row.class)).isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> SoundJson.read(bytes(json), ROWS)).isInstanceOf(JacksonException.class);
    }

    @Test
    void aWholeValueLacksNoField() {
        byte[] json = bytes("{\"name\": \"x\", \"texts\": [], \"figures\": {}}");
        assertThatThrownBy(() -> SoundJson.whole(json, Row.class)).isInstanceOf(JacksonException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
