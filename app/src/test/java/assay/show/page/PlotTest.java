package assay.show.page;

import static org.assertj.core.api.Assertions.assertThat;

import assay.show.page.Plot.Frame;
import assay.show.page.Plot.Point;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PlotTest {
    private static final Pattern LABEL = Pattern.compile("<text class=\"label[^\"]*\" x=\"[^\"]*\" y=\"([^\"]*)\"");
    private static final Pattern CIRCLE = Pattern.compile("<circle class=\"d\" cx=\"([^\"]*)\" cy=\"([^\"]*)\"");

    @Test
    void labelsThatWouldOverlapAreMovedApartAndStayInside() {
        Plot plot = new Plot(Frame.wide(300), "t", "d", 10, 0);
        for (double share : new double[] {0.5, 0.5, 0.51, 0.02, 0, 0, 1, 1}) {
            plot.label("x", share, "name");
        }
        double[] places = LABEL.matcher(plot.finish().finished())
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group(1)))
                .toArray();
        assertThat(places).hasSize(8).isSorted();
        for (int i = 1; i < places.length; i++) {
            assertThat(places[i] - places[i - 1]).isGreaterThanOrEqualTo(15.9);
        }
        assertThat(Arrays.stream(places).max().orElseThrow()).isLessThan(300);
        assertThat(Arrays.stream(places).min().orElseThrow()).isPositive();
    }

    @Test
    void sharesOutsideTheChartStandAtItsEdge() {
        Plot plot = new Plot(Frame.wide(300), "t", "d", 10, -0.5);
        plot.dot("d", new Point(1, 5), 3, "")
                .dot("d", new Point(10, -7), 3, "")
                .dot("d", new Point(1, Double.NaN), 3, "");
        List<double[]> places = CIRCLE.matcher(plot.finish().finished())
                .results()
                .map(match -> new double[] {Double.parseDouble(match.group(1)), Double.parseDouble(match.group(2))})
                .toList();
        assertThat(places).hasSize(2).allSatisfy(place -> {
            assertThat(place[0]).isBetween(0.0, 760.0);
            assertThat(place[1]).isBetween(0.0, 300.0);
        });
        assertThat(places.get(0)[1]).isLessThan(places.get(1)[1]);
    }

    @Test
    void aChartOfOneStepIsDrawnInTheMiddle() {
        String drawn = new Plot(Frame.wide(300), "t", "d", 1, 0)
                .dot("d", new Point(1, 0.5), 3, "")
                .finish()
                .finished();
        assertThat(drawn).contains("cx=\"305\"").doesNotContain("NaN");
    }

    @Test
    void aLinearAxisBeginsAtNothingAndKeepsDistances() {
        Plot plot = new Plot(Frame.wide(300), "t", "d", 200, 0, Plot.Axis.LINEAR);
        for (int place : new int[] {0, 100, 200, 900}) {
            plot.dot("d", new Point(place, 0.5), 3, "");
        }
        double[] places = CIRCLE.matcher(plot.finish().finished())
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group(1)))
                .toArray();
        assertThat(places[1] - places[0]).isEqualTo(places[2] - places[1]).isPositive();
        assertThat(places[3]).isEqualTo(places[2]);
    }

    @Test
    void evenTicksAreFewAndRound() {
        assertThat(Plot.evenTicks(0)).containsExactly(0);
        assertThat(Plot.evenTicks(5)).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(Plot.evenTicks(29)).containsExactly(0, 5, 10, 15, 20, 25);
        assertThat(Plot.evenTicks(180)).containsExactly(0, 50, 100, 150);
        assertThat(Plot.evenTicks(Integer.MAX_VALUE)).hasSizeBetween(2, 6);
    }

    @Test
    void ticksAreRoundAndReachTheEnd() {
        assertThat(Plot.ticks(1)).containsExactly(1);
        assertThat(Plot.ticks(3)).containsExactly(1, 2, 3);
        assertThat(Plot.ticks(20)).containsExactly(1, 2, 5, 10, 20);
        assertThat(Plot.ticks(90)).containsExactly(1, 2, 5, 10, 20, 50, 90);
        assertThat(Plot.ticks(0)).isEmpty();
    }
}
