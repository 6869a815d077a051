package assay.lab.peers;

import assay.ResourceException;
import assay.lab.bench.Cost;
import assay.lab.bench.Gate;
import assay.lab.bench.Opened;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import assay.lab.bench.Stopwatch;
import assay.measure.behaviour.HardPrompt;
import assay.tasks.session.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A short job beside another program that keeps every core busy, against the same job alone.
record BusyRow() implements Row {
    /// Ends by itself when this program does.
    private static final String SPIN = "while kill -0 $0 2>/dev/null; do :; done";

    @Override
    public String name() {
        return "busy";
    }

    @Override
    public String title() {
        return "24 prompts run beside a program with as many busy threads as cores, against alone";
    }

    @Override
    public String peer() {
        return "";
    }

    @Override
    public Gate gate() {
        return new Gate(Gate.Kind.SLOWDOWN, 2.2);
    }

    @Override
    public ReadyRow prepare(Setting setting) {
        Opened opened = Opened.of(setting, Precision.AUTO);
        List<HardPrompt> prompts = CandidateRuns.phrases(opened.chat(), setting.size(24, 3));
        CandidateRuns runs = CandidateRuns.of(opened.chat(), prompts, setting.size(32, 2), setting.size(16, 4));
        return new Ready(opened, runs);
    }

    /// @param runs the short job
    private record Ready(Opened opened, CandidateRuns runs) implements ReadyRow {
        @Override
        public double run() {
            return Stopwatch.seconds(runs::divergences);
        }

        @Override
        public double other() {
            List<Process> load = new ArrayList<>();
            try {
                String self = String.valueOf(ProcessHandle.current().pid());
                for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                    load.add(new ProcessBuilder("/bin/sh", "-c", SPIN, self)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start());
                }
                return run();
            } catch (IOException failed) {
                throw new ResourceException("row busy: expected to start a busy program, found " + failed.getMessage()
                        + " (/bin/sh). Leave the row out with --rows.");
            } finally {
                load.forEach(Process::destroyForcibly);
                load.forEach(process -> process.onExit().join());
            }
        }

        @Override
        public List<Cost> cost() {
            return runs.cost();
        }

        @Override
        public void close() {
            opened.close();
        }
    }
}
