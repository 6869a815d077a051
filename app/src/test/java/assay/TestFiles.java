package assay;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/// Files and folders below `src/test/resources/`.
public final class TestFiles {
    private TestFiles() {}

    /// One of them.
    ///
    /// @param name such as `golden/tiny`
    public static Path path(String name) {
        URL url = TestFiles.class.getResource("/" + name);
        if (url == null) {
            throw new IllegalArgumentException("test file: expected " + name + ", found none.");
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
