package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import assay.ResourceException;
import assay.base.run.Job;
import assay.cli.options.AssayCommand;
import assay.show.page.Result;
import assay.show.page.Style;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Where results go is looked at before a model is: the model named here is not there, and nobody gets as far.
class OutputPlaceTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /// Commands that write folders; `@` stands for the test's own folder.
    static Stream<List<String>> folders() {
        return Stream.of(
                List.of("explain", "--prompt", "x"),
                List.of("explain", "--adapter", "@/none"),
                List.of("distil", "--adapter", "@/none"),
                List.of("distil", "--study", "@/none"),
                List.of("bake", "--prompt", "x"),
                List.of("verdict", "--study", "../examples/verdict/study.json"),
                List.of("bench", "search", "--study", "@/none"));
    }

    /// Commands that write files.
    static Stream<List<String>> files() {
        return Stream.of(
                List.of("atlas", "build"), List.of("atlas", "extend", "--candidates", "9"), List.of("bench", "screen"));
    }

    @BeforeEach
    void occupy() throws IOException {
        Files.writeString(folder.resolve("file"), "mine");
        Files.createDirectory(folder.resolve("other"));
        Files.writeString(folder.resolve("other").resolve("report.json"), "{}");
    }

    @ParameterizedTest
    @MethodSource("folders")
    void aFolderThatCannotBeWrittenIsRefusedFirst(List<String> command) throws IOException {
        refused(command, folder.resolve("file"), 3, "--out: expected a folder, found a file");
        refused(command, folder.resolve("other"), 3, "found report.json in it");
        Outcome below = run(command, folder.resolve("file").resolve("below"));
        assertThat(below.err()).contains("file/below", "Name another place").doesNotContain("none");
        assertThat(below.code()).isIn(3, 4);
        assertThat(folder.resolve("file")).hasContent("mine");
        assertThat(folder.resolve("other")).isDirectoryContaining(file -> file.endsWith("report.json"));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileThatCannotBeWrittenIsRefusedFirst(List<String> command) {
        refused(command, folder.resolve("other"), 3, "--out: expected a file, found a folder");
        refused(command, folder.resolve("file").resolve("below"), 3, "found a file in the way");
        assertThat(run(command, folder.resolve("free").resolve("x")).err()).contains("found nothing");
        assertThat(folder.resolve("free")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource({"folders", "files"})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "/proc takes no files, whoever asks; elsewhere there is none")
    void aPlaceThatTakesNoFilesIsRefusedFirst(List<String> command) {
        Outcome outcome = run(command, Path.of("/proc/assay"));
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(4);
        assertThat(outcome.err()).contains("/proc/assay").doesNotContain("@/none");
    }

    @Test
    void aBrokenAtlasIsFoundBeforeTheModelIsOpened() {
        refused(List.of("atlas", "build"), folder.resolve("file"), 3, "atlas: expected");
    }

    @Test
    void aResultThatTheDiskDoesNotTakeIsPrintedAllTheSame() {
        StringWriter out = new StringWriter();
        Leaving leaving = new Leaving();
        new CommandLine(leaving).setOut(new PrintWriter(out, true));
        Assertions.assertThatThrownBy(leaving::call)
                .isInstanceOf(ResourceException.class)
                .hasMessage("file: expected to write it, found a full disk");
        assertThat(out.toString()).isEqualTo("found");
    }

    /// Has a result and no disk.
    @Command(name = "leaving")
    private static final class Leaving extends AssayCommand {
        @Override
        public Integer call() {
            Runnable full = () -> {
                throw new ResourceException("file: expected to write it, found a full disk", new IOException());
            };
            return leave(new Found(), false, Job.silent(), full, "Report: nowhere");
        }
    }

    private record Found() implements Result {
        @Override
        public String text(Style style) {
            return "found";
        }

        @Override
        public String json() {
            return "{}";
        }

        @Override
        public String html() {
            return "";
        }

        @Override
        public double seconds() {
            return 0;
        }
    }

    private record Outcome(int code, String err) {}

    private void refused(List<String> command, Path out, int code, String message) {
        Outcome outcome = run(command, out);
        assertThat(outcome.err()).startsWith("assay: ").contains(message);
        assertThat(outcome.code()).isEqualTo(code);
    }

    private Outcome run(List<String> command, Path out) {
        StringWriter err = new StringWriter();
        Stream<String> rest = Stream.of("--model", "@/none", "--out", out.toString());
        int code = Main.run(
                Stream.concat(command.stream(), rest)
                        .map(word -> word.replace("@", folder.toString()))
                        .toArray(String[]::new),
                new PrintWriter(new StringWriter(), true),
                new PrintWriter(err, true));
        return new Outcome(code, err.toString());
    }
}
