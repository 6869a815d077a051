package assay.show.report;

import assay.lab.claims.Verdicts;
import assay.lab.scorecard.VerdictHtml;
import assay.lab.scorecard.VerdictJson;
import assay.lab.scorecard.VerdictSpecimen;
import assay.lab.scorecard.VerdictText;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.show.page.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Renders every specimen into a folder, to be looked at.
final class Gallery {
    private static final String HOSTILE =
            "</style><script>alert(1)</script> \"q\" 'a' & שלום \u202eevil\u202c 🏴‍☠️ \u0007 日本語のプロンプト";

    private Gallery() {}

    /// Writes pages, texts and documents.
    ///
    /// @param arguments the folder
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Map<String, Explanation> specimens = Map.of(
                "pirate", Specimen.pirate(),
                "rot13", Specimen.rot13(),
                "bare", Specimen.bare(),
                "long", Specimen.long200(),
                "hostile", Specimen.worded(Specimen.pirate(), HOSTILE));
        for (Map.Entry<String, Explanation> specimen : specimens.entrySet()) {
            String name = specimen.getKey();
            Files.writeString(
                    folder.resolve(name + ".html"),
                    HtmlReport.render(specimen.getValue(), Optional.empty(), Specimen.provenance(), 412.7));
            Files.writeString(
                    folder.resolve(name + ".json"),
                    JsonReport.render(specimen.getValue(), Optional.empty(), Specimen.provenance(), 412.7));
            for (int width : List.of(30, 40, 80, 120)) {
                Files.writeString(
                        folder.resolve(name + "-" + width + ".txt"),
                        TextReport.render(specimen.getValue(), Optional.empty(), new Style(width, false)));
            }
        }
        distillations(folder);
        verdicts(folder);
        Files.writeString(
                folder.resolve("chain.html"),
                HtmlReport.render(
                        Specimen.pirate(), Optional.of(DistilSpecimen.chain()), Specimen.provenance(), 412.7));
    }

    private static void verdicts(Path folder) throws IOException {
        Map<String, Verdicts> specimens = Map.of(
                "mixed", VerdictSpecimen.mixed(),
                "empty", VerdictSpecimen.empty(),
                "hostile", VerdictSpecimen.worded(HOSTILE));
        for (Map.Entry<String, Verdicts> specimen : specimens.entrySet()) {
            String name = "verdict-" + specimen.getKey();
            Verdicts verdicts = specimen.getValue();
            Files.writeString(folder.resolve(name + ".html"), VerdictHtml.render(verdicts, VerdictSpecimen.run()));
            Files.writeString(folder.resolve(name + ".json"), VerdictJson.render(verdicts, VerdictSpecimen.run()));
            for (int width : List.of(30, 40, 80, 100)) {
                Files.writeString(
                        folder.resolve(name + "-" + width + ".txt"),
                        VerdictText.render(verdicts, VerdictSpecimen.run(), new Style(width, false)));
            }
        }
    }

    private static void distillations(Path folder) throws IOException {
        Map<String, Distillation> specimens = Map.of(
                "pirate", DistilSpecimen.pirate(),
                "rot13", DistilSpecimen.rot13(),
                "baked", DistilSpecimen.baked(),
                "unmeasured", DistilSpecimen.unmeasured(),
                "hostile", DistilSpecimen.worded(DistilSpecimen.pirate(), HOSTILE));
        for (Map.Entry<String, Distillation> specimen : specimens.entrySet()) {
            String name = "distil-" + specimen.getKey();
            Files.writeString(
                    folder.resolve(name + ".html"),
                    DistilHtml.render(specimen.getValue(), Specimen.provenance(), 412.7));
            for (int width : List.of(30, 40, 80, 120)) {
                Files.writeString(
                        folder.resolve(name + "-" + width + ".txt"),
                        DistilText.render(specimen.getValue(), new Style(width, false)));
            }
        }
    }
}
