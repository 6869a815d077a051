package assay.cli;

import assay.base.run.Job;
import assay.base.run.ShellWord;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Which model, and in which number format.
final class ModelOptions {
    static final String DEFAULT = "smollm2-135m";

    @Option(
            names = "--model",
            paramLabel = "M",
            description = {
                "The language model: smollm2-135m (the default, fetched once), a folder,",
                "a .gguf file, or owner/repo[@revision][/subfolder]."
            })
    private String model = DEFAULT;

    @Option(
            names = "--dtype",
            description =
                    "Number format: ${COMPLETION-CANDIDATES}. AUTO takes BFLOAT16 where the CPU multiplies in it.")
    private Precision dtype = Precision.AUTO;

    /// Takes a model that stands in the command line without `--model`.
    void take(String named) {
        model = named;
    }

    /// Takes what a run was made with, where the command line says nothing else.
    void takeUnlessGiven(String named, Precision precision) {
        model = model.equals(DEFAULT) ? named : model;
        dtype = dtype == Precision.AUTO ? precision : dtype;
    }

    Session open(Job job) {
        return Session.open(model, dtype, home(), job);
    }

    /// The same options as a command line has them, those that are not as usual, each with a space before it.
    String given() {
        return (model.equals(DEFAULT) ? "" : " --model " + ShellWord.of(model))
                + (dtype == Precision.AUTO ? "" : " --dtype " + dtype);
    }

    /// The folder the program stands in.
    static Path home() {
        return Path.of(System.getProperty("assay.home", "."));
    }
}
