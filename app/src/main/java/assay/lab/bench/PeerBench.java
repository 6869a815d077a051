package assay.lab.bench;

import assay.InputException;
import assay.base.run.Job;
import assay.base.run.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Measures Assay and its peers in turns: Assay, peer, Assay, peer …, after a round of each that is not counted.
///
/// @param rows what is measured, one after the other
/// @param options how
public record PeerBench(List<Row> rows, Options options, Job job) {
    /// How it is measured.
    ///
    /// @param model as the user wrote it
    /// @param home the program's folder
    /// @param peer how the peers are started, see [#program]; empty if there are none
    /// @param rounds counted of each side
    /// @param small tiny inputs, to try the plumbing
    public record Options(String model, Path home, List<String> peer, int rounds, boolean small) {}

    /// How peers are started: with the Python that was given, or with the one that `bench/setup` made. Empty if there
    /// is none.
    ///
    /// @throws InputException if the one that was given is not there
    public static List<String> program(Optional<Path> python, Path home) {
        Path script = home.resolve("bench/peers/peer.py");
        Path usual = home.resolve("bench/peers/venv/bin/python");
        if (python.isPresent() && !Files.isExecutable(python.get())) {
            throw new InputException("--python: expected a Python with the peers, found none (" + python.get()
                    + "). Make one with bench/setup, or leave the option out.");
        }
        Path found = python.orElse(usual);
        return Files.isExecutable(found) && Files.isRegularFile(script)
                ? List.of(found.toAbsolutePath().toString(), script.toString())
                : List.of();
    }

    /// Measures the rows, one after the other.
    ///
    /// @param after hears after every row of all that is measured, so that it can be kept
    public BenchRun run(Consumer<BenchRun> after) {
        Path work = workFolder();
        try {
            job.note("measuring what the machine can do at most");
            Roofline roof = Roofline.measure(options.small());
            if (options.peer().isEmpty()) {
                job.note("no Python with the peers: only Assay's side is measured. bench/setup makes one.");
            } else {
                copySafetensors(work);
            }
            List<Measured> measured = new ArrayList<>();
            for (Row row : rows) {
                job.check();
                measured.add(measured(row, work));
                after.accept(BenchRun.of(options, roof, measured, job.seconds()));
            }
            return BenchRun.of(options, roof, measured, job.seconds());
        } finally {
            delete(work);
        }
    }

    private static Path workFolder() {
        try {
            return Files.createTempDirectory("assay-peers");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException _) {
            // A temporary folder that stays behind is the system's to clear.
        }
    }

    /// The same numbers as a folder, for the row that opens one; a model that is a folder needs no copy.
    private void copySafetensors(Path work) {
        Row row = rows.stream().filter(Row::needsSafetensors).findFirst().orElse(null);
        if (row == null) {
            return;
        }
        Setting setting = setting(row, work);
        Path model = setting.located().path();
        if (Files.isRegularFile(model)) {
            String to = work.resolve("safetensors").toString();
            setting.write("task.json", JsonMapper.shared().writeValueAsString(Map.of("path", "" + model, "to", to)));
            try (var _ = job.stage("copying the model to safetensors", 0)) {
                PeerProcess.start(options.peer(), "copy", setting.folder()).close();
            } catch (InputException failed) {
                job.note(String.valueOf(failed.getMessage()));
            }
        }
    }

    private Setting setting(Row row, Path work) {
        try {
            Path folder = Files.createDirectories(work.resolve(row.name()));
            return new Setting(options.model(), options.home(), folder, options.small(), job);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Measured measured(Row row, Path work) {
        Setting setting = setting(row, work);
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        try (ReadyRow ready = row.prepare(setting)) {
            return rounds(row, ready, setting, load);
        } catch (InputException impossible) {
            job.note(String.valueOf(impossible.getMessage()));
            return Measured.missing(row, String.valueOf(impossible.getMessage()));
        } finally {
            delete(setting.folder());
        }
    }

    private Measured rounds(Row row, ReadyRow ready, Setting setting, double load) {
        try (Stage stage = job.stage(row.name(), 1L + options.rounds())) {
            if (!ready.isWarm()) {
                ready.run();
            }
            if (row.gate().kind() != Gate.Kind.FASTER) {
                boolean isAlone = row.gate().kind() == Gate.Kind.SECONDS;
                return alone(row, ready, load, isAlone ? "" : "itself", stage);
            }
            if (options.peer().isEmpty()) {
                return alone(row, ready, load, "no Python with the peers", stage);
            }
            if (!ready.isWarm()) {
                ready.run();
            }
            Map<String, Object> task = new LinkedHashMap<>(ready.task());
            task.put("threads", Runtime.getRuntime().availableProcessors());
            task.put("model", setting.located().path().toString());
            setting.write("task.json", JsonMapper.shared().writeValueAsString(task));
            PeerProcess peer;
            try {
                peer = PeerProcess.start(options.peer(), row.name(), setting.folder());
            } catch (InputException absent) {
                job.note(String.valueOf(absent.getMessage()));
                return alone(row, ready, load, String.valueOf(absent.getMessage()), stage);
            }
            try (peer) {
                return against(row, ready, peer, load, stage);
            }
        }
    }

    private Measured against(Row row, ReadyRow ready, PeerProcess peer, double load, Stage stage) {
        if (!ready.isWarm()) {
            peer.ask("warm");
        }
        stage.advance(1);
        double[] ours = new double[Math.min(options.rounds(), ready.most())];
        double[] theirs = new double[ours.length];
        for (int round = 0; round < ours.length; round++) {
            job.check();
            ours[round] = ready.run();
            theirs[round] = seconds(peer.ask("run"));
            stage.advance(1);
        }
        ready.leave();
        double difference = peer.ask("compare").path("difference").asDouble(Double.POSITIVE_INFINITY);
        return new Measured(row, new Measured.Seconds(ours, theirs), difference, ready.cost(), load, "");
    }

    private static double seconds(JsonNode answer) {
        double seconds = answer.path("seconds").asDouble(Double.NaN);
        if (!(seconds > 0)) {
            throw new InputException(
                    "peer: expected the seconds it took, found " + answer + ". Try bench/setup again.");
        }
        return seconds;
    }

    /// Rows without a peer, and those whose peer is not there.
    ///
    /// @param against `itself` for a row that is compared with itself, else why there is nothing to compare with
    private Measured alone(Row row, ReadyRow ready, double load, String against, Stage stage) {
        boolean isItself = against.equals("itself");
        stage.advance(1);
        double[] ours = new double[Math.min(options.rounds(), ready.most())];
        double[] theirs = new double[isItself ? ours.length : 0];
        for (int round = 0; round < ours.length; round++) {
            job.check();
            ours[round] = ready.run();
            if (isItself) {
                theirs[round] = ready.other();
            }
            stage.advance(1);
        }
        Measured.Seconds seconds = new Measured.Seconds(ours, theirs);
        return new Measured(row, seconds, Double.NaN, ready.cost(), load, isItself ? "" : against);
    }
}
