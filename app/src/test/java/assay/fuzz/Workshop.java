package assay.fuzz;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Where damaged files lie while they are read: a folder for every reader, with what belongs to its file.
///
/// @param folder of all of them; what ended a whole process is still in it
record Workshop(Path folder) {
    static final Path RESOURCES = Path.of("src", "test", "resources");
    static final Path TINY = RESOURCES.resolve("golden").resolve("tiny");
    static final Path CASES = RESOURCES.resolve("cases");

    /// A new folder with copies of the files of another.
    Path copy(String name, Path from) {
        try (Stream<Path> files = Files.list(from)) {
            Path to = room(name);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
            }
            return to;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// A new folder.
    Path room(String name) throws IOException {
        Path room = folder.resolve(name);
        for (int other = 2; Files.exists(room); other++) {
            room = folder.resolve(name + "-" + other);
        }
        return Files.createDirectories(room);
    }

    /// Reads a file that lies at `file`.
    static Reader.Reading at(Path file, Runnable reading) {
        return new OfFile(file, reading);
    }

    /// Reading of a file that lies somewhere.
    record OfFile(Path file, Runnable reading) implements Reader.Reading {
        @Override
        public void of(byte[] damaged) throws IOException {
            Files.write(file, damaged);
            reading.run();
        }

        /// The same with a file of zeros that takes no room on the disk.
        void ofZeros(long length) throws IOException {
            Files.deleteIfExists(file);
            try (RandomAccessFile zeros = new RandomAccessFile(file.toFile(), "rw")) {
                zeros.setLength(length);
            }
            reading.run();
        }
    }

    /// A reader of one file of a folder that is copied.
    ///
    /// @param reading is given the copied folder
    Reader in(Path from, String file, Mutation mutation, int share, Consumer<Path> reading) {
        Path home = copy(from.getFileName() + "-" + file, from);
        Path target = home.resolve(file);
        return new Reader(
                file, mutation, List.of(bytes(from.resolve(file))), share, at(target, () -> reading.accept(home)));
    }

    /// A reader of a file that stands alone.
    Reader alone(String name, String file, Mutation mutation, List<byte[]> samples, int share, Consumer<Path> reading) {
        try {
            Path target = room(name.replaceAll("[^a-z0-9]+", "-")).resolve(file);
            return new Reader(name, mutation, samples, share, at(target, () -> reading.accept(target)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
