package assay.show.page;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void sharesReadAsWholePercentRoundedHalfUp() {
        assertThat(Figures.percent(0.763)).isEqualTo("76%");
        assertThat(Figures.percent(0.765)).isEqualTo("77%");
        assertThat(Figures.percent(-0.031)).isEqualTo("−3%");
        assertThat(Figures.percentFine(0.7634)).isEqualTo("76.3%");
    }

    @Test
    void nothingReadsAsMinusZero() {
        assertThat(Figures.percent(-0.001)).isEqualTo("0%");
        assertThat(Figures.percent(-0.0)).isEqualTo("0%");
        assertThat(Figures.plain(-0.0)).isEqualTo("0");
        assertThat(Figures.signed(-0.0001)).isEqualTo("+0.00");
    }

    @Test
    void whatWasNotMeasuredIsADash() {
        assertThat(Figures.percent(Double.NaN)).isEqualTo("–");
        assertThat(Figures.plain(Double.POSITIVE_INFINITY)).isEqualTo("–");
        assertThat(Figures.signed(Double.NEGATIVE_INFINITY)).isEqualTo("–");
        assertThat(Figures.share(new Interval(Double.NaN, Double.NaN, Double.NaN)))
                .isEqualTo("–");
        assertThat(Figures.share(new Interval(0.5, Double.NaN, Double.NaN))).isEqualTo("50%");
        assertThat(Figures.percent(1e308)).isEqualTo("–");
        assertThat(Figures.share(new Interval(0.5, 0.1, Double.POSITIVE_INFINITY)))
                .contains("–");
    }

    @Test
    void boundsStayInOrderAndKeepTheirSigns() {
        Interval interval = new Interval(0.012, -0.051, 0.064);
        assertThat(Figures.share(interval)).isEqualTo("1% [−5, 6]");
        assertThat(Figures.shareFine(interval)).isEqualTo("1.2% [−5.1, 6.4]");
        assertThat(Figures.range(interval)).isEqualTo("−5 to 6");
    }

    @Test
    void plainNumbersKeepThreeDigitsAndNoExponent() {
        assertThat(Figures.plain(0.53812)).isEqualTo("0.538");
        assertThat(Figures.plain(31)).isEqualTo("31.0");
        assertThat(Figures.plain(12_345.6)).isEqualTo("12346");
        assertThat(Figures.plain(1.5e-7)).isEqualTo("0.000000150");
    }

    @Test
    void durationsChooseTheirUnit() {
        assertThat(Figures.duration(4.13)).isEqualTo("4.1 s");
        assertThat(Figures.duration(95)).isEqualTo("95 s");
        assertThat(Figures.duration(412.7)).isEqualTo("7 min");
        assertThat(Figures.duration(11_520)).isEqualTo("3.2 h");
        assertThat(Figures.count(20_481)).isEqualTo("20,481");
    }
}
