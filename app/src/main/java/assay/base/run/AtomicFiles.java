package assay.base.run;

import assay.ResourceException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes files whole or not at all: a temporary file beside the target, flushed to the disk, then moved
/// over it.
///
/// Devices and pipes (`/dev/stdout`) are written to directly, never replaced. A symbolic link is followed.
public final class AtomicFiles {
    private static final Pattern TEMPORARY =
            Pattern.compile("\\..*\\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

    /// What the name of something damaged is followed by where it is kept.
    static final String DAMAGED = ".damaged";

    private AtomicFiles() {}

    /// Produces the content of one file.
    @FunctionalInterface
    public interface Writing {
        /// Writes everything to `out`, which is buffered and closed by the caller.
        void to(OutputStream out) throws IOException;
    }

    /// Writes `content` to `target`; see [#write(Path, Writing)].
    public static void write(Path target, byte[] content) {
        write(target, out -> out.write(content));
    }

    /// Writes a text in UTF-8; see [#write(Path, Writing)].
    public static void write(Path target, String text) {
        write(target, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Writes what `writing` produces to `target`, making its folder if needed.
    ///
    /// @throws ResourceException if the disk is full or not writable; the target is then as it was
    public static void write(Path target, Writing writing) {
        write("file", "to write it", target, writing);
    }

    /// The same, refused in other words.
    ///
    /// @param subject of the message, such as `disk`
    /// @param expected of it, such as `to write tensors`
    public static void write(String subject, String expected, Path target, Writing writing) {
        try {
            if (Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target)) {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
                    writing.to(out);
                }
                return;
            }
            replace(Files.exists(target) ? target.toRealPath() : target.toAbsolutePath(), writing);
        } catch (IOException failed) {
            throw Refusal.failed(subject, expected, target, "Free the disk or choose another place.", failed);
        }
    }

    /// Refuses a place that cannot be written to, before anything long is begun for it.
    ///
    /// @param option the user named it by
    /// @throws InputException if a folder is in its way
    /// @throws ResourceException if the nearest folder above it that is there takes no file
    public static void requireRoom(String option, Path target) {
        Path file = target.toAbsolutePath().normalize();
        if (Files.isDirectory(file)) {
            throw Refusal.of(option, "a file", "a folder", target, "Name a file in it, or another place.");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return;
        }
        requireRoomIn(option, file.getParent(), target);
    }

    /// The same for a folder that files are written into.
    public static void requireRoomIn(String option, Path target) {
        requireRoomIn(option, target.toAbsolutePath().normalize(), target);
    }

    private static void requireRoomIn(String option, @Nullable Path wanted, Path target) {
        Path folder = wanted;
        while (folder != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw Refusal.of(option, "a folder", "a file in the way", target, "Name another place.");
        }
        try {
            Path tried = folder.resolve(".room." + UUID.randomUUID() + ".tmp");
            Files.createFile(tried);
            Files.delete(tried);
        } catch (IOException failed) {
            throw Refusal.failed(option, "to write there", target, "Name another place.", failed);
        }
    }

    /// Whether a file is what a killed process left of a write that never finished.
    static boolean isTemporary(Path file) {
        return TEMPORARY.matcher(String.valueOf(file.getFileName())).matches();
    }

    /// Moves a finished file over `target` in one step where the file system can, and flushes the folder.
    public static void move(Path finished, Path target) throws IOException {
        try {
            Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(finished, target, StandardCopyOption.REPLACE_EXISTING);
        }
        flushFolder(target.toAbsolutePath().getParent());
    }

    /// Moves something damaged out of the way, a file or a folder with all that is in it.
    ///
    /// @return where it is now: beside its place, under a name that nothing had
    /// @throws ResourceException if it cannot be moved
    public static Path setAside(Path damaged) {
        String name = damaged.getFileName() + DAMAGED;
        Path aside = damaged.resolveSibling(name);
        for (int next = 2; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); next++) {
            aside = damaged.resolveSibling(name + "-" + next);
        }
        try {
            move(damaged, aside);
            return aside;
        } catch (IOException failed) {
            throw Refusal.failed("file", "to move it to " + aside, damaged, "Move it away yourself.", failed);
        }
    }

    /// Moves a damaged file out of the way.
    ///
    /// @return a sentence that says where it is now, with a blank in front of it
    /// @throws ResourceException if it cannot be moved
    public static String keptAside(Path damaged) {
        return kept(setAside(damaged).getFileName());
    }

    /// The sentence about a damaged file that is kept.
    static String kept(Object name) {
        return " The damaged file is kept as " + name + ".";
    }

    private static void replace(Path target, Writing writing) throws IOException {
        Path folder = target.getParent();
        Path name = target.getFileName();
        if (folder == null || name == null || Files.isDirectory(target)) {
            throw new IOException("a folder of that name");
        }
        Files.createDirectories(folder);
        Path temporary = folder.resolve("." + shortened(name.toString()) + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel =
                            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                writing.to(out);
                out.flush();
                channel.force(true);
            }
            move(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /// File systems allow 255 bytes a name; the temporary one adds 42.
    private static String shortened(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40);
    }

    /// Best effort: Windows cannot open folders, and a file system may refuse; the file itself is already on
    /// the disk.
    private static void flushFolder(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException _) {
            return;
        }
    }
}
