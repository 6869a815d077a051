package assay;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The default model's file, for tests that need the real thing.
public final class RealModel {
    private static final String FILE = "assay/models/smollm2-135m/SmolLM2-135M-Instruct.Q4_1.gguf";

    private RealModel() {}

    /// The file, from the system property `assay.model.gguf`, the variable `ASSAY_MODEL_GGUF`, or the user's cache.
    ///
    /// @throws AssertionError if it is not there: such a test fails rather than pretending to have passed
    public static Path path() {
        Path path = path(System.getProperty("assay.model.gguf"), System.getenv());
        if (!Files.isRegularFile(path)) {
            throw new AssertionError("default model: expected its file, found none (" + path
                    + "). Run ./assay test, which fetches it, or set ASSAY_MODEL_GGUF.");
        }
        return path;
    }

    static Path path(@Nullable String property, Map<String, String> environment) {
        String named = property != null ? property : environment.getOrDefault("ASSAY_MODEL_GGUF", "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path root = cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return root.resolve(FILE);
    }
}
