package assay.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `assay` command and its exit codes.
@Command(
        name = "assay",
        description = "Says what a fine-tune is made of, in prompts.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            DemoCommand.class,
            ExplainCommand.class,
            ChatCommand.class,
            DistilCommand.class,
            BakeCommand.class,
            AtlasCommand.class,
            CheckCommand.Parent.class,
            BenchCommand.class,
            CensusCommand.class,
            VerdictCommand.class,
            ServeCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  assay demo",
            "  assay model check path/to/model --adapter path/to/peft-folder",
            "  assay explain --adapter path/to/peft-folder",
            "  assay explain --prompt \"You are a strict lawyer who cites laws.\" --atoms 10",
            "  assay explain --model path/to/model.gguf --adapter path/to/peft-folder --json > report.json",
            "  assay chat",
            "  assay distil --adapter path/to/peft-folder --tokens 16 --out soft",
            "",
            "Exit codes: 0 ran; 2 usage; 3 input does not fit; 4 memory, disk or network; 130 interrupted."
        })
final class Main {
    private Main() {}

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] arguments) {
        Program.main(new Main(), arguments);
    }

    /// Runs one command.
    ///
    /// @param out for results
    /// @param err for everything else
    static int run(String[] arguments, PrintWriter out, PrintWriter err) {
        return Program.run(new Main(), arguments, out, err);
    }

    /// What `--version` prints.
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return Program.version();
        }
    }
}
