package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A model of the same shape that never learnt anything.
class UntrainedTest {
    private static final List<ModelGolden.Context> CONTEXTS = ModelGolden.contexts("tiny/expected.json");

    @ParameterizedTest
    @ValueSource(strings = {"tied", "untied-bf16", "biased"})
    void itHasTheSameShapesAndOtherNumbers(String name) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel trained = TinyModel.open(name);
                ChatModel blank = trained.untrained(1)) {
            assertThat(blank.model().tensorShapes()).isEqualTo(trained.model().tensorShapes());
            assertThat(blank.model().vocabulary()).isEqualTo(trained.model().vocabulary());
            assertThat(blank.model().dtype()).isEqualTo(trained.model().dtype());
            assertThat(blank.tokenizer().encode("Be sad."))
                    .isEqualTo(trained.tokenizer().encode("Be sad."));
            assertThat(blank.model().name()).isEqualTo(name + ", untrained");
            Tensor theirs = trained.model().unembedding().matrix();
            Tensor ours = blank.model().unembedding().matrix();
            assertThat(Torch.toFloats(ours))
                    .hasSameSizeAs(Torch.toFloats(theirs))
                    .isNotEqualTo(Torch.toFloats(theirs));
            double spread = theirs.std().item_double();
            assertThat(ours.std().item_double()).isCloseTo(spread, within(0.05 * spread));
            assertThat(ours.mean().item_double()).isCloseTo(0, within(0.1 * spread));
            assertThat(ModelGolden.difference(logits(blank), logits(trained))).isGreaterThan(0.01);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tied", "untied-bf16"})
    void aSeedGivesOneModel(String name) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel trained = TinyModel.open(name);
                ChatModel one = trained.untrained(1);
                ChatModel same = trained.untrained(1);
                ChatModel other = trained.untrained(2)) {
            assertThat(Torch.toFloats(logits(same))).isEqualTo(Torch.toFloats(logits(one)));
            assertThat(ModelGolden.difference(logits(other), logits(one))).isGreaterThan(0.01);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tied"})
    void theTrainedModelIsLeftAsItWas(String name) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel trained = TinyModel.open(name)) {
            float[] before = Torch.toFloats(logits(trained));
            trained.untrained(1).close();
            assertThat(Torch.toFloats(logits(trained))).isEqualTo(before);
        }
    }

    private static Tensor logits(ChatModel chat) {
        return ModelGolden.logits(chat.model(), Overlay.NONE, CONTEXTS);
    }
}
