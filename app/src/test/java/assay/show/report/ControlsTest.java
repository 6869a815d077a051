package assay.show.report;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Explanation;
import assay.measure.judge.Lacking;
import assay.show.page.Style;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A control needs nothing but its kind to be shown: text, page and document walk the list.
final class ControlsTest {
    private static final Interval CLOSED = new Interval(0.123456, 0.111111, 0.222222);

    @ParameterizedTest
    @EnumSource
    void everyKindIsShownByItselfInTextPageAndDocument(ControlKind kind) {
        Control control = new Control(kind, 7, CLOSED);
        Explanation pirate = Specimen.pirate();
        Explanation explanation = new Explanation(
                pirate.subject(),
                pirate.effort(),
                pirate.divergence(),
                pirate.curve(),
                new Explanation.Comparison(List.of(control), Optional.empty(), Lacking.NONE),
                pirate.mixture(),
                pirate.verdict(),
                pirate.illustration());
        assertThat(TextReport.render(explanation, Optional.empty(), new Style(100, false)))
                .contains(control.line())
                .contains("12%");
        assertThat(HtmlReport.render(explanation, Optional.empty(), Map.of(), 1))
                .contains(control.title())
                .contains("12.3%");
        assertThat(JsonReport.render(explanation, Optional.empty(), Map.of(), 1))
                .contains("\"" + kind.key())
                .contains("0.123456");
    }
}
