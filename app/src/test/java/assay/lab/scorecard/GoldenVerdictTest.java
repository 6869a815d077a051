package assay.lab.scorecard;

import assay.show.page.GoldenJson;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// The documents of judged studies are what they were when they were written field by field.
class GoldenVerdictTest {
    @Test
    void judgedStudiesKeepEveryField() throws IOException {
        GoldenJson.check("verdict-mixed", VerdictJson.render(VerdictSpecimen.mixed(), VerdictSpecimen.run()));
        GoldenJson.check("verdict-empty", VerdictJson.render(VerdictSpecimen.empty(), VerdictSpecimen.run()));
    }
}
