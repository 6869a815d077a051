package assay.engine.format;

import assay.InputException;
import assay.base.run.Refusal;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file seen as read-only memory.
///
/// @param kind what it should be, for messages: `GGUF` or `safetensors`
/// @param path where it is
/// @param bytes its content
/// @param arena unmaps it when closed
record MappedFile(String kind, Path path, MemorySegment bytes, Arena arena) implements AutoCloseable {
    /// @throws InputException if it is missing, not a file, or empty
    // The record owns the arena and closes it; every failure here closes it too.
    @SuppressWarnings("MustBeClosedChecker")
    static MappedFile open(String kind, Path path) {
        if (!Files.isRegularFile(path)) {
            String found = Files.isDirectory(path) ? "a folder" : "nothing";
            throw Refusal.of(kind, "a file", found, path, "Check the path.");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() == 0) {
                throw Refusal.of(kind, "a weight file", "an empty one", path, "Fetch it again.");
            }
            return new MappedFile(
                    kind, path, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), arena);
        } catch (IOException unreadable) {
            arena.close();
            throw Refusal.unreadable(kind, path, unreadable);
        } catch (RuntimeException refused) {
            arena.close();
            throw refused;
        }
    }

    long size() {
        return bytes.byteSize();
    }

    /// A refusal about this file: *kind: expected …, found … (path). Next step.*
    InputException refusal(String expected, Object found, String nextStep) {
        return Refusal.of(kind, expected, found, path, nextStep);
    }

    /// A refusal whose next step is to fetch the file again.
    InputException broken(String expected, Object found) {
        return refusal(expected, found, "The file is damaged or incomplete; fetch it again.");
    }

    @Override
    public void close() {
        arena.close();
    }
}
