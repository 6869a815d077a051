package assay.engine.hub;

import assay.ResourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Asks for room on a disk before something large is written to it.
final class DiskSpace {
    private DiskSpace() {}

    /// @param folder where it will be written; made if missing
    /// @param subject what the message is about
    /// @throws ResourceException if fewer than `bytes` are free
    static void require(Path folder, long bytes, String subject) throws IOException {
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
