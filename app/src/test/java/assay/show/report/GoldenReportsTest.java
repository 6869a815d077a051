package assay.show.report;

import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.show.page.GoldenJson;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The documents of explanations and distillations are what they were when they were written field by field.
class GoldenReportsTest {
    private static final String HOSTILE =
            "</style><script>alert(1)</script> \"q\" 'a' & שלום \u202eevil\u202c 🏴‍☠️ \u0007 日本語のプロンプト";

    @Test
    void explanationsKeepEveryField() throws IOException {
        Map<String, Explanation> specimens = Map.of(
                "pirate", Specimen.pirate(),
                "rot13", Specimen.rot13(),
                "bare", Specimen.bare(),
                "hostile", Specimen.worded(Specimen.pirate(), HOSTILE));
        for (Map.Entry<String, Explanation> specimen : specimens.entrySet()) {
            GoldenJson.check(
                    "explain-" + specimen.getKey(),
                    JsonReport.render(specimen.getValue(), Optional.empty(), Specimen.provenance(), 412.7));
        }
    }

    @Test
    void theWayByASoftPromptKeepsEveryField() throws IOException {
        GoldenJson.check(
                "explain-chain",
                JsonReport.render(
                        Specimen.pirate(), Optional.of(DistilSpecimen.chain()), Specimen.provenance(), 412.7));
    }

    @Test
    void distillationsKeepEveryField() throws IOException {
        Map<String, Distillation> specimens = Map.of(
                "pirate", DistilSpecimen.pirate(),
                "rot13", DistilSpecimen.rot13(),
                "baked", DistilSpecimen.baked(),
                "unmeasured", DistilSpecimen.unmeasured(),
                "hostile", DistilSpecimen.worded(DistilSpecimen.pirate(), HOSTILE));
        for (Map.Entry<String, Distillation> specimen : specimens.entrySet()) {
            GoldenJson.check(
                    "distil-" + specimen.getKey(),
                    JsonReport.render(specimen.getValue(), Specimen.provenance(), 412.7, "distil"));
        }
    }
}
