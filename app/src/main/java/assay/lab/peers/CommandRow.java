package assay.lab.peers;

import assay.InputException;
import assay.lab.bench.Gate;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a whole command takes, as its own document tells it: read from runs there are, or from one made now.
///
/// @param runs whether it is run, once to warm up and once to count
record CommandRow(Asked asked, boolean runs) implements Row {
    private static final String ADAPTER = "examples/adapters/pirate";

    /// Which command.
    enum Asked {
        /// The demo.
        DEMO(120),
        /// A prompt is explained.
        PROMPT(75),
        /// An adapter is explained, by way of a soft prompt too.
        ADAPTER(150);

        private final double gate;

        Asked(double gate) {
            this.gate = gate;
        }

        /// Of its command line.
        List<String> words() {
            return switch (this) {
                case DEMO -> List.of("demo");
                case PROMPT -> List.of("explain", "--prompt", "Reply in German and be very formal.");
                case ADAPTER -> List.of("explain", "--adapter", CommandRow.ADAPTER);
            };
        }

        /// Whether a command line is this one, whatever else it asks for.
        boolean is(String line) {
            return switch (this) {
                case DEMO -> line.contains(" demo");
                case PROMPT -> line.contains(" explain ") && line.contains("--prompt");
                case ADAPTER -> line.contains(" explain ") && line.contains("--adapter") && !line.contains("--direct");
            };
        }
    }

    @Override
    public String name() {
        return "command-" + asked.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String title() {
        return "`assay "
                + String.join(
                        " ", asked.words().subList(0, Math.min(2, asked.words().size())))
                + "`, as its document tells it";
    }

    @Override
    public String peer() {
        return "";
    }

    @Override
    public Gate gate() {
        return new Gate(Gate.Kind.SECONDS, asked.gate);
    }

    /// @throws InputException if there is no run to read, or none can be made
    @Override
    public ReadyRow prepare(Setting setting) {
        if (runs) {
            return new Run(command(setting), setting.folder());
        }
        List<Double> known = known(Path.of("runs"));
        if (known.isEmpty()) {
            throw new InputException("row " + name() + ": expected a finished run of it in runs, found none. "
                    + "Run the command, or let this one do it with --commands.");
        }
        return new Known(known.iterator(), known.size());
    }

    private List<String> command(Setting setting) {
        Path script = setting.home().resolve("assay");
        if (!Files.isExecutable(script)) {
            throw new InputException(
                    "row " + name() + ": expected the script that starts Assay, found none (" + script + ").");
        }
        List<String> command = new ArrayList<>(List.of(script.toString()));
        for (String word : asked.words()) {
            command.add(word.equals(ADAPTER) ? setting.home().resolve(ADAPTER).toString() : word);
        }
        return command;
    }

    /// Seconds of the runs of this command in a folder, the newest first.
    List<Double> known(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted(Comparator.reverseOrder())
                    .map(run -> run.resolve("report.json"))
                    .filter(Files::isRegularFile)
                    .map(CommandRow::document)
                    .filter(document ->
                            asked.is(document.path("provenance").path("command").asString("")))
                    .map(CommandRow::seconds)
                    .filter(seconds -> seconds > 0)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static JsonNode document(Path file) {
        try {
            return JsonMapper.shared().readTree(file.toFile());
        } catch (JacksonException damaged) {
            throw new InputException("row command: expected JSON, found something else (" + file + "). Remove it.");
        }
    }

    private static double seconds(JsonNode document) {
        return document.path("seconds").path("total").asDouble(0);
    }

    private record Known(java.util.Iterator<Double> seconds, int most) implements ReadyRow {
        @Override
        public boolean isWarm() {
            return true;
        }

        @Override
        public double run() {
            return seconds.next();
        }
    }

    private record Run(List<String> command, Path folder) implements ReadyRow {
        @Override
        public int most() {
            return 1;
        }

        @Override
        public double run() {
            try {
                Path out = Files.createTempDirectory(folder, "run").resolve("out");
                List<String> line = new ArrayList<>(command);
                line.addAll(List.of("--out", out.toString()));
                ProcessBuilder run = new ProcessBuilder(line)
                        .redirectOutput(folder.resolve("said").toFile());
                Child.run("command", run, 0, _ -> 0);
                return seconds(document(out.resolve("report.json")));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
