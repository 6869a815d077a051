package assay.tasks.census;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NeighboursTest {
    private static final int GROUPS = 3;
    private static final int EACH = 30;

    @Test
    void plantedTwinsAreEachOthersNearestAndTheOnlyPairs() {
        List<float[]> sketches = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100; i++) {
            float[] one = random(random, 200);
            sketches.add(one);
            sketches.add(near(one, 0.1f, random));
        }
        Neighbours neighbours = Neighbours.of(Neighbours.unit(sketches));
        for (int i = 0; i < sketches.size(); i++) {
            Neighbours.Link nearest = neighbours.links().get(i).getFirst();
            assertThat(nearest.other()).isEqualTo(i ^ 1);
            assertThat(nearest.cosine()).isCloseTo(1 / Math.sqrt(1.01), within(0.01));
        }
        assertThat(neighbours.pairs()).hasSize(100).allMatch(pair -> pair.other() == pair.one() + 1);
    }

    @Test
    void noneAndOneHaveNoNeighbours() {
        assertThat(Neighbours.of(new float[0][]).pairs()).isEmpty();
        assertThat(Neighbours.of(Neighbours.unit(List.of(new float[] {1, 2}))).links())
                .containsExactly(List.of());
        assertThat(Neighbours.unit(List.of(new float[2]))[0]).containsOnly(0);
    }

    @Test
    void plantedGroupsLieApartOnThePlane() {
        SplittableRandom random = new SplittableRandom(2);
        List<float[]> sketches = new ArrayList<>();
        for (int group = 0; group < GROUPS; group++) {
            float[] centre = random(random, 100);
            for (int i = 0; i < EACH; i++) {
                sketches.add(near(centre, 0.3f, random));
            }
        }
        double[][] places = Plane.of(Neighbours.unit(sketches));
        double within = 0;
        double between = Double.POSITIVE_INFINITY;
        for (int i = 0; i < places.length; i++) {
            for (int j = 0; j < places.length; j++) {
                double distance = Math.hypot(places[i][0] - places[j][0], places[i][1] - places[j][1]);
                if (i / EACH == j / EACH) {
                    within = Math.max(within, distance);
                } else {
                    between = Math.min(between, distance);
                }
            }
        }
        assertThat(within).isLessThan(between);
    }

    @Test
    void bothDirectionsOfThePlaneHaveOneScale() {
        double[][] places = Plane.of(new float[][] {{0, 2, 1}, {0, 2, -1}, {0, -2, 1}, {0, -2, -1}});
        double across = Math.hypot(places[0][0] - places[1][0], places[0][1] - places[1][1]);
        double along = Math.hypot(places[0][0] - places[2][0], places[0][1] - places[2][1]);
        assertThat(along).isCloseTo(2 * across, within(1e-6)).isCloseTo(2, within(1e-6));
    }

    @Test
    void vectorsThatAreAllAlikeStandInTheMiddle() {
        float[][] same = {{1, 0}, {1, 0}, {1, 0}};
        assertThat(Plane.of(same)).isEqualTo(new double[3][2]);
        assertThat(Plane.of(new float[0][])).isEmpty();
    }

    private static float[] random(SplittableRandom random, int width) {
        float[] values = new float[width];
        for (int i = 0; i < width; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] near(float[] centre, float noise, SplittableRandom random) {
        float[] values = random(random, centre.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = centre[i] + noise * values[i];
        }
        return values;
    }
}
