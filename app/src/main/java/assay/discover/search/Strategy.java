package assay.discover.search;

import assay.discover.predict.SketchFit;
import java.util.List;

/// A way to come by prompts that might supply what a mixture lacks.
///
/// Proposals are only proposed: the search filters them, predicts what they would add and runs the best exactly.
public interface Strategy {
    /// Prompts worth a look.
    ///
    /// @param standing what is known of the target
    /// @param lack what is to be supplied
    /// @param count about how many
    List<String> propose(SketchFit standing, SketchFit.Lack lack, int count, long seed);

    /// Whether the model writes the proposals, which takes longest: such strategies begin first.
    default boolean isWriting() {
        return false;
    }
}
