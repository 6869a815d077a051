package assay.lab.scorecard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerformancePageTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final String DOCUMENT = """
            {"command": "bench peers", "small": false,
             "roofline": {"bf16_flop_per_second": 1.5e12, "fp32_flop_per_second": 9e10, "bytes_per_second": 2e10},
             "rows": [
              {"row": "pursuit", "title": "pursuit of 100 atoms", "peer": "scikit-learn", "unit": "times", "figure": FIGURE,
               "lowest": 5.5, "highest": 7.25, "gate": "≥ 5.0 ×", "gate_number": 5, "met": "yes",
               "assay_seconds": [1.0, 1.1, 0.9], "other_seconds": [6.0, 6.0, 6.5], "difference": 1e-5, "tolerance": 1e-3,
               "agreement": "residuals", "flop": 2.05e10, "bytes": 4.1e10, "roofline_share": 0.62, "load": 0.1,
               "missing": ""},
              {"row": "start-help", "title": "`assay --help`", "peer": "", "unit": "s", "figure": 0.3, "lowest": 0.29,
               "highest": 0.31, "gate": "≤ 0.35 s", "gate_number": 0.35, "met": "yes", "assay_seconds": [0.3],
               "other_seconds": [], "difference": null, "tolerance": 0, "agreement": "", "flop": 0, "bytes": 0,
               "roofline_share": null, "load": 3.5, "missing": ""}],
             "provenance": {"command": "assay bench peers", "code": "0123456789abcdef",
              "machine": {"cpu": "Some CPU", "threads": 2}, "libraries": {"torch": "libtorch"}}}""";

    @TempDir
    Path log;

    private Path keep(String entry, String json) throws IOException {
        Files.writeString(log.resolve(entry + ".md"), "# Entry");
        Path data = Files.createDirectories(log.resolve("data"));
        Files.writeString(data.resolve(entry + ".peers.json"), json);
        return data;
    }

    @Test
    void thePageInTheDocumentsIsWhatTheDocumentsSay() throws IOException {
        PerformancePage page = PerformancePage.of(DOCS.resolve("log/data"));
        assertThat(Files.readString(DOCS.resolve("performance.md"))).isEqualTo(page.text());
        if (!page.picture().isEmpty()) {
            assertThat(Files.readString(DOCS.resolve(PerformancePage.PICTURE))).isEqualTo(page.picture());
        }
        if (!page.growth().isEmpty()) {
            assertThat(Files.readString(DOCS.resolve(PerformancePage.GROWTH_PICTURE)))
                    .isEqualTo(page.growth());
        }
    }

    @Test
    void aRowTellsItsRatioItsGateAndItsRoofline() throws IOException {
        PerformancePage page = PerformancePage.of(keep("one", DOCUMENT.replace("FIGURE", "6.0")));
        assertThat(page.text())
                .contains(
                        "| pursuit | pursuit of 100 atoms | 6.00 × [5.50, 7.25] | 3 | ≥ 5.0 × | yes | 20.5 | 41.0 | 62 % |"
                                + " [entry](log/one.md) |")
                .contains("| start-help | `assay --help` | 0.30 s [0.29, 0.31] | 1 | ≤ 0.35 s | yes | – | – | – |"
                        + " [entry](log/one.md), shared machine |")
                .contains("| pursuit | 1.000 | 6.000 | scikit-learn | 1.0e-05 | 0.0010 | residuals |")
                .contains("Some CPU, 2 threads, libtorch; products at most 1500 GFLOP/s in bf16 and 90 in fp32")
                .contains("](pictures/performance.svg)");
        assertThat(page.picture()).startsWith("<svg ").contains("pursuit").doesNotContain("start-help");
    }

    @Test
    void theNewestDocumentOfARowCounts() throws IOException {
        keep("2026-01-01-old", DOCUMENT.replace("FIGURE", "6.0"));
        Path data = keep("2026-01-02-new", DOCUMENT.replace("FIGURE", "7.0"));
        assertThat(PerformancePage.of(data).text()).contains("7.00 ×").doesNotContain("6.00 ×");
    }

    @Test
    void newestIsWhatWasBegunLastAndMeasured() throws IOException {
        keep("2026-01-02-a", begun("2026-01-02T17", "7.0"));
        keep("2026-01-02-b", begun("2026-01-02T16", "6.0"));
        Path data = keep("2026-01-02-c", begun("2026-01-02T18", "null"));
        assertThat(PerformancePage.of(data).text()).contains("7.00 ×").doesNotContain("6.00 ×");
    }

    private static String begun(String time, String figure) {
        return DOCUMENT.replace("FIGURE", figure).replace("\"code\"", "\"started\": \"" + time + "\", \"code\"");
    }

    @Test
    void growthIsToldByItsExponentAndDrawnAsMultiples() throws IOException {
        String document = """
                {"command": "bench growth", "small": false, "curves": [
                  {"axis": "length", "unit": "tokens", "title": "a prompt of so many tokens", "exponent": 1.25,
                   "exponent_low": 1.2, "exponent_high": 1.3, "points": [
                    {"size": 16, "seconds": [0.1, 0.3, 0.2], "peak_bytes": 1e9},
                    {"size": 1024, "seconds": [20, 22, 21], "peak_bytes": 2.5e9}]},
                  {"axis": "cores", "unit": "cores", "title": "side by side", "exponent": null, "exponent_low": null,
                   "exponent_high": null, "points": [{"size": 1, "seconds": [3], "peak_bytes": null}]}]}""";
        PerformancePage page = PerformancePage.of(keep("grown", document));
        assertThat(page.text())
                .contains("| length | a prompt of so many tokens | 16 | 1,024 tokens | 0.200 to 21.0 | 1.0 to 2.5 |"
                        + " 1.25 [1.20, 1.30] | [entry](log/grown.md) |")
                .contains("| – | [entry](log/grown.md) |")
                .contains("](pictures/growth.svg)");
        assertThat(page.growth())
                .startsWith("<svg ")
                .contains("length: 1.25")
                .contains("points=\"60,284 ")
                .contains(">cores<");
        Path small = keep("tiny", document.replace("\"small\": false", "\"small\": true"));
        assertThatThrownBy(() -> PerformancePage.of(small)).hasMessageContaining("found some of --small (tiny)");
    }

    @Test
    void withoutDocumentsNothingIsClaimed() throws IOException {
        PerformancePage page = PerformancePage.of(Files.createDirectories(log.resolve("data")));
        assertThat(page.text()).contains("Nothing was measured yet.");
        assertThat(page.picture()).isEmpty();
    }

    @Test
    void tinyInputsAreRefused() throws IOException {
        Path data = keep(
                "one", DOCUMENT.replace("\"small\": false", "\"small\": true").replace("FIGURE", "1"));
        assertThatThrownBy(() -> PerformancePage.of(data))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found one with --small");
    }
}
