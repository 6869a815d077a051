package assay.cli.options;

import assay.tasks.session.Session;
import java.time.Duration;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Mixin;

/// A command that works with the model of its options.
public abstract class ModelCommand extends AssayCommand {
    /// Which model.
    @Mixin
    public ModelOptions model = new ModelOptions();

    /// Works with the open model; see [AssayCommand#with(ModelOptions, Duration, String,
    /// ToIntFunction)].
    public final int with(Duration patience, String outcome, ToIntFunction<Session> work) {
        return with(model, patience, outcome, work);
    }
}
