package assay.cli.options;

import assay.base.run.Job;
import assay.base.run.ShellWord;
import assay.engine.text.BasePrompt;
import assay.tasks.session.DeviceChoice;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Which model, and in which number format.
public final class ModelOptions {
    /// The embedded model.
    public static final String DEFAULT = "smollm2-135m";

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
                    "Number format: ${COMPLETION-CANDIDATES}. AUTO takes BFLOAT16 where the CPU multiplies faster in it.")
    private Precision dtype = Precision.AUTO;

    @Option(
            names = "--device",
            description = {
                "Where the model runs: ${COMPLETION-CANDIDATES}. auto takes a graphics processor if libtorch can use one,",
                "else the CPU. cuda needs a build for it (docs/devices.md); cuda and mps are untested on hardware."
            })
    private DeviceChoice device = DeviceChoice.AUTO;

    private BasePrompt base = BasePrompt.usual();

    /// Takes a model that stands in the command line without `--model`.
    public void take(String named) {
        model = named;
    }

    /// Takes a base that stands in the command line.
    public void over(Base chosen) {
        base = chosen.value();
    }

    /// Takes float32, the format in which programs are compared, unless another was asked for.
    public void exact() {
        dtype = dtype == Precision.AUTO ? Precision.FLOAT32 : dtype;
    }

    /// Takes what a run was made with, where the command line says nothing else.
    ///
    /// @param made what stood in the prompt's place of the base
    public void takeUnlessGiven(String named, Precision precision, BasePrompt made) {
        model = model.equals(DEFAULT) ? named : model;
        dtype = dtype == Precision.AUTO ? precision : dtype;
        base = made;
    }

    /// Finds the model and opens it.
    public Session open(Job job) {
        return Session.open(model, new Session.Choices(dtype, device, base), home(), job);
    }

    /// The same options as a command line has them, those that are not as usual, each with a space
    /// before it.
    public String given() {
        return (model.equals(DEFAULT) ? "" : " --model " + ShellWord.of(model))
                + (dtype == Precision.AUTO ? "" : " --dtype " + dtype)
                + (device == DeviceChoice.AUTO ? "" : " --device " + device);
    }

    /// The folder the program stands in.
    public static Path home() {
        return Path.of(System.getProperty("assay.home", "."));
    }

    /// What everything is compared with, of commands that let the user choose it.
    public static final class Base {
        @Option(
                names = "--base-prompt",
                paramLabel = "B",
                description = "What stands in the prompt's place of the base, and under an adapter: empty (an empty"
                        + " system message, the default), none (no system message), default (what the template inserts"
                        + " by itself), or the text of a system prompt.")
        private String written = "empty";

        /// The base that was asked for.
        ///
        /// @throws assay.InputException if it is blank
        public BasePrompt value() {
            return BasePrompt.parse(written);
        }
    }
}
