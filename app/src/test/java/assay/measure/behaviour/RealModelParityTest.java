package assay.measure.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import assay.RealModel;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.engine.model.ModelGolden;
import assay.engine.model.Overlay;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The default model and the pirate adapter against transformers and PEFT in float32.
final class RealModelParityTest {
    private static final Path PIRATE = Path.of("../examples/adapters/pirate");
    private static final String NUMBERS = "model/numbers.safetensors";

    @ParameterizedTest
    @EnumSource(Dtype.class)
    void logitsAreThoseOfTheReference(Dtype dtype) {
        List<ModelGolden.Context> contexts = ModelGolden.contexts("model/contexts.json");
        List<ModelGolden.Context> endings = ModelGolden.contexts("pirate/golden.json");
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = ChatModel.open("default", RealModel.path(), dtype)) {
            LanguageModel model = chat.model();
            Overlay pirate = LoraAdapter.open(PIRATE, chat).overlay();
            compare(model, Overlay.NONE, contexts, "base");
            compare(model, pirate, contexts, "pirate");
            compareWhole(model, Overlay.NONE, endings, "base");
            compareWhole(model, pirate, endings, "pirate");
        }
    }

    /// The reference's hidden states give its whole distribution; its own top and fixed logits check our
    /// unembedding.
    private static void compare(
            LanguageModel model, Overlay overlay, List<ModelGolden.Context> contexts, String behaviour) {
        try (TensorScope _ = new TensorScope()) {
            Tensor ours = ModelGolden.logits(model, overlay, contexts);
            Tensor theirs = model.logits(ModelGolden.tensor(NUMBERS, behaviour + ".hidden"), Overlay.NONE);
            Tensor top = ModelGolden.tensor(NUMBERS, behaviour + ".top_ids").to(torch.ScalarType.Long);
            Tensor fixed = ModelGolden.tensor(NUMBERS, "fixed_ids").to(torch.ScalarType.Long);
            double difference = Math.max(
                    ModelGolden.difference(ours.gather(1, top), ModelGolden.tensor(NUMBERS, behaviour + ".top_logits")),
                    ModelGolden.difference(
                            ours.index_select(1, fixed), ModelGolden.tensor(NUMBERS, behaviour + ".fixed_logits")));
            require(model.dtype(), behaviour, difference, ModelGolden.divergences(theirs, ours));
        }
    }

    private static void compareWhole(
            LanguageModel model, Overlay overlay, List<ModelGolden.Context> contexts, String behaviour) {
        for (int i = 0; i < contexts.size(); i++) {
            try (TensorScope _ = new TensorScope()) {
                Tensor ours = ModelGolden.logits(model, overlay, contexts.subList(i, i + 1));
                Tensor theirs = ModelGolden.tensor("pirate/golden.safetensors", behaviour + "." + i)
                        .view(1, -1);
                require(
                        model.dtype(),
                        behaviour + "." + i,
                        ModelGolden.difference(ours, theirs),
                        ModelGolden.divergences(theirs, ours));
            }
        }
    }

    private static void require(Dtype dtype, String what, double difference, double[] divergences) {
        double worst = Arrays.stream(divergences).max().orElseThrow();
        double mean = Arrays.stream(divergences).average().orElseThrow();
        System.out.printf(
                Locale.ROOT,
                "parity %s %s: max difference of a logit %.2e, KL max %.2e mean %.2e nats, %d places%n",
                dtype,
                what,
                difference,
                worst,
                mean,
                divergences.length);
        if (dtype == Dtype.FLOAT32) {
            assertThat(difference).as("largest difference of a logit").isLessThan(2e-3);
            assertThat(worst).as("largest KL").isLessThan(1e-6);
        } else {
            assertThat(worst).as("largest KL").isLessThan(5e-3);
        }
    }
}
