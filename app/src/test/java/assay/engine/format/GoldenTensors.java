package assay.engine.format;

import assay.TestFiles;
import java.nio.file.Path;

/// Where committed reference files are.
final class GoldenTensors {
    private GoldenTensors() {}

    /// What the file says of a tensor that must be there.
    static TensorInfo info(WeightFile file, String name) {
        return java.util.Objects.requireNonNull(file.tensors().get(name), name);
    }

    /// A file or folder below `src/test/resources/golden/`.
    static Path path(String name) {
        return TestFiles.path("golden/" + name);
    }
}
