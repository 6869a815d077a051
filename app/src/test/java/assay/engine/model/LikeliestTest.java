package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class LikeliestTest {
    private static final int COUNT = 8;
    private static final double TEMPERATURE = 0.7;

    @Test
    void aShortlistFindsWhatTheWholeVocabularyHolds() {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open("tied", Dtype.BFLOAT16)) {
            LanguageModel model = chat.model();
            assertThat(model.vocabulary()).isGreaterThan(2 * 64 + COUNT);
            TokenBatch batch = new TokenBatch(List.of(TinyModel.tokens(1, 9), TinyModel.tokens(2, 5)));
            Tensor hidden = model.hidden(batch, null, Overlay.NONE, Positions.all(batch));
            LanguageModel.Likeliest found = model.likeliest(hidden, Overlay.NONE, COUNT, TEMPERATURE);
            Tensor exact = torch.softmax(model.logits(hidden, Overlay.NONE).div(new Scalar(TEMPERATURE)), -1);
            assertThat(Torch.toLongs(found.tokens()))
                    .containsExactly(Torch.toLongs(exact.topk(COUNT).get1()));
            assertThat(Torch.toFloats(found.shares()))
                    .containsExactly(Torch.toFloats(exact.topk(COUNT).get0()), within(2e-4f));
        }
    }

    @Test
    void moreThanThereIsGivesAll() {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open("tied", Dtype.BFLOAT16)) {
            TokenBatch batch = TokenBatch.of(TinyModel.tokens(3, 4));
            Tensor hidden = chat.model().hidden(batch, null, Overlay.NONE, Positions.last(batch));
            LanguageModel.Likeliest all = chat.model().likeliest(hidden, Overlay.NONE, 1 << 20, 1);
            assertThat(all.shares().size(1)).isEqualTo(chat.model().vocabulary());
            assertThat(all.shares().sum().item_double()).isCloseTo(1, within(1e-4));
        }
    }
}
