package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private final Bootstrap bootstrap = Bootstrap.defaults(0);
    private final double[] base = positive(40, 1);

    @Test
    void aPerfectModelClosesAllAndTheBaseNothing() {
        assertThat(bootstrap.closed(new double[40], base)).isEqualTo(new Interval(1, 1, 1));
        Interval nothing = bootstrap.closed(base, base);
        assertThat(nothing.value()).isZero();
        assertThat(nothing.high() - nothing.low()).isZero();
    }

    @Test
    void closedIsTheRatioOfSumsAndLiesInItsInterval() {
        double[] model = positive(40, 2);
        Interval closed = bootstrap.closed(model, base);
        double expected = 1 - Arrays.stream(model).sum() / Arrays.stream(base).sum();
        assertThat(closed.value()).isCloseTo(expected, within(1e-12));
        assertThat(closed.low()).isLessThan(closed.value());
        assertThat(closed.high()).isGreaterThan(closed.value());
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        double[] model = positive(40, 2);
        assertThat(bootstrap.closed(model, base))
                .isEqualTo(Bootstrap.defaults(0).closed(model, base));
        assertThat(bootstrap.closed(model, base))
                .isNotEqualTo(Bootstrap.defaults(1).closed(model, base));
    }

    @Test
    void intervalsCoverTheTruthAboutNinetyFiveTimesInAHundred() {
        int covered = 0;
        int trials = 200;
        for (int trial = 0; trial < trials; trial++) {
            SplittableRandom random = new SplittableRandom(trial);
            double[] whole = new double[40];
            double[] left = new double[40];
            for (int i = 0; i < 40; i++) {
                whole[i] = 1 + random.nextDouble();
                left[i] = whole[i] * (0.2 + 0.2 * random.nextDouble());
            }
            Interval closed = new Bootstrap(400, trial).closed(left, whole);
            covered += closed.low() <= 0.7 && 0.7 <= closed.high() ? 1 : 0;
        }
        assertThat(covered).isBetween(178, 200);
    }

    @Test
    void drawsThatDisagreeWidenTheInterval() {
        double[] good = Arrays.stream(base).map(x -> 0.2 * x).toArray();
        double[] bad = Arrays.stream(base).map(x -> 0.8 * x).toArray();
        Interval mixed = bootstrap.mean(List.of(good, bad), base);
        assertThat(mixed.value()).isCloseTo(0.5, within(1e-9));
        assertThat(mixed.high() - mixed.low()).isGreaterThan(0.3);
    }

    @Test
    void excessIsTheDifferenceOnTheSameTurns() {
        double[] good = Arrays.stream(base).map(x -> 0.2 * x).toArray();
        double[] bad = Arrays.stream(base).map(x -> 0.8 * x).toArray();
        Interval excess = bootstrap.excess(good, List.of(bad), base);
        assertThat(excess.value()).isCloseTo(0.6, within(1e-9));
        assertThat(excess.high() - excess.low()).isLessThan(1e-9);
    }

    @Test
    void excessOverANullThatClosesTheSameEverywhereIsClosedMovedByThat() {
        double[] model = positive(40, 2);
        double[] fifth = Arrays.stream(base).map(x -> 0.8 * x).toArray();
        Interval closed = bootstrap.closed(model, base);
        Interval excess = bootstrap.excess(model, List.of(fifth), base);
        assertThat(excess.value()).isCloseTo(closed.value() - 0.2, within(1e-9));
        assertThat(excess.low()).isCloseTo(closed.low() - 0.2, within(0.03)).isLessThan(excess.value());
        assertThat(excess.high()).isCloseTo(closed.high() - 0.2, within(0.03)).isGreaterThan(excess.value());
    }

    @Test
    void excessOverDrawsThatDisagreeIsAsUncertainAsTheyAre() {
        double[] good = Arrays.stream(base).map(x -> 0.2 * x).toArray();
        double[] bad = Arrays.stream(base).map(x -> 0.8 * x).toArray();
        Interval excess = bootstrap.excess(new double[40], List.of(good, bad), base);
        assertThat(excess.value()).isCloseTo(0.5, within(1e-9));
        assertThat(excess.low()).isCloseTo(0.2, within(1e-9));
        assertThat(excess.high()).isCloseTo(0.8, within(1e-9));
    }

    private static double[] positive(int count, long seed) {
        return new SplittableRandom(seed).doubles(count, 0.1, 1).toArray();
    }
}
