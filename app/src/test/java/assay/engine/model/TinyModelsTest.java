package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Every kind of Llama folder we claim to read, against transformers.
final class TinyModelsTest {
    private static final String EXPECTED = "tiny/expected.safetensors";
    private static final List<ModelGolden.Context> CONTEXTS = ModelGolden.contexts("tiny/expected.json");

    static Stream<String> models() {
        return ModelGolden.json("tiny/expected.json")
                .path("models")
                .valueStream()
                .map(JsonNode::asString);
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsOfEveryModelAreThoseOfTheReference(String name) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open(name)) {
            assertThat(ModelGolden.difference(
                            ModelGolden.logits(chat.model(), Overlay.NONE, CONTEXTS),
                            ModelGolden.tensor(EXPECTED, "model." + name)))
                    .isLessThan(1e-4);
        }
    }
}
