package assay.base.run;

import assay.InputException;
import assay.ResourceException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// SHA-256 in lower-case hex, of bytes, a file or a folder.
public final class Sha256 {
    private Sha256() {}

    /// The hash of `content`.
    public static String of(byte[] content) {
        return hex(digest("SHA-256").digest(content));
    }

    /// The hash of a text in UTF-8.
    public static String ofText(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The hash of a file, read in pieces; of a folder, the hash of its files' names and hashes in name
    /// order.
    ///
    /// @throws InputException if there is none
    /// @throws ResourceException if it cannot be read
    public static String of(Path path) {
        if (!Files.exists(path)) {
            throw Refusal.of("file", "one to hash", "none", path, "Check the path.");
        }
        try {
            if (!Files.isDirectory(path)) {
                return hex(update(digest("SHA-256"), path).digest());
            }
            MessageDigest whole = digest("SHA-256");
            for (Path file : filesIn(path)) {
                String name = path.relativize(file).toString().replace('\\', '/');
                whole.update((name + "\0" + of(file) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return hex(whole.digest());
        } catch (IOException failed) {
            throw Refusal.unreadable("file", path, failed);
        }
    }

    /// A digest every JDK has.
    public static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(algorithm + " is part of every JDK", impossible);
        }
    }

    /// Feeds a whole file to a digest.
    public static MessageDigest update(MessageDigest digest, Path file) throws IOException {
        Files.copy(file, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return digest;
    }

    /// Bytes in lower-case hex.
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
