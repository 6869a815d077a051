package assay.lab.matching;

import java.util.List;

/// Makes a reader. Modules offer theirs through the service loader, so that the program runs without them.
public interface ReaderSource {
    /// Makes the reader ready.
    ///
    /// @param corpus texts like those it will read, descriptions and a background such as a dictionary's
    ///     prompts: from them it learns which words say little
    /// @throws assay.ResourceException if the machine cannot hold or start it
    Reader open(List<String> corpus);
}
