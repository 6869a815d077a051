package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The ways into a model agree with each other, and adapters change what they say they change.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LanguageModelTest {
    private static final TokenBatch RAGGED =
            new TokenBatch(List.of(TinyModel.tokens(1, 6), TinyModel.tokens(2, 2), TinyModel.tokens(3, 4)));

    @SuppressWarnings("NullAway.Init")
    private TensorScope scope;

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @SuppressWarnings("NullAway.Init")
    private LanguageModel model;

    @BeforeAll
    void open() {
        scope = TensorScope.withoutGradients();
        chat = TinyModel.open("untied-bf16");
        model = chat.model();
    }

    @AfterAll
    void close() {
        chat.close();
        scope.close();
    }

    @Test
    void statesAfterSomeBlocksAreTheResidualsOfThoseBlocks() {
        Tensor embeddings = model.embed(RAGGED, Overlay.NONE);
        List<Tensor> residuals = model.residuals(RAGGED, null, Overlay.NONE, Positions.all(RAGGED));
        assertThat(residuals).hasSize(model.layers());
        for (int blocks = 1; blocks <= model.layers(); blocks++) {
            RandomTensors.assertSame(
                    model.statesAfter(blocks, embeddings, RAGGED.lengths(), null), residuals.get(blocks - 1));
        }
        for (int blocks : new int[] {0, model.layers() + 1}) {
            assertThatThrownBy(() -> model.statesAfter(blocks, embeddings, RAGGED.lengths(), null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("blocks: expected 1 to 2, found " + blocks);
        }
    }

    @Test
    void hiddenStatesAreTheLastResidualNormed() {
        Positions last = Positions.last(RAGGED);
        Tensor residual = model.residuals(RAGGED, null, Overlay.NONE, last).getLast();
        Tensor hidden = model.hidden(RAGGED, null, Overlay.NONE, last);
        Tensor ratio = hidden.div(residual);
        // A norm divides each row by one number and multiplies each column by one.
        Tensor first = ratio.narrow(0, 0, 1);
        Tensor rows = ratio.div(first);
        assertThat(ModelGolden.difference(rows, rows.narrow(1, 0, 1).expand(3, model.hidden())))
                .isLessThan(1e-3);
    }

    @Test
    void embeddingsReadAsTheTokensTheyStandFor() {
        TokenBatch one = TokenBatch.of(TinyModel.tokens(4, 5));
        KeyValueCache read = model.prefill(one, Overlay.NONE);
        KeyValueCache embedded = model.prefillOfEmbeddings(model.embed(one, Overlay.NONE), Overlay.NONE);
        assertThat(embedded.rows()).isEqualTo(1);
        assertThat(embedded.columns()).isEqualTo(5);
        assertThat(embedded.nextPositions()).containsExactly(5);
        Positions last = Positions.last(RAGGED);
        RandomTensors.assertSame(
                model.hidden(RAGGED, embedded, Overlay.NONE, last), model.hidden(RAGGED, read, Overlay.NONE, last));
        RandomTensors.assertSame(
                model.hiddenOfEmbeddings(model.embed(RAGGED, Overlay.NONE), RAGGED.lengths(), read, Overlay.NONE, last),
                model.step(RAGGED, read, Overlay.NONE, last).hidden());
    }

    @Test
    void logitsAreTheUnembeddingsProductsAndLinearInAnAdaptersScale() {
        Tensor hidden = model.hidden(RAGGED, null, Overlay.NONE, Positions.last(RAGGED));
        Tensor plain = model.logits(hidden, Overlay.NONE);
        RandomTensors.assertSame(
                plain, hidden.matmul(model.unembedding().whole().t()));
        Tensor a = RandomTensors.random(5, 2, model.hidden());
        Tensor b = RandomTensors.random(6, model.vocabulary(), 2);
        Tensor once = hidden.matmul(a.t()).matmul(b.t());
        for (double scale : new double[] {0, 0.5, -3}) {
            Overlay overlay = new Overlay(
                    Map.of("lm_head", new Overlay.LowRank(a, b, scale)), Optional.empty(), Map.of(), Map.of());
            assertThat(ModelGolden.difference(model.logits(hidden, overlay).sub(plain), once.mul(new Scalar(scale))))
                    .isLessThan(1e-3);
        }
        Overlay replaced = new Overlay(Map.of(), Optional.empty(), Map.of("lm_head.weight", b.matmul(a)), Map.of());
        assertThat(ModelGolden.difference(model.logits(hidden, replaced), once)).isLessThan(1e-3);
    }

    @Test
    void whatAnAdapterAddsToEmbeddingsIsLinearInItsScaleAndOfTheTokensOwnRow() {
        Tensor plain = model.embed(RAGGED, Overlay.NONE);
        Tensor a = RandomTensors.random(7, 2, model.vocabulary());
        Tensor b = RandomTensors.random(8, model.hidden(), 2);
        Tensor rows = torch.embedding(a.t().matmul(b.t()), RAGGED.padded());
        for (double scale : new double[] {1, -2}) {
            Overlay overlay = new Overlay(Map.of(), Optional.of(new Overlay.LowRank(a, b, scale)), Map.of(), Map.of());
            RandomTensors.assertSame(model.embed(RAGGED, overlay).sub(plain), rows.mul(new Scalar(scale)));
        }
        Tensor table = RandomTensors.random(9, model.vocabulary(), model.hidden());
        Overlay replaced =
                new Overlay(Map.of(), Optional.empty(), Map.of("model.embed_tokens.weight", table), Map.of());
        RandomTensors.assertSame(model.embed(RAGGED, replaced), torch.embedding(table, RAGGED.padded()));
    }

    @Test
    void aCacheKnowsItsRowsItsPaddingAndWhatComesNext() {
        KeyValueCache cache = model.prefill(RAGGED, Overlay.NONE);
        assertThat(cache.rows()).isEqualTo(3);
        assertThat(cache.columns()).isEqualTo(6);
        assertThat(cache.nextPositions()).containsExactly(6, 2, 4);
        assertThat(cache.visible()[1]).containsExactly(true, true, false, false, false, false);
        KeyValueCache selected = cache.select(2, 1);
        assertThat(selected.nextPositions()).containsExactly(4, 2);
        assertThat(selected.visible()[1]).isEqualTo(cache.visible()[1]);
        assertThat(selected.layers()).hasSize(model.layers());
    }

    @Test
    void aModelSaysWhatItIs() {
        assertThat(model.name()).isEqualTo("untied-bf16");
        assertThat(model.hidden()).isEqualTo(24);
        assertThat(model.vocabulary()).isEqualTo(272);
        assertThat(model.maxPositions()).isEqualTo(128);
        assertThat(model.dtype()).isEqualTo(Dtype.FLOAT32);
        assertThat(chat.sha256()).matches("[0-9a-f]{64}");
        assertThat(chat.stopTokens()).contains(chat.slot().endOfAnswer());
    }

    @Test
    void aPathWithoutAModelIsRefused() {
        assertThatThrownBy(() -> ChatModel.open("none", Path.of("no-such-model.gguf"), Dtype.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found nothing (no-such-model.gguf)");
    }
}
