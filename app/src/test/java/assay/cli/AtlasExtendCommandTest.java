package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bad input to `assay atlas extend`, as a user meets it.
class AtlasExtendCommandTest {
    private static final Path MODEL = Path.of("src", "test", "resources", "golden", "tiny", "models", "tied");
    private static final Path SHIPPED = Path.of("..", "atlas", "smollm2-135m.atlas");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /// @param name what is wrong
    /// @param code expected exit code
    /// @param message part of the expected line
    /// @param arguments after model and output; `@` stands for the test's own folder
    record Case(String name, int code, String message, List<String> arguments) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                bad("no candidates named", 2, "Missing required option: '--candidates=N|FILE'"),
                bad("no candidates", 2, "expected 1 to 1000000000 or a file, found 0", "--candidates", "0"),
                bad("negative candidates", 2, "or a file, found -3", "--candidates=-3"),
                bad("nothing kept", 2, "--keep: expected 1 to 10000, found 0", "--candidates", "9", "--keep", "0"),
                bad("no such file", 3, "candidates: expected a number or a text", "--candidates", "@/none.txt"),
                bad("empty file", 3, "found an empty one", "--candidates", "@/empty.txt"),
                bad("a folder", 3, "found a folder", "--candidates", "@/empty"),
                bad("no atlas", 3, "Build one with", "--candidates", "9"),
                bad("no such atlas", 3, "atlas: expected a file", "--candidates", "9", "--atlas", "@/none"),
                bad("torn atlas", 3, "atlas: expected", "--candidates", "9", "--atlas", "@/noise.atlas"),
                bad("another's atlas", 3, "one of model tied", "--candidates", "9", "--atlas", SHIPPED.toString()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void endsInOneLineAndLeavesNothingBehind(Case bad) throws IOException {
        Files.createFile(folder.resolve("empty.txt"));
        Files.createDirectory(folder.resolve("empty"));
        Files.writeString(folder.resolve("noise.atlas"), "no magic in here".repeat(9));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Stream<String> start = Stream.of("atlas", "extend", "--model", MODEL.toString(), "--out", "@/x.atlas");
        int code = Main.run(
                Stream.concat(start, bad.arguments().stream())
                        .map(word -> word.replace("@", folder.toString()))
                        .toArray(String[]::new),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
        assertThat(code).as(err.toString()).isEqualTo(bad.code());
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("assay: ").contains(bad.message()).doesNotContain("\tat ");
        assertThat(err.toString().lines()).hasSize(bad.code() == 2 ? 2 : 1);
        assertThat(folder.resolve("x.atlas")).doesNotExist();
        assertThat(folder.resolve("x.atlas.extend")).doesNotExist();
    }

    @Test
    void helpHasExamples() {
        StringWriter out = new StringWriter();
        int code = Main.run(
                new String[] {"atlas", "extend", "--help"},
                new PrintWriter(out, true),
                new PrintWriter(new StringWriter(), true));
        assertThat(code).isZero();
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("assay atlas extend --candidates 100000", "one in 50 written by the model");
    }

    private static Case bad(String name, int code, String message, String... arguments) {
        return new Case(name, code, message, List.of(arguments));
    }
}
