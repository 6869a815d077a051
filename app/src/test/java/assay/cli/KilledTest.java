package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import assay.lab.verdict.TinyPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A command in a process of its own, ended without a word. `bench/kill` does it at random to every command.
class KilledTest {
    private static final String STATE = "explanation.assay";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aKilledExplanationGoesOnToTheReportOfAnUnbrokenOne() throws Exception {
        TinyPlace.make(folder, folder.resolve("cache"));
        assertThat(explain("unbroken").waitFor()).isZero();
        Process killed = explain("killed");
        Path state = folder.resolve("killed").resolve(STATE);
        for (int i = 0; i < 6000 && !Files.exists(state) && killed.isAlive(); i++) {
            Thread.sleep(10);
        }
        killed.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        assertThat(state).isNotEmptyFile();
        assertThat(folder.resolve("killed").resolve("report.json")).doesNotExist();
        assertThat(explain("killed").waitFor()).isZero();
        assertThat(folder.resolve("printed")).content().contains("Going on with what a stopped run left");
        assertThat(report("killed")).isEqualTo(report("unbroken"));
        assertThat(names("killed")).isEqualTo(names("unbroken"));
    }

    private Process explain(String out) throws IOException {
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED",
                        "-XX:+UnlockExperimentalVMOptions",
                        "-XX:+EnableVectorSupport",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dassay.home=" + folder.resolve("home"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "explain",
                        "--model",
                        folder.resolve("tied").toString(),
                        "--dtype",
                        "FLOAT32",
                        "--prompt",
                        "You are a sad cook.",
                        "--atoms",
                        "8",
                        "--no-search",
                        "--out",
                        folder.resolve(out).toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("printed").toFile());
        java.environment().put("ASSAY_CACHE", folder.resolve("cache").toString());
        return java.start();
    }

    /// What a report says, apart from times and where it lies.
    private String report(String out) throws IOException {
        Path file = folder.resolve(out).resolve("report.json");
        ObjectNode document = (ObjectNode) JsonMapper.shared().readTree(Files.readAllBytes(file));
        document.remove(List.of("seconds", "provenance"));
        return document.toPrettyString();
    }

    private List<String> names(String out) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(out))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
