package assay.cli;

import assay.tasks.session.Session;
import java.time.Duration;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Mixin;

/// A command that works with the model of its options.
abstract class ModelCommand extends AssayCommand {
    @Mixin
    ModelOptions model = new ModelOptions();

    /// Works with the open model; see [AssayCommand#with(ModelOptions, Duration, String, ToIntFunction)].
    final int with(Duration patience, String outcome, ToIntFunction<Session> work) {
        return with(model, patience, outcome, work);
    }
}
