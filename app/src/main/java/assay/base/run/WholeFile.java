package assay.base.run;

import assay.ResourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes files that appear whole or not at all: a temporary file beside the target, flushed to the disk,
/// then moved over it.
public final class WholeFile {
    private WholeFile() {}

    /// Produces the content of one file.
    @FunctionalInterface
    public interface Writing {
        void to(FileChannel channel) throws IOException;
    }

    /// Writes a file through its channel.
    ///
    /// @param purpose what could not be done if it fails, such as `to write tensors`
    /// @throws ResourceException if the disk does not take it; the target is then as it was
    public static void write(String purpose, Path target, Writing writing) {
        Path temporary = target.resolveSibling(
                target.getFileName() + ".tmp" + ProcessHandle.current().pid());
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                writing.to(channel);
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException full) {
            discard(temporary);
            throw refusal(purpose, target, full);
        }
    }

    /// Writes all of `buffer`.
    public static void fill(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    public static ResourceException refusal(String purpose, Path target, IOException failure) {
        return new ResourceException(
                Refusal.line(
                        "disk", purpose, Refusal.reason(failure), target, "Free some space or choose another folder."),
                failure);
    }

    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException alreadyReported) {
            // The first failure tells the user what to do; a left-over temporary file changes nothing.
            return;
        }
    }
}
