package assay.lab.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.run.Job;
import assay.lab.bench.BenchRun;
import assay.lab.bench.Measured;
import assay.lab.bench.PeerBench;
import assay.lab.bench.Phrases;
import assay.lab.bench.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The plumbing of `assay bench peers`, on a tiny random model and with peers made of shell.
class PeerBenchTest {
    private static final String MODEL = "src/test/resources/golden/tiny/models/tied";
    private static final Set<String> NEED_MORE = Set.of(
            "opening-gguf",
            "opening-safetensors",
            "start-help",
            "start-refused",
            "command-demo",
            "command-prompt",
            "command-adapter",
            "closing",
            "talk-first",
            "talk-next");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private BenchRun run(List<String> peer, String... rows) {
        PeerBench.Options options = new PeerBench.Options(MODEL, home, peer, 2, true);
        return new PeerBench(PeerRows.of(List.of(rows), false, false), options, Job.silent()).run(_ -> {});
    }

    /// A peer that says what it is told to.
    private List<String> peer(String script) throws IOException {
        Path file = home.resolve("peer.sh");
        Files.writeString(file, script);
        return List.of("/bin/sh", file.toString());
    }

    @Test
    void withoutPythonEveryRowStillMeasuresAssay() {
        List<String> rows = PeerRows.names().stream()
                .filter(row -> !NEED_MORE.contains(row))
                .toList();
        BenchRun run = run(List.of(), rows.toArray(String[]::new));
        JsonNode document = JsonMapper.shared().readTree(run.json());
        assertThat(document.path("rows").size()).isEqualTo(rows.size());
        for (JsonNode row : document.path("rows")) {
            assertThat(row.path("assay_seconds").size()).as(row.toString()).isEqualTo(2);
            assertThat(row.path("assay_seconds").path(0).asDouble()).isPositive();
            assertThat(row.path("flop").asDouble()).isPositive();
            assertThat(row.path("roofline_share").asDouble()).isPositive();
            boolean isItself = row.path("row").asString().equals("busy");
            assertThat(row.path("missing").asString()).isEqualTo(isItself ? "" : "no Python with the peers");
            assertThat(row.path("other_seconds").size()).isEqualTo(isItself ? 2 : 0);
        }
        assertThat(document.path("provenance").path("machine").path("threads").asInt())
                .isPositive();
        assertThat(run.isRight()).isTrue();
        assertThat(run.text()).contains("pursuit: no Python with the peers").contains("tiny inputs");
    }

    @Test
    void sidesTakeTurnsAndRatiosStandBesideTheGate() throws IOException {
        BenchRun run = run(peer("""
                echo '{"ready": "pursuit"}'
                while read -r line; do
                    case $line in
                        *run*) echo '{"seconds": 1000}' ;;
                        *compare*) [ -s "$2/ours.f32" ] && echo '{"difference": 0.0005}' ;;
                        *) echo '{}' ;;
                    esac
                done
                """), "pursuit");
        Measured row = run.rows().getFirst();
        assertThat(row.seconds().theirs()).containsExactly(1000, 1000);
        assertThat(row.figure()).isGreaterThan(5);
        assertThat(row.met()).isEqualTo("yes");
        assertThat(run.isRight()).isTrue();
    }

    @Test
    void aFasterWrongAnswerIsAnError() throws IOException {
        BenchRun run = run(peer("""
                echo '{"ready": "pursuit"}'
                while read -r line; do echo '{"seconds": 1000, "difference": 0.5}'; done
                """), "pursuit");
        assertThat(run.rows().getFirst().met()).isEqualTo("wrong");
        assertThat(run.isRight()).isFalse();
    }

    @Test
    void aPeerThatCannotStartIsNamedAndAssayStillMeasured() throws IOException {
        BenchRun run = run(peer("echo '{\"error\": \"ModuleNotFoundError: No module named sklearn\"}'"), "pursuit");
        assertThat(run.rows().getFirst().missing())
                .contains("No module named sklearn")
                .contains("bench/setup");
        assertThat(run.rows().getFirst().seconds().ours()).hasSize(2);
    }

    @Test
    void aPythonThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> PeerBench.program(Optional.of(home.resolve("python")), home))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--python: expected a Python with the peers, found none");
        assertThat(PeerBench.program(Optional.empty(), home)).isEmpty();
    }

    @Test
    void aRowThatDoesNotFitTheModelIsToldAndTheOthersGoOn() {
        BenchRun run = run(List.of(), "opening-gguf", "pursuit");
        assertThat(run.rows().getLast().missing()).contains("expected a model stored as gguf, found a folder");
        assertThat(run.rows().getFirst().seconds().ours()).hasSize(2);
    }

    @Test
    void everyRowWithAPeerHasOneInThePythonProgram() throws IOException {
        String program = Files.readString(Path.of("..", "bench", "peers", "peer.py"));
        Set<String> missing = PeerRows.of(List.of(), false, true).stream()
                .filter(row -> !row.peer().isEmpty())
                .map(Row::name)
                .filter(name -> !program.contains("\"" + name + "\":"))
                .collect(Collectors.toSet());
        assertThat(missing).isEmpty();
    }

    @Test
    void aTrainingTakesItsTimeOnceAndOnlyWhenItIsAskedFor() {
        BenchRun run = run(List.of(), "closing");
        assertThat(run.rows().getFirst().seconds().ours()).hasSize(1);
        assertThat(run.rows().getFirst().seconds().ours()[0]).isPositive();
        assertThat(PeerRows.of(List.of(), false, false)).noneMatch(row -> row instanceof ClosingRow);
        assertThat(PeerRows.of(List.of(), false, true)).anyMatch(row -> row instanceof ClosingRow);
    }

    @Test
    void secondsOfACommandAreReadFromItsOwnRuns() throws IOException {
        keep("2026-01-01", "/opt/assay demo --seed 3", 140);
        keep("2026-01-02", "assay explain --adapter pirate --direct", 90);
        keep("2026-01-03", "assay explain --adapter pirate --json", 310);
        keep("2026-01-04", "assay demo", 118);
        assertThat(new CommandRow(CommandRow.Asked.DEMO, false).known(home)).containsExactly(118.0, 140.0);
        assertThat(new CommandRow(CommandRow.Asked.ADAPTER, false).known(home)).containsExactly(310.0);
        assertThat(new CommandRow(CommandRow.Asked.PROMPT, false).known(home)).isEmpty();
    }

    private void keep(String run, String command, int seconds) throws IOException {
        Path folder = Files.createDirectories(home.resolve(run));
        Files.writeString(
                folder.resolve("report.json"),
                "{\"provenance\": {\"command\": \"" + command + "\"}, \"seconds\": {\"total\": " + seconds + "}}");
    }

    @Test
    void aCommandIsRunIfThatIsAskedFor() throws IOException {
        Path script = home.resolve("assay");
        Files.writeString(script, """
                #!/bin/sh
                for folder; do :; done
                mkdir -p "$folder" && echo '{"seconds": {"total": 7.5}}' > "$folder/report.json"
                """);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        PeerBench.Options options = new PeerBench.Options(MODEL, home, List.of(), 2, true);
        BenchRun run =
                new PeerBench(PeerRows.of(List.of("command-demo"), true, false), options, Job.silent()).run(_ -> {});
        assertThat(run.rows().getFirst().seconds().ours()).containsExactly(7.5);
    }

    @Test
    void promptsDiffer() {
        assertThat(Set.copyOf(Phrases.prompts(10_000, 1))).hasSize(10_000);
    }
}
