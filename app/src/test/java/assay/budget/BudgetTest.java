package assay.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.base.run.AtomicFiles;
import assay.base.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// A slow-down that no stopwatch is needed for: counted work beside `bench/budget/counts.json`.
class BudgetTest {
    private static final Path FILE = Path.of("..", "bench", "budget", "counts.json");
    private static final Budget TEN = new Budget(Map.of("walk", Map.of("steps", 10_000L)));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path empty;

    @Test
    void workIsWithinItsBudget() throws Exception {
        Map<String, Map<String, Long>> found = toyWork();
        if (Boolean.getBoolean("assay.budget.renew")) {
            AtomicFiles.write(
                    FILE,
                    JsonMapper.builder()
                                    .build()
                                    .writerWithDefaultPrettyPrinter()
                                    .writeValueAsString(found) + "\n");
        }
        Map<String, Map<String, Long>> agreed =
                JsonMapper.shared().readValue(Files.readString(FILE), new TypeReference<>() {});
        List<String> broken = new Budget(agreed).broken(found);
        assertThat(broken).as(() -> String.join("\n", broken)).isEmpty();
    }

    @Test
    void theSameWorkCountsTheSameAgain() {
        assertThat(toyWork()).isEqualTo(toyWork());
    }

    @Test
    void moreAndLessAreToldWithWhatToDo() {
        assertThat(TEN.broken(steps(10_999))).isEmpty();
        assertThat(TEN.broken(steps(9_001))).isEmpty();
        assertThat(TEN.broken(steps(11_200)))
                .containsExactly("walk: steps: expected 10,000, found 11,200, 12 % more. Run bench/budget/renew and "
                        + "commit bench/budget/counts.json if that is meant.");
        assertThat(TEN.broken(steps(5_000)))
                .containsExactly("walk: steps: expected 10,000, found 5,000, 50 % less: well done. Run "
                        + "bench/budget/renew and commit bench/budget/counts.json, so that it stays so.");
    }

    @Test
    void whatIsNoLongerCountedOrNewIsTold() {
        assertThat(TEN.broken(Map.of())).singleElement().asString().contains("found 0, which was never counted, or");
        assertThat(TEN.broken(Map.of("walk", Map.of("steps", 10_000L, "falls", 1L))))
                .singleElement()
                .asString()
                .startsWith("walk: falls: expected 0, found 1");
    }

    @Test
    void productsAreCountedByTheirShapes() {
        Map<String, Long> counts = Counted.during(() -> {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                Tensor left = torch.ones(3, 4);
                Counted.linear(left, torch.ones(5, 4));
                Counted.matmul(left, torch.ones(4, 2));
                Counted.matmul(left, torch.ones(4));
                Counted.bmm(torch.ones(2, 3, 4), torch.ones(2, 4, 7));
                Counted.addmm_(torch.zeros(3, 6), left, torch.ones(4, 6));
                Counted.made(left.t());
            }
        });
        long products = 3 * 4 * 5 + 3 * 4 * 2 + 3 * 4 + 2 * 3 * 4 * 7 + 3 * 4 * 6;
        long made = 3 * 5 + 3 * 2 + 3 + 2 * 3 * 7;
        assertThat(counts)
                .isEqualTo(Map.of(
                        "FLOP of matrix products", 2 * products, "bytes of new tensors", 4 * made, "operations", 6L));
    }

    @Test
    void workOnAnotherThreadDoesNotGoUncounted() {
        assertThatThrownBy(Counted::prompt)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected torch on the counted thread only");
    }

    private static Map<String, Map<String, Long>> steps(long count) {
        return Map.of("walk", Map.of("steps", count));
    }

    /// With an empty cache: what earlier runs kept would spare work.
    private Map<String, Map<String, Long>> toyWork() {
        try {
            System.setProperty(
                    "assay.cache", Files.createTempDirectory(empty, "cache").toString());
            Object work = new CountingLoader()
                    .loadClass(ToyWork.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            if (work instanceof Supplier<?> counting && counting.get() instanceof Map<?, ?> found) {
                return JsonMapper.shared().convertValue(found, new TypeReference<>() {});
            }
            throw new IllegalStateException("toy work: expected a map of counts");
        } catch (ReflectiveOperationException | IOException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            System.clearProperty("assay.cache");
        }
    }
}
