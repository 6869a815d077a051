package assay.cli;

import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.cli.options.AssayCommand;
import assay.cli.options.ModelOptions;
import assay.cli.options.OutputOptions;
import assay.lab.bench.BenchRun;
import assay.lab.bench.PeerBench;
import assay.lab.peers.PeerRows;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Assay beside the programs its user has today.
@Command(
        name = "peers",
        description = {
            "Lets Assay and other programs do the same work in turns, compares their answers, and sets the ratio of "
                    + "their times beside what it must reach. bench/setup makes the Python environment with the others; "
                    + "without it only Assay's side is measured. Nothing else should run meanwhile.",
            "Ends with exit code 1 if an answer differs: a faster wrong answer is an error."
        },
        footer = {
            "  bench/setup && assay bench peers",
            "  assay bench peers --small",
            "  assay bench peers --rows hidden-bf16,pursuit --rounds 5",
            "  assay bench peers --json > docs/log/data/2026-11-30-peers.peers.json && assay bench results"
        })
final class BenchPeersCommand extends AssayCommand {
    private static final int WRONG = 1;

    @Option(
            names = "--model",
            paramLabel = "M",
            description = "The language model, as everywhere; rows say in which number format (default: smollm2-135m).")
    private String model = ModelOptions.DEFAULT;

    @Option(names = "--rows", paramLabel = "R", split = ",", description = "Only these rows (default: all).")
    private List<String> rows = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "Counted rounds of each side (default: 3).")
    private int rounds = 3;

    @Option(names = "--small", description = "Tiny inputs, to see that everything works; no figure means anything.")
    private boolean small;

    @Option(
            names = "--commands",
            description = "Run whole commands, two times each; without it their seconds are read from the runs folder.")
    private boolean commands;

    @Option(names = "--long", description = "With the row that trains for minutes.")
    private boolean isLong;

    @Option(names = "--python", paramLabel = "P", description = "The Python with the peers, if bench/setup made none.")
    private Optional<Path> python = Optional.empty();

    @Option(names = "--out", paramLabel = "F", description = "Where the JSON document goes too, after every row.")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private OutputOptions.Form form = new OutputOptions.Form();

    @Override
    public Integer call() {
        requireKnown("--rows", PeerRows.names(), rows);
        requireWithin("--rounds", 1, 1000, rounds, "");
        Path home = ModelOptions.home();
        List<String> peer = PeerBench.program(python, home);
        PeerBench.Options options = new PeerBench.Options(model, home, peer, rounds, small);
        try (Job job = Job.begin(BenchCommand.PATIENCE, "Finished rows are in the file of --out, if it was given.")) {
            BenchRun run = new PeerBench(PeerRows.of(rows, commands, isLong), options, job)
                    .run(rowsSoFar -> out.ifPresent(file -> AtomicFiles.write(file, rowsSoFar.json())));
            print(form.json ? run.json() : run.text());
            return run.isRight() ? 0 : WRONG;
        }
    }
}
