package assay.lab.bench;

import assay.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One long-lived program that does what Assay does in a row: it says `ready` once its imports and models are loaded,
/// then answers every line with a line.
final class PeerProcess implements AutoCloseable {
    /// Set for Assay by its launcher, or for old builds of a library: a peer runs as its users run it.
    private static final List<String> NOT_ITS_OWN = List.of(
            "OMP_WAIT_POLICY",
            "OMP_NUM_THREADS",
            "MALLOC_MMAP_THRESHOLD_",
            "MALLOC_TRIM_THRESHOLD_",
            "OPENBLAS_CORETYPE",
            "OPENBLAS_L2_SIZE",
            "OPENBLAS_NUM_THREADS");

    private final String row;
    private final Path errors;
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    private PeerProcess(String row, Path errors, Process process) {
        this.row = row;
        this.errors = errors;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /// Starts it and waits until it is ready.
    ///
    /// @param folder with `task.json` and the other inputs of the row
    /// @throws InputException if it cannot be started, or does not become ready
    static PeerProcess start(List<String> program, String row, Path folder) {
        List<String> command = Stream.concat(program.stream(), Stream.of(row, folder.toString()))
                .toList();
        Path errors = folder.resolve("peer.err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        NOT_ITS_OWN.forEach(builder.environment()::remove);
        builder.environment().put("HF_HUB_OFFLINE", "1");
        try {
            PeerProcess peer = new PeerProcess(row, errors, builder.start());
            peer.answer();
            return peer;
        } catch (IOException failed) {
            throw new InputException("peer of " + row + ": expected to start, found " + failed.getMessage()
                    + ". Make its environment again with bench/setup.");
        }
    }

    /// Asks one thing.
    ///
    /// @throws InputException if the peer says that it failed, or says nothing
    JsonNode ask(String what) {
        try {
            questions.write(JsonMapper.shared().writeValueAsString(Map.of("do", what)) + "\n");
            questions.flush();
            return answer();
        } catch (IOException _) {
            throw failed("that it is gone");
        }
    }

    private JsonNode answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw failed("its end");
            }
            JsonNode answer = JsonMapper.shared().readTree(line);
            if (answer.has("error")) {
                throw failed(answer.path("error").asString());
            }
            return answer;
        } catch (JacksonException noJson) {
            throw failed("another line than JSON");
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private InputException failed(String found) {
        close();
        return new InputException(
                "peer of " + row + ": expected an answer, found " + found + lastError() + ". Try bench/setup again.");
    }

    private String lastError() {
        try {
            return Files.readAllLines(errors).reversed().stream()
                    .filter(line -> line.contains("Error"))
                    .findFirst()
                    .map(line -> " (" + line.strip() + ")")
                    .orElse("");
        } catch (IOException _) {
            return "";
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
