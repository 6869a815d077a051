package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher itself, as a shell starts it: in a program folder of its own, whose jar names this build's classes.
class LauncherTest {
    private static final Path MODEL = Path.of("src", "test", "resources", "golden", "tiny", "models", "tied")
            .toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path program;

    /// @param code exit code
    /// @param text all that was printed
    record Answer(int code, String text) {}

    @BeforeEach
    void install() throws IOException {
        // The test's own Java may run in the POSIX locale, in which it cannot name this folder: a shell can.
        program = folder.resolve("program");
        Path target = Files.createDirectories(program.resolve("app").resolve("target"));
        Files.createDirectories(target.resolve("lib"));
        Files.createDirectories(program.resolve(".assay"));
        Files.copy(Path.of("..", "assay"), program.resolve("assay"), StandardCopyOption.COPY_ATTRIBUTES);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        try (OutputStream out = Files.newOutputStream(target.resolve("assay-0.jar"))) {
            new JarOutputStream(out, manifest).close();
        }
        Files.createFile(program.resolve(".assay").resolve("built"));
    }

    @Test
    void lettersAreTheSameInEveryLocale() throws Exception {
        for (String locale : List.of("C", "POSIX", "C.UTF-8")) {
            Answer answer = run(locale, "", "explain", "--model", "Größe/模型", "--prompt", "x");
            assertThat(answer.text()).as(locale).contains("(Größe/模型)").doesNotContain("\uFFFD");
            assertThat(answer.code()).as(locale).isEqualTo(3);
        }
    }

    @Test
    void aProgramAndAModelInFoldersWithForeignLettersAreFound() throws Exception {
        Answer answer = run(
                "C",
                "mv program 'Größe ✓' && cp -R '" + MODEL + "' modèle && set -- 'Größe ✓';",
                "explain",
                "--model",
                "modèle",
                "--prompt",
                " ");
        assertThat(answer.text()).contains("expected some text");
        assertThat(answer.code()).isEqualTo(3);
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws Exception {
        Answer answer = run("C.UTF-8", "", "explain", "--prompt", "$(printf 'caf\\351')");
        assertThat(answer.text()).contains("expected text in the locale's letters (UTF-8)");
        assertThat(answer.code()).isEqualTo(3);
    }

    @Test
    void testsWhereSparkCannotBeFetchedRunAllElseAndEndAsAFailure() throws Exception {
        Files.writeString(folder.resolve("no-spark"), """
                #!/bin/sh
                case "$*" in *-Pcluster*) echo 'Could not transfer artifact'; exit 1 ;; esac
                echo "ran: $*"
                """);
        // The launcher looks for the default model first: where this test's own lies.
        String cache = "export ASSAY_CACHE=${ASSAY_MODEL_GGUF%/models/*};";
        Answer answer = run("C.UTF-8", cache + " cp no-spark program/mvnw && chmod +x program/mvnw;", "test");
        assertThat(answer.text()).contains("ran: -B verify").contains("cluster/ was NOT tested");
        assertThat(answer.code()).isEqualTo(4);
    }

    /// Runs the launcher by a script in UTF-8, as a terminal hands bytes on.
    ///
    /// @param before shell commands; they may set `$1` to where the program was moved
    private Answer run(String locale, String before, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        for (String argument : arguments) {
            words.add('"' + argument + '"');
        }
        Path script = Files.writeString(
                folder.resolve("start.sh"),
                "set -- program; " + before + " exec \"./$1/assay\" " + String.join(" ", words) + "\n",
                StandardCharsets.UTF_8);
        Path printed = folder.resolve("printed");
        ProcessBuilder shell = new ProcessBuilder("sh", script.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        Map<String, String> environment = shell.environment();
        environment.put("LC_ALL", locale);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        int code = shell.start().waitFor();
        return new Answer(code, Files.readString(printed, StandardCharsets.UTF_8));
    }
}
