package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/// What an adapter does has one hash, however its matrices are written.
class FingerprintTest {
    private static final int RANK = 4;

    private static Tensor drawn(long seed, int rows, int columns) {
        Random random = new Random(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Torch.floats(values, rows, columns);
    }

    private static Overlay adapter(long seed, UnaryOperator<Overlay.LowRank> written) {
        Map<String, Overlay.LowRank> linear = new LinkedHashMap<>();
        for (int layer = 0; layer < 3; layer++) {
            for (String module : new String[] {"q_proj", "v_proj"}) {
                long own = 100L * seed + 10L * layer + module.charAt(0);
                linear.put(
                        "model.layers." + layer + ".self_attn." + module,
                        written.apply(new Overlay.LowRank(drawn(own, RANK, 24), drawn(own + 1, 16, RANK), 2)));
            }
        }
        Overlay.LowRank embedding = new Overlay.LowRank(drawn(seed, RANK, 50), drawn(seed + 1, 24, RANK), 0.5);
        return of(linear, Optional.of(written.apply(embedding)));
    }

    private static Overlay of(Map<String, Overlay.LowRank> linear, Optional<Overlay.LowRank> embedding) {
        return new Overlay(
                linear, embedding, Map.of("model.norm.weight", drawn(3, 1, 24).view(24)), Map.of());
    }

    private static String hash(Overlay overlay) {
        return overlay.sha256().orElseThrow();
    }

    /// `A' = R·A` and `B' = B·R⁻¹`: the same ΔW in other factors.
    private static Overlay.LowRank turned(Overlay.LowRank factors, long seed) {
        Tensor by = drawn(seed, RANK, RANK).add(torch.eye(RANK).mul(new Scalar(4.0)));
        return new Overlay.LowRank(by.matmul(factors.a()), factors.b().matmul(torch.inverse(by)), factors.scale());
    }

    @Test
    void otherFactorsOfTheSameChangeHaveTheSameHash() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            for (int seed = 0; seed < 12; seed++) {
                int by = seed;
                String plain = hash(adapter(seed, factors -> factors));
                assertThat(hash(adapter(seed, factors -> turned(factors, 7L + by))))
                        .isEqualTo(plain);
                assertThat(hash(adapter(
                                seed,
                                factors -> new Overlay.LowRank(
                                        factors.a().mul(new Scalar(factors.scale())), factors.b(), 1))))
                        .isEqualTo(plain);
                assertThat(hash(adapter(seed, FingerprintTest::padded))).isEqualTo(plain);
            }
        }
    }

    /// A higher rank that is not used.
    private static Overlay.LowRank padded(Overlay.LowRank factors) {
        Tensor a = torch.cat(
                new TensorVector(factors.a(), drawn(1, 3, (int) factors.a().size(1))), 0);
        Tensor b =
                torch.cat(new TensorVector(factors.b(), torch.zeros(factors.b().size(0), 3)), 1);
        return new Overlay.LowRank(a, b, factors.scale());
    }

    @Test
    void anotherChangeHasAnotherHash() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            String plain = hash(adapter(1, factors -> factors));
            assertThat(hash(adapter(2, factors -> factors))).isNotEqualTo(plain);
            assertThat(hash(adapter(
                            1, factors -> new Overlay.LowRank(factors.a(), factors.b(), 2.02 * factors.scale()))))
                    .isNotEqualTo(plain);
            assertThat(hash(adapter(1, factors -> new Overlay.LowRank(factors.a(), factors.b(), -factors.scale()))))
                    .isNotEqualTo(plain);
            Map<String, Overlay.LowRank> linear =
                    new LinkedHashMap<>(adapter(1, factors -> factors).linear());
            Overlay.LowRank first = linear.get("model.layers.0.self_attn.q_proj");
            linear.put("model.layers.0.self_attn.q_proj", linear.get("model.layers.1.self_attn.q_proj"));
            linear.put("model.layers.1.self_attn.q_proj", first);
            assertThat(hash(of(linear, adapter(1, factors -> factors).embedding())))
                    .isNotEqualTo(plain);
            Tensor changed = Objects.requireNonNull(linear.get("model.layers.2.self_attn.v_proj"))
                    .b()
                    .clone();
            changed.select(0, 3).add_(new Scalar(0.5));
            linear = new LinkedHashMap<>(adapter(1, factors -> factors).linear());
            Overlay.LowRank last = linear.get("model.layers.2.self_attn.v_proj");
            linear.put("model.layers.2.self_attn.v_proj", new Overlay.LowRank(last.a(), changed, last.scale()));
            assertThat(hash(of(linear, adapter(1, factors -> factors).embedding())))
                    .isNotEqualTo(plain);
        }
        assertThat(Overlay.NONE.sha256()).isEmpty();
    }
}
