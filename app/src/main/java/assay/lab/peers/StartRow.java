package assay.lab.peers;

import assay.InputException;
import assay.lab.bench.Gate;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// How soon Assay answers, from the command line to its first line.
record StartRow(Asked asked) implements Row {
    /// What is asked of it.
    enum Asked {
        /// `assay --help`.
        HELP,
        /// An adapter that is not there.
        REFUSED
    }

    @Override
    public String name() {
        return "start-" + asked.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String title() {
        return asked == Asked.HELP ? "`assay --help`" : "a refused input: `assay explain --adapter nowhere`";
    }

    @Override
    public String peer() {
        return "";
    }

    @Override
    public Gate gate() {
        return new Gate(Gate.Kind.SECONDS, asked == Asked.HELP ? 0.35 : 0.6);
    }

    /// @throws InputException if Assay was not started by its script
    @Override
    public ReadyRow prepare(Setting setting) {
        Path script = setting.home().resolve("assay");
        if (!Files.isExecutable(script)) {
            throw new InputException(
                    "row " + name() + ": expected the script that starts Assay, found none (" + script + ").");
        }
        // Builds, if sources are newer than the last build; a build that fails would look like a refusal.
        new Ready(List.of(script.toString(), "--help"), 0).run();
        String nowhere = setting.folder().resolve("nowhere").toString();
        List<String> command = asked == Asked.HELP
                ? List.of(script.toString(), "--help")
                : List.of(script.toString(), "explain", "--adapter", nowhere);
        return new Ready(command, asked == Asked.HELP ? 0 : 3);
    }

    private record Ready(List<String> command, int expected) implements ReadyRow {
        @Override
        public double run() {
            long start = System.nanoTime();
            return Child.run("start", new ProcessBuilder(command), expected, process -> {
                try (BufferedReader said = process.inputReader()) {
                    said.readLine();
                    double seconds = (System.nanoTime() - start) / 1e9;
                    said.lines().forEach(_ -> {});
                    return seconds;
                }
            });
        }
    }
}
