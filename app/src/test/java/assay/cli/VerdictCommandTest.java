package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import assay.model.ChatModel;
import assay.model.TinyModel;
import assay.study.AtlasShelf;
import assay.study.TinyAtlas;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a user of `assay verdict` gets back, on a tiny random model and a study that measures next to nothing.
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class VerdictCommandTest {
    private static final Path MODEL = Path.of("src", "test", "resources", "golden", "tiny", "models", "tied");

    private static final String STUDY = """
            {"schema_version": 1, "name": "next-to-nothing", "seeds": [0], "sizes": [1, 2],
             "effort": {"candidates": 4, "search": 0, "pool": 4, "draws": 1, "turns": 0.3, "reading_search": 0},
             "targets": [{"name": "cook", "class": "prompt", "prompt": "You are a cook."}]}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private @Nullable String home;

    @BeforeEach
    void atlas() throws IOException {
        Files.writeString(folder.resolve("study.json"), STUDY);
        try (ChatModel chat = TinyModel.open("tied")) {
            AtlasShelf.write(TinyAtlas.of(chat), folder.resolve("home/atlas/tied.atlas"));
        }
        home = System.getProperty("assay.home");
        System.setProperty("assay.home", folder.resolve("home").toString());
    }

    @AfterEach
    void restore() {
        if (home == null) {
            System.clearProperty("assay.home");
        } else {
            System.setProperty("assay.home", home);
        }
    }

    private record Outcome(int code, String out, String err) {}

    @Test
    void aVerdictThatIsNoYesFailsOnlyWhenAskedTo() {
        Outcome plain = verdict("--only", "S5", "--out", folder.resolve("out").toString());
        assertThat(plain.code()).as(plain.err()).isZero();
        assertThat(plain.out()).contains("S1", "S6", "undecided");
        Outcome strict = verdict("--only", "S5", "--out", folder.resolve("out").toString(), "--fail-on-verdict");
        assertThat(strict.code()).as(strict.err()).isEqualTo(1);
        assertThat(strict.out()).isNotEmpty();
        assertThat(strict.err()).isEmpty();
    }

    @Test
    void oneDocumentIsPrintedAndKept() throws IOException {
        Outcome outcome = verdict(
                "--json", "--targets", "cook", "--out", folder.resolve("out").toString());
        assertThat(outcome.code()).as(outcome.err()).isZero();
        JsonNode printed = JsonMapper.shared().readTree(outcome.out());
        assertThat(printed.path("verdict")).hasSize(6);
        assertThat(printed.path("targets")).hasSize(1);
        assertThat(printed).isEqualTo(JsonMapper.shared().readTree(folder.resolve("out/report.json")));
        assertThat(folder.resolve("out/report.html")).isRegularFile();
        assertThat(folder.resolve("out/targets/cook-0.json")).isRegularFile();
    }

    private Outcome verdict(String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Stream<String> words = Stream.concat(
                List.of(
                        "verdict",
                        "--model",
                        MODEL.toString(),
                        "--dtype",
                        "FLOAT32",
                        "--study",
                        folder.resolve("study.json").toString())
                        .stream(),
                Stream.of(more));
        int code = Main.run(words.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
        return new Outcome(code, out.toString(), err.toString());
    }
}
