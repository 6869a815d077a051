package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CholeskyTest {
    @Test
    void aKnownSystemHasItsKnownSolution() {
        double[] solved = Cholesky.solve(new double[][] {{4, 1}, {1, 3}}, new double[] {1, 2});
        assertThat(solved).containsExactly(new double[] {1 / 11.0, 7 / 11.0}, within(1e-12));
    }

    /// However large or small its numbers are: what is added is in proportion.
    @Test
    void copiesShareTheSolutionEvenly() {
        for (double scale : new double[] {1e-6, 1, 1e6}) {
            double[][] copies = {{scale, scale}, {scale, scale}};
            assertThat(Cholesky.solve(copies, new double[] {scale, scale}))
                    .containsExactly(new double[] {0.5, 0.5}, within(1e-6));
        }
    }

    @Test
    void anEmptyDirectionAskedForNothingGivesNothing() {
        assertThat(Cholesky.solve(new double[2][2], new double[2])).containsExactly(0, 0);
    }

    @Test
    void whatIsNoInnerProductIsRefused() {
        assertThatThrownBy(() -> Cholesky.solve(new double[][] {{-1}}, new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("matrix: expected finite numbers");
    }
}
