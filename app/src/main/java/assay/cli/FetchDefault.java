package assay.cli;

import assay.ResourceException;
import assay.base.run.Progress;
import assay.engine.hub.DefaultModel;
import assay.engine.hub.ModelStore;

/// Fetches the default model so that tests find it; `./assay test` runs this first.
final class FetchDefault {
    private FetchDefault() {}

    /// Prints where the model lies, or on standard error why it cannot be fetched.
    public static void main(String[] arguments) {
        try {
            System.out.println(ModelStore.current()
                    .locate(DefaultModel.NAME, Progress.terminal())
                    .path());
        } catch (ResourceException failed) {
            System.err.println(failed.getMessage());
        }
    }
}
