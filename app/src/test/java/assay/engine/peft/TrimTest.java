package assay.engine.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Laws of multiples and cuts of adapters.
final class TrimTest {
    private static final String DOWN = "model.layers.0.mlp.down_proj";

    @TempDir
    Path folder;

    private PeftAdapter whole(int rank) throws IOException {
        AdapterFolder adapter = AdapterFolder.empty(folder)
                .config("r", Integer.toString(rank))
                .config("lora_alpha", "6")
                .factors(DOWN, rank);
        return PeftAdapter.read(adapter.write(), AdapterFolder.modelShapes(), Dtype.FLOAT32);
    }

    private static Tensor delta(PeftAdapter adapter) {
        PeftAdapter.Factors factors = Objects.requireNonNull(adapter.linear().get(DOWN));
        return factors.b().matmul(factors.a()).mul(new Scalar(factors.scale()));
    }

    private static PeftAdapter trimmed(PeftAdapter adapter, double scale, int rank) {
        return adapter.trimmed(new Trim(scale, rank), _ -> null);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, -1, 3, -0.125})
    void aMultipleOfAnAdapterIsThatMultipleOfItsChange(double scale) throws IOException {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            PeftAdapter adapter = whole(5);
            assertThat(Torch.toFloats(delta(trimmed(adapter, scale, 0))))
                    .containsExactly(Torch.toFloats(delta(adapter).mul(new Scalar(scale))), within(1e-5f));
        }
    }

    @ParameterizedTest
    @CsvSource({"5, 1", "5, 3", "5, 4", "11, 2", "11, 7"})
    void theCutIsTheNearestMatrixOfThatRank(int rank, int kept) throws IOException {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            PeftAdapter adapter = whole(rank);
            PeftAdapter cut = trimmed(adapter, 1, kept);
            T_TensorTensorTensor_T parts = torch.linalg_svd(delta(adapter), false, new StringViewOptional());
            Tensor nearest = parts.get0()
                    .narrow(1, 0, kept)
                    .mul(parts.get1().narrow(0, 0, kept))
                    .matmul(parts.get2().narrow(0, 0, kept));
            assertThat(Torch.toFloats(delta(cut))).containsExactly(Torch.toFloats(nearest), within(1e-4f));
            assertThat(Objects.requireNonNull(cut.linear().get(DOWN)).a().size(0))
                    .isEqualTo(kept);
        }
    }

    @Test
    void aCutInTwoStepsIsTheShorterCut() throws IOException {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            PeftAdapter adapter = whole(5);
            assertThat(Torch.toFloats(delta(trimmed(trimmed(adapter, 1, 4), 1, 2))))
                    .containsExactly(Torch.toFloats(delta(trimmed(adapter, 1, 2))), within(1e-4f));
        }
    }

    @Test
    void cutAndMultipleDoNotDependOnTheOrder() throws IOException {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            PeftAdapter adapter = whole(5);
            assertThat(Torch.toFloats(delta(trimmed(trimmed(adapter, -2, 0), 1, 2))))
                    .containsExactly(Torch.toFloats(delta(trimmed(adapter, -2, 2))), within(1e-4f));
        }
    }

    @Test
    void wholeWeightsAndBiasesMoveByTheMultipleToo() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            PeftAdapter adapter = new PeftAdapter(
                    "base",
                    "made",
                    Map.of(),
                    java.util.Optional.empty(),
                    Map.of("model.norm.weight", Torch.floats(new float[] {1, 2}, 2)),
                    Map.of(DOWN, Torch.floats(new float[] {4}, 1)),
                    Map.of("lm_head", Torch.floats(new float[] {1.5f}, 1)));
            PeftAdapter half = adapter.trimmed(new Trim(0.5, 0), _ -> Torch.floats(new float[] {0, 4}, 2));
            assertThat(Torch.toFloats(Objects.requireNonNull(half.replaced().get("model.norm.weight"))))
                    .containsExactly(0.5f, 3);
            assertThat(Torch.toFloats(Objects.requireNonNull(half.biases().get(DOWN))))
                    .containsExactly(2);
            assertThat(Torch.toFloats(Objects.requireNonNull(half.gains().get("lm_head"))))
                    .containsExactly(1.25f);
            assertThat(half.description()).isEqualTo("made, ×0.5");
        }
    }

    @Test
    void aCutThatLeavesAllIsRefused() throws IOException {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            PeftAdapter adapter = whole(5);
            for (int rank : List.of(5, 6)) {
                assertThatThrownBy(() -> trimmed(adapter, 1, rank))
                        .isInstanceOf(InputException.class)
                        .hasMessage("--rank: expected less than the adapter's 5, found " + rank
                                + " (LoRA, rank 5, down_proj, 1 module). Leave it out for the whole adapter.");
            }
        }
    }

    @Test
    void itIsSaidInAFewWords() {
        assertThat(new Trim(-1, 0).words()).isEqualTo("×−1");
        assertThat(new Trim(0.25, 2).words()).isEqualTo("×0.25, cut to rank 2");
        assertThat(Trim.NONE.words()).isEmpty();
    }
}
