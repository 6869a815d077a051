package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KlPursuitTest {
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void plantedAtomsAreFoundAmongMany(long seed) {
        KlProblem problem = Planted.problem(30, seed, 0.8, -0.5, 0.4, 0.3, 0.6);
        List<KlFit> path = new KlPursuit(problem, 1e-8, 4).path(5, _ -> {});
        assertThat(path.getLast().support()).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        double[] planted = {0.8, -0.5, 0.4, 0.3, 0.6};
        for (int i = 0; i < 5; i++) {
            assertThat(path.getLast().weights()[i])
                    .isCloseTo(planted[path.getLast().support()[i]], within(2e-3));
        }
    }

    @Test
    void everyStepHasOneMoreAtomAndLowersTheValue() {
        KlProblem problem = Planted.problem(12, 3, 0.8, -0.5, 0.4, 0.3);
        List<Integer> heard = new ArrayList<>();
        List<KlFit> path = new KlPursuit(problem, 1e-6, 2).path(6, fit -> heard.add(fit.support().length));
        assertThat(heard).containsExactly(1, 2, 3, 4, 5, 6);
        for (int k = 1; k < path.size(); k++) {
            assertThat(path.get(k).support()).hasSize(k + 1).doesNotHaveDuplicates();
            assertThat(path.get(k).value()).isLessThanOrEqualTo(path.get(k - 1).value() + 1e-6);
        }
    }

    @Test
    void askingForMoreAtomsThanThereAreGivesAll() {
        assertThat(new KlPursuit(Planted.problem(3, 2, 0.5), 1e-4, 4).path(20, _ -> {}))
                .hasSize(3);
    }

    @Test
    void anAtomThatStoodForTwoOthersIsGivenUpOnTheWayBack() {
        KlProblem plain = Planted.problem(12, 4, 0.8, 0.7, 0.6);
        float[] both = new float[plain.base().length];
        for (int k = 0; k < both.length; k++) {
            both[k] = plain.atoms().get(0)[k]
                    + plain.atoms().get(1)[k]
                    + plain.atoms().get(2)[k];
        }
        List<float[]> atoms = new ArrayList<>(plain.atoms());
        atoms.add(both);
        KlProblem coherent = new KlProblem(plain.places(), plain.tokens(), plain.base(), plain.target(), atoms);
        List<KlFit> path = new KlPursuit(coherent, 1e-8, 4).path(3, _ -> {});
        assertThat(path.getFirst().support()).containsExactly(12);
        assertThat(path.getLast().value()).isCloseTo(0, within(1e-5));
    }
}
