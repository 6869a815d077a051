package assay.measure.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.ModelGolden;
import assay.engine.model.Overlay;
import assay.engine.model.TinyModel;
import assay.engine.peft.PeftPrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Soft prompts that PEFT made, on tiny models, against PEFT.
final class SoftPromptParityTest {
    private static final String EXPECTED = "soft/expected.json";

    static Stream<JsonNode> prompts() {
        return ModelGolden.json(EXPECTED).path("prompts").valueStream();
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void logitsBehindEverySoftPromptAreThoseOfTheReference(JsonNode prompt) {
        String name = prompt.path("name").asString();
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open(prompt.path("model").asString())) {
            PeftPrompt read = PeftPrompt.read(
                    ModelGolden.path("soft/prompts/" + name), chat.model().hidden());
            assertThat(read.place()).isEqualTo(PeftPrompt.Place.PREFIX);
            assertThat(read.baseModel())
                    .isEqualTo("tiny/" + prompt.path("model").asString());
            SoftPrompt soft = new SoftPrompt(name, "", read.embeddings(), PeftPrompt.Place.PREFIX);
            assertThat(soft.length()).isEqualTo(prompt.path("tokens").asInt());
            Tensor hidden = new Runner(chat).hidden(soft, contexts(chat));
            assertThat(ModelGolden.difference(
                            chat.model().logits(hidden, Overlay.NONE),
                            ModelGolden.tensor("soft/expected.safetensors", name)))
                    .isLessThan(1e-4);
        }
    }

    /// The contexts without what the slot puts in front of them, compared at their last token.
    private static List<Context> contexts(ChatModel chat) {
        int[] before = chat.slot().prefix(new int[0]);
        List<Context> contexts = new ArrayList<>();
        for (JsonNode row : ModelGolden.json(EXPECTED).path("contexts")) {
            int[] ids = row.valueStream().mapToInt(JsonNode::asInt).toArray();
            assertThat(ids).startsWith(before);
            contexts.add(new Context(contexts.size(), Arrays.copyOfRange(ids, before.length, ids.length), 1));
        }
        return contexts;
    }
}
