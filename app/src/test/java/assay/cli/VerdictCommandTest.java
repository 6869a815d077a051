package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.TinyAtlas;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a user of `assay verdict` gets back, on a tiny random model and a study that measures next to nothing.
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class VerdictCommandTest {
    private static final Path MODEL = Path.of("src", "test", "resources", "golden", "tiny", "models", "tied");

    private static final Path UNTIED = MODEL.resolveSibling("untied-bf16");

    private static final String STUDY = """
            {"schema_version": 1, "name": "next-to-nothing", "seeds": [0], "sizes": [1, 2],
             "effort": {"candidates": 4, "search": 0, "pool": 4, "draws": 1, "turns": 0.3, "reading_search": 0},
             "targets": [{"name": "cook", "class": "prompt", "prompt": "You are a cook."}]}
            """;

    private static final String BROKEN = """
            {"schema_version": 1, "name": "small",
             "seeds": [1, 1], "sizes": [1], "targets": [{"name": "cook", "class": "prompt", "prompt": "You cook."},
             {"name": "cook", "class": "prompt", "prompt": "Be sad."},
             {"name": "lora", "class": "adapter", "adapter": "nowhere"}],
             "gates": {"closed": 1.5}}
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
        assertThat(printed.path("verdict").findValuesAsString("command"))
                .as("every figure is told with the command that makes it, model and all")
                .isNotEmpty()
                .allSatisfy(command -> assertThat(command)
                        .startsWith("assay verdict --model " + MODEL + " --dtype FLOAT32 --study " + folder));
        assertThat(printed).isEqualTo(JsonMapper.shared().readTree(folder.resolve("out/report-cook.json")));
        assertThat(folder.resolve("out/report-cook.html")).isRegularFile();
        assertThat(folder.resolve("out/targets/cook-0.json")).isRegularFile();
    }

    /// @param code expected exit code
    /// @param message part of the one line
    /// @param more after the model and a good study; `@` stands for the test's own folder
    record Bad(int code, String message, List<String> more) {
        @Override
        public String toString() {
            return message;
        }
    }

    static Stream<Bad> cases() {
        return Stream.of(
                bad(2, "--only: expected some of S1, S2, S3, S4, S5, found S7", "--only", "S7"),
                bad(2, "found S6", "--only", "S1,S6"),
                bad(3, "study: expected a JSON file, found none (", "--study", "@/none.json"),
                bad(3, "study: expected", "--study", "@/noise"),
                bad(3, "found 4 problems (", "--study", "@/broken.json"),
                bad(3, "; line 3: name \"cook\" given twice; line 4: \"adapter\": ", "--study", "@/broken.json"),
                bad(3, "line 2: \"seeds\": expected different seeds, found [1, 1]; ", "--study", "@/broken.json"),
                bad(3, "; line 5: \"closed\": expected a number above 0", "--study", "@/broken.json"),
                bad(3, "study's targets, found nobody (", "--targets", "cook,nobody"),
                bad(3, "It has: cook.", "--targets", "nobody"),
                bad(3, "expected a part \"quick\" for --quick", "--quick"),
                bad(3, "--out: expected a folder, found a file (", "--out", "@/noise"),
                bad(3, "--out: expected a new or empty folder, found letter.txt in it (", "--out", "@/other"),
                bad(3, "Build one with", "--model", UNTIED.toString(), "--out", "@/out"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void badInputEndsInOneLineAndLeavesNothingBehind(Bad bad) throws IOException {
        Files.writeString(folder.resolve("broken.json"), BROKEN);
        Files.writeString(folder.resolve("noise"), "no study in here");
        Files.writeString(Files.createDirectory(folder.resolve("other")).resolve("letter.txt"), "Dear reader");
        Outcome outcome = verdict(bad.more().stream()
                .map(word -> word.replace("@", folder.toString()))
                .toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(bad.code());
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("assay: ").contains(bad.message()).doesNotContain("\tat ");
        assertThat(outcome.err().lines()).hasSize(bad.code() == 2 ? 2 : 1);
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(folder.resolve("other")).isDirectoryContaining("glob:**letter.txt");
        assertThat(folder.resolve("noise")).hasContent("no study in here");
    }

    private static Bad bad(int code, String message, String... more) {
        return new Bad(code, message, List.of(more));
    }

    /// On the tiny model and a good study, unless others are given.
    private Outcome verdict(String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> words = new ArrayList<>(List.of("verdict"));
        List<String> given = List.of(more);
        if (!given.contains("--model")) {
            words.addAll(List.of("--model", MODEL.toString()));
        }
        if (!given.contains("--study")) {
            words.addAll(List.of("--study", folder.resolve("study.json").toString()));
        }
        words.addAll(List.of("--dtype", "FLOAT32"));
        words.addAll(given);
        int code = Main.run(words.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
        return new Outcome(code, out.toString(), err.toString());
    }
}
