package assay.engine.hub;

import assay.ResourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// What is done to whole folders of our own cache.
final class Folders {
    private Folders() {}

    /// Removes a folder with everything in it; symbolic links are removed, never followed.
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /// Asks for room on a disk before something large is written to it.
    ///
    /// @param folder where it will be written; made if missing
    /// @param subject what the message is about
    /// @throws ResourceException if fewer than `bytes` are free
    static void requireRoom(Path folder, long bytes, String subject) throws IOException {
        Files.createDirectories(folder);
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new ResourceException(subject + ": expected " + megabytes(bytes) + " MB free on the disk, found "
                    + megabytes(free) + " MB (" + folder
                    + "). Free some, or set ASSAY_CACHE (HF_HUB_CACHE for hub models) to another disk.");
        }
    }

    private static long megabytes(long bytes) {
        return (bytes + 999_999) / 1_000_000;
    }
}
