package assay.lab.scorecard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultsTableTest {
    private static final Path DOCS = Path.of("..", "docs");

    @TempDir
    Path log;

    private Path keep(String name, String json) throws IOException {
        Path data = Files.createDirectories(log.resolve("data"));
        Files.writeString(data.resolve(name), json);
        return data;
    }

    @Test
    void thePageInTheDocumentsIsWhatTheDocumentsSay() throws IOException {
        assertThat(Files.readString(DOCS.resolve("results.md"))).isEqualTo(ResultsTable.of(DOCS.resolve("log/data")));
    }

    @Test
    void aCurveBecomesARowANumberOfPromptsWithItsNullBesideIt() throws IOException {
        Files.writeString(log.resolve("one.md"), "# One");
        Path data = keep("one.pirate.json", """
                {"command": "explain", "target": {"name": "a|b", "kind": "lora"}, "chosen_k": 2, "kl_base": 0.5,
                 "verdict": [{"claim": "S2", "holds": "no"}],
                 "curve": [{"k": 1, "closed": 0.7, "ci": [0.6, 0.8], "null": 0.1, "null_ci": [0.0, 0.2]},
                           {"k": 2, "closed": 0.8, "ci": [0.7, 0.9], "null": null, "null_ci": [null, null]}],
                 "provenance": {"command": "assay explain --adapter x", "code": "0123456789abcdef"}}""");
        assertThat(ResultsTable.of(data))
                .contains("## Explained: a\\|b (lora)")
                .contains("| S2 | 1 | 0.700 [0.600, 0.800] | 0.100 [0.000, 0.200] | – | – |  |")
                .contains("| S2 | 2 (chosen) | 0.800 [0.700, 0.900] | – | – | – | no |")
                .contains("`assay explain --adapter x`, code 0123456789ab; [entry](log/one.md).");
    }

    @Test
    void mutationScoresAreTold() throws IOException {
        Files.writeString(log.resolve("two.md"), "# Two");
        Path data = keep("two.mutation.json", """
                {"command": "mutation", "how": "./mvnw -Pmutation", "commit": "abc",
                 "packages": {"assay.base.sparse": {"mutants": 10, "killed": 9, "score": 0.9, "commit": "abc"}}}""");
        assertThat(ResultsTable.of(data)).contains("| `assay.base.sparse` | 10 | 9 | 0.900 | abc |");
    }

    @Test
    void numbersThatNoNumberCanHoldDoNotEndIt() throws IOException {
        Files.writeString(log.resolve("four.md"), "# Four");
        Path data = keep("four.x.json", """
                {"command": "explain", "chosen_k": 1E999, "kl_base": %s, "curve": [{"k": 9223372036854775808, "closed": 1e999},
                 {"k": {}, "closed": [1], "ci": {}}, {"k": null}, 7]}""".formatted("9".repeat(400)));
        assertThat(ResultsTable.of(data))
                .contains("| 9223372036854775808 | Infinity |")
                .contains("Infinity nats");
    }

    @Test
    void aDocumentWithoutItsEntryOrOfAnUnknownCommandIsRefused() throws IOException {
        Path data = keep("three.x.json", "{\"command\": \"explain\"}");
        assertThatThrownBy(() -> ResultsTable.of(data))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected an entry of the log");
        Files.writeString(log.resolve("three.md"), "# Three");
        keep("three.x.json", "{\"command\": \"dance\"}");
        assertThatThrownBy(() -> ResultsTable.of(data))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found \"dance\"");
    }
}
