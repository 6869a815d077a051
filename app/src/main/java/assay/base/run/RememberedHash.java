package assay.base.run;

import assay.ResourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/// SHA-256 of files that may be large, computed once: remembered in a folder by path, size, times and inode.
public final class RememberedHash {
    /// Bytes below which hashing is quicker than remembering.
    private static final long SMALL = 16L << 20;

    private static final long MOST_NOTE_BYTES = 10_000;

    /// Letters of a hash.
    private static final int HASH = 64;

    /// A file that changed this short a time ago may change again within the same tick of its clock.
    private static final long SETTLED_SECONDS = 2;

    private RememberedHash() {}

    /// The hash of a file.
    ///
    /// @param memory folder of what is remembered; one that cannot be written to only costs time
    /// @throws assay.InputException if there is no such file
    /// @throws ResourceException if it cannot be read
    public static String of(Path file, Path memory) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            if (now.size() < SMALL) {
                return Sha256.of(file);
            }
            Path real = file.toRealPath();
            String state = now.size() + " " + now.lastModifiedTime() + " " + now.fileKey() + " " + changed(real);
            Path note = memory.resolve(Sha256.ofText(real.toString()));
            String remembered = read(note);
            String known = remembered.substring(0, Math.min(remembered.length(), HASH));
            if (remembered.equals(note(known, state))) {
                return known;
            }
            String hash = Sha256.of(real);
            if (now.lastModifiedTime().toInstant().isBefore(Instant.now().minusSeconds(SETTLED_SECONDS))) {
                remember(note, note(hash, state));
            }
            return hash;
        } catch (IOException _) {
            return Sha256.of(file);
        }
    }

    /// What is remembered; its last line tells whether the others are as they were written.
    private static String note(String hash, String state) {
        String said = hash + "\n" + state + "\n";
        return said + Sha256.ofText(said);
    }

    /// When anything about the file last changed, which no copying tool can set back; not every system tells.
    private static Object changed(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? Files.getAttribute(file, "unix:ctime")
                : "";
    }

    private static String read(Path note) {
        try {
            return SmallFile.text(note, MOST_NOTE_BYTES);
        } catch (IOException _) {
            return "";
        }
    }

    private static void remember(Path note, String text) {
        try {
            AtomicFiles.write(note, text);
        } catch (ResourceException _) {
            return;
        }
    }
}
