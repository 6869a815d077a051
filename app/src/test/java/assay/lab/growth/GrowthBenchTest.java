package assay.lab.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.run.Job;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Curves of tiny sizes, and the law that is fitted to them.
class GrowthBenchTest {
    private static final String MODEL = "src/test/resources/golden/tiny/models/tied";

    @Test
    void everyAxisGivesACurveWithSecondsAndMemory() {
        GrowthBench.Options options = new GrowthBench.Options(MODEL, Path.of("."), List.of(), 2, true);
        GrowthRun run = new GrowthBench(options, Job.silent()).run(_ -> {});
        JsonNode curves = JsonMapper.shared().readTree(run.json()).path("curves");
        assertThat(curves.size()).isEqualTo(GrowthBench.axes().size());
        for (JsonNode curve : curves) {
            for (JsonNode point : curve.path("points")) {
                assertThat(point.path("seconds").size()).as(curve.toString()).isEqualTo(2);
                assertThat(point.path("seconds").path(0).asDouble()).isPositive();
            }
        }
        assertThat(run.text()).contains("grow as the size to the power of").contains("tiny sizes");
    }

    @Test
    void theExponentOfAPowerIsFoundAndItsIntervalHoldsIt() {
        double[] sizes = {1, 1, 2, 2, 4, 4, 8, 8};
        double[] exact = new double[8];
        double[] shaken = new double[8];
        for (int i = 0; i < 8; i++) {
            exact[i] = 3 * Math.pow(sizes[i], 1.5);
            shaken[i] = exact[i] * (i % 2 == 0 ? 1.1 : 0.9);
        }
        assertThat(PowerLaw.of(sizes, exact).exponent().value()).isCloseTo(1.5, within(1e-9));
        assertThat(PowerLaw.of(sizes, exact).exponent().low()).isCloseTo(1.5, within(1e-6));
        assertThat(PowerLaw.of(sizes, shaken).exponent().low()).isLessThan(1.5);
        assertThat(PowerLaw.of(sizes, shaken).exponent().high()).isGreaterThan(1.5);
    }

    @Test
    void oneSizeHasNoExponentAndThreePointsHaveNoBounds() {
        assertThat(PowerLaw.of(new double[] {2, 2}, new double[] {1, 3})
                        .exponent()
                        .value())
                .isNaN();
        assertThat(PowerLaw.of(new double[] {1, 2, 4}, new double[] {1, 2, 4})
                        .exponent()
                        .low())
                .isNaN();
    }

    @Test
    void studentsQuantileIsNearTheTable() {
        assertThat(PowerLaw.quantile(5)).isCloseTo(2.571, within(0.01));
        assertThat(PowerLaw.quantile(10)).isCloseTo(2.228, within(0.001));
        assertThat(PowerLaw.quantile(30)).isCloseTo(2.042, within(0.001));
    }
}
