package assay.measure.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.ModelGolden;
import assay.engine.model.Overlay;
import assay.engine.model.TinyModel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Every kind of LoRA adapter we claim to read, on tiny models, against PEFT.
final class LoraAdapterTest {
    private static final String EXPECTED = "tiny/expected.safetensors";
    private static final List<ModelGolden.Context> CONTEXTS = ModelGolden.contexts("tiny/expected.json");

    record Adapter(String name, String model) {}

    private static Stream<JsonNode> adapters(boolean effective) {
        return ModelGolden.json("tiny/expected.json")
                .path("adapters")
                .valueStream()
                .filter(adapter -> adapter.path("effect").asBoolean() == effective);
    }

    static Stream<Adapter> effective() {
        return adapters(true).map(LoraAdapterTest::adapter);
    }

    static Stream<Adapter> withoutEffect() {
        return adapters(false).map(LoraAdapterTest::adapter);
    }

    private static Adapter adapter(JsonNode node) {
        return new Adapter(node.path("name").asString(), node.path("model").asString());
    }

    @ParameterizedTest
    @MethodSource("effective")
    void logitsUnderEveryAdapterAreThoseOfTheReference(Adapter adapter) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open(adapter.model())) {
            LoraAdapter opened = LoraAdapter.open(ModelGolden.path("tiny/adapters/" + adapter.name()), chat);
            assertThat(opened.name()).isEqualTo(adapter.name());
            assertThat(ModelGolden.difference(
                            ModelGolden.logits(chat.model(), opened.overlay(), CONTEXTS),
                            ModelGolden.tensor(EXPECTED, "adapter." + adapter.name())))
                    .isLessThan(1e-4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3", "gemma3", "phi3"})
    void adaptersOfAllLinearLayersFitTheirFamilies(String family) {
        String folder = "families/" + family;
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open(folder)) {
            LoraAdapter opened = LoraAdapter.open(ModelGolden.path(folder + "/adapter"), chat);
            assertThat(ModelGolden.difference(
                            ModelGolden.logits(chat.model(), opened.overlay(), CONTEXTS),
                            ModelGolden.tensor(folder + "/expected.safetensors", "adapter")))
                    .isLessThan(1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("effective")
    void theModelIsItselfAgainAfterAnAdapter(Adapter adapter) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open(adapter.model())) {
            LoraAdapter opened = LoraAdapter.open(ModelGolden.path("tiny/adapters/" + adapter.name()), chat);
            ModelGolden.logits(chat.model(), opened.overlay(), CONTEXTS);
            assertThat(ModelGolden.difference(
                            ModelGolden.logits(chat.model(), Overlay.NONE, CONTEXTS),
                            ModelGolden.tensor(EXPECTED, "model." + adapter.model())))
                    .isLessThan(1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("withoutEffect")
    void anAdapterThatChangesNothingIsRefused(Adapter adapter) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open(adapter.model())) {
            assertThatThrownBy(() -> LoraAdapter.open(ModelGolden.path("tiny/adapters/" + adapter.name()), chat))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("adapter: expected one that changes the model")
                    .hasMessageContaining("Was it saved before training?");
        }
    }

    static Stream<JsonNode> refused() {
        return ModelGolden.json("tiny/expected.json").path("refused").valueStream();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void otherKindsOfAdaptersAreRefusedByField(JsonNode refused) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open(refused.path("model").asString())) {
            assertThatThrownBy(() -> LoraAdapter.open(
                            ModelGolden.path(
                                    "tiny/refused/" + refused.path("name").asString()),
                            chat))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(refused.path("field").asString());
        }
    }
}
