package assay.base.run;

import assay.ResourceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lets one process at a time do something, by an advisory lock on a file. The system frees it if the
/// process dies.
public final class ProcessLock implements AutoCloseable {
    private static final long RETRY_MILLIS = 200;

    private final FileChannel channel;

    private ProcessLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Waits until nobody else holds the lock, and takes it.
    ///
    /// @param file made if missing, and left behind: removing it would let two processes lock two files of
    /// one name
    /// @throws ResourceException if it cannot be made, or the wait is interrupted
    public static ProcessLock take(Path file, Progress progress) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            boolean told = false;
            while (tryLock(channel) == null) {
                if (!told) {
                    progress.note("Waiting for another assay that is fetching the same (" + file + ")");
                    told = true;
                }
                Thread.sleep(RETRY_MILLIS);
            }
            return new ProcessLock(channel);
        } catch (IOException failed) {
            throw new ResourceException(
                    "cache: expected to lock " + file + ", found " + Refusal.reason(failed)
                            + ". Set ASSAY_CACHE to a folder you may write to.",
                    failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ResourceException(
                    "cache: expected to lock " + file + ", found the wait interrupted. Start again.", stopped);
        }
    }

    /// Takes the lock if nobody else holds it, be it another process or another thread of this one.
    ///
    /// @param file made if missing
    public static Optional<ProcessLock> tryTake(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) != null) {
            return Optional.of(new ProcessLock(channel));
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            return;
        }
    }

    /// Null while another process, or another thread of this one, holds it.
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }
}
