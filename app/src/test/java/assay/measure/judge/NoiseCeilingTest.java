package assay.measure.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Runs that are a behaviour and independent noise, in a world where KL is half a squared distance.
class NoiseCeilingTest {
    private static final int TURNS = 40;
    private static final int NUMBERS = 2_000;
    private static final double NOISE = 0.5;
    private static final Bootstrap BOOTSTRAP = new Bootstrap(200, 1);

    private final SplittableRandom random = new SplittableRandom(3);
    private final double[][] behaviour = gaussian(1);
    private final double[][] target = run();

    @Test
    void theCeilingIsWhatTheBehaviourItselfClosesWhateverTheRunsNoise() {
        NoiseCeiling found = ceiling(4);
        double truth = 1 - sum(left(behaviour)) / sum(left(new double[TURNS][NUMBERS]));
        assertThat(truth).isCloseTo(1 - 0.25 / 1.25, within(0.01));
        assertThat(found.ceiling().value()).isCloseTo(truth, within(0.005));
        assertThat(found.ceiling().low()).isLessThan(truth);
        assertThat(found.ceiling().high()).isGreaterThan(truth);
        assertThat(found.lower().value()).isCloseTo(1 - 0.5 / 1.25, within(0.01));
        assertThat(found.upper().value()).isCloseTo(truth, within(0.01));
        assertThat(found.siblings()).isEqualTo(4);
    }

    @Test
    void oneSiblingGivesBoundsAndNoCeiling() {
        NoiseCeiling found = ceiling(1);
        assertThat(found.ceiling()).isEqualTo(Interval.NONE);
        assertThat(found.lower().value()).isLessThan(found.upper().value());
        assertThat(found.isHeld()).isFalse();
    }

    @Test
    void theBehaviourItselfReachesAllOfTheCeilingAndASiblingLess() {
        List<List<double[]>> left = left(siblings(4));
        double[] base = left(new double[TURNS][NUMBERS]);
        Interval whole = NoiseCeiling.share(left(behaviour), left, base, BOOTSTRAP);
        assertThat(whole.value()).isCloseTo(1, within(0.01));
        assertThat(whole.high() - whole.low()).isLessThan(0.02);
        assertThat(NoiseCeiling.share(left.getFirst().getFirst(), left, base, BOOTSTRAP)
                        .high())
                .isLessThan(0.9);
    }

    @Test
    void aLineThatLeavesTheBoundsIsHeldAtThem() {
        double[] base = {10, 10};
        // Two together leave nothing, so the line ends below nothing: more than the upper bound.
        List<List<double[]>> left =
                List.of(List.of(new double[] {4, 4}, new double[] {4, 4}), List.of(new double[] {0.5, 0.5}));
        NoiseCeiling found = NoiseCeiling.of(left, base, BOOTSTRAP);
        assertThat(found.isHeld()).isTrue();
        assertThat(found.ceiling().value()).isEqualTo(found.upper().value()).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void groupsAreAllOfASize() {
        assertThat(NoiseCeiling.groups(4, 1)).hasSize(4);
        assertThat(NoiseCeiling.groups(4, 2))
                .containsExactlyInAnyOrder(
                        new int[] {0, 1},
                        new int[] {0, 2},
                        new int[] {0, 3},
                        new int[] {1, 2},
                        new int[] {1, 3},
                        new int[] {2, 3});
        assertThat(NoiseCeiling.groups(3, 3)).containsExactly(new int[] {0, 1, 2});
    }

    private NoiseCeiling ceiling(int siblings) {
        return NoiseCeiling.of(left(siblings(siblings)), left(new double[TURNS][NUMBERS]), BOOTSTRAP);
    }

    private List<double[][]> siblings(int count) {
        List<double[][]> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            runs.add(run());
        }
        return runs;
    }

    private List<List<double[]>> left(List<double[][]> siblings) {
        List<List<double[]>> bySize = new ArrayList<>();
        for (int size = 1; size <= siblings.size(); size++) {
            bySize.add(NoiseCeiling.groups(siblings.size(), size).stream()
                    .map(group -> left(mean(siblings, group)))
                    .toList());
        }
        return bySize;
    }

    private static double[][] mean(List<double[][]> siblings, int[] group) {
        double[][] mean = new double[TURNS][NUMBERS];
        for (int member : group) {
            for (int turn = 0; turn < TURNS; turn++) {
                for (int i = 0; i < NUMBERS; i++) {
                    mean[turn][i] += siblings.get(member)[turn][i] / group.length;
                }
            }
        }
        return mean;
    }

    /// Half the squared distance from the target, by turn.
    private double[] left(double[][] model) {
        double[] left = new double[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
            for (int i = 0; i < NUMBERS; i++) {
                double gap = target[turn][i] - model[turn][i];
                left[turn] += gap * gap / 2;
            }
        }
        return left;
    }

    /// The behaviour with a run's noise.
    private double[][] run() {
        double[][] noisy = gaussian(NOISE);
        for (int turn = 0; turn < TURNS; turn++) {
            for (int i = 0; i < NUMBERS; i++) {
                noisy[turn][i] += behaviour[turn][i];
            }
        }
        return noisy;
    }

    private double[][] gaussian(double scale) {
        double[][] numbers = new double[TURNS][NUMBERS];
        for (double[] row : numbers) {
            for (int i = 0; i < NUMBERS; i++) {
                row[i] = scale * random.nextGaussian();
            }
        }
        return numbers;
    }

    private static double sum(double[] values) {
        return java.util.Arrays.stream(values).sum();
    }
}
