package assay.base.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads files that are small if they are what they should be: the size is looked at before anything is held.
public final class SmallFile {
    private SmallFile() {}

    /// The whole file.
    ///
    /// @throws IOException if it cannot be read, or has more than `most` bytes
    public static byte[] bytes(Path file, long most) throws IOException {
        requireAtMost(file, most);
        return Files.readAllBytes(file);
    }

    /// The whole file in UTF-8.
    ///
    /// @throws IOException likewise, and if it holds something else
    public static String text(Path file, long most) throws IOException {
        requireAtMost(file, most);
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private static void requireAtMost(Path file, long most) throws IOException {
        long size = Files.size(file);
        if (size > most) {
            throw new IOException(size + " bytes where " + most + " are the most");
        }
    }
}
