package assay.engine.format;

import java.net.URISyntaxException;
import java.net.URL;
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
        URL url = GoldenTensors.class.getResource("/golden/" + name);
        if (url == null) {
            throw new IllegalArgumentException("golden file: expected " + name + ", found none.");
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
