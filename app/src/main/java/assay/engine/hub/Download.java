package assay.engine.hub;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.InterruptedRunException;
import assay.base.run.Sha256;
import assay.base.run.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;

/// Fetches one file to its place: into an `.incomplete` file first, going on where an earlier run stopped,
/// moved when its hash is right.
///
/// @param source opens the file at a position
/// @param bytes its size
/// @param hash its SHA-256, or git's SHA-1 of a blob
/// @param attempts how often in a row may fail without a byte gained
/// @param pause before the second attempt; doubled for each further one
/// @param stall how long no byte may come before an attempt counts as failed
record Download(Source source, long bytes, String hash, int attempts, Duration pause, Duration stall) {
    static final int ATTEMPTS = 5;
    static final Duration PAUSE = Duration.ofSeconds(1);
    static final Duration STALL = Duration.ofSeconds(60);

    /// Where the bytes come from.
    @FunctionalInterface
    interface Source {
        /// Opens it at byte `from`; status 206 if it begins there, 200 if at 0.
        HttpResponse<InputStream> open(long from) throws IOException;
    }

    /// Brings the file to `target`, unless it is there.
    ///
    /// @throws IOException if the network or the disk fails; what came so far is kept
    void to(Path target, Stage stage) throws IOException {
        if (Files.isRegularFile(target)) {
            stage.skip(bytes);
            return;
        }
        Path partial = target.resolveSibling(target.getFileName() + ".incomplete");
        if (Files.exists(partial) && Files.size(partial) > bytes) {
            Files.delete(partial);
        }
        stage.skip(size(partial));
        for (int failures = 0; size(partial) < bytes || !Files.exists(partial); ) {
            long before = size(partial);
            try {
                append(partial, stage);
            } catch (IOException failed) {
                failures = size(partial) > before ? 1 : failures + 1;
                if (failures >= attempts) {
                    throw failed;
                }
                rest(pause.multipliedBy(1L << (failures - 1)));
            }
        }
        if (!isRight(partial)) {
            Files.delete(partial);
            throw new IOException("a wrong hash of " + bytes + " bytes; they are removed, start again");
        }
        AtomicFiles.move(partial, target);
    }

    /// One attempt: writes what comes after what is there.
    private void append(Path partial, Stage stage) throws IOException {
        long from = size(partial);
        HttpResponse<InputStream> response = source.open(from);
        boolean resumed = response.statusCode() == 206 && from > 0;
        try (InputStream in = response.body();
                Watchdog watchdog = new Watchdog(in, stall);
                OutputStream out = Files.newOutputStream(
                        partial,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        resumed ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
            if (!resumed) {
                stage.advance(-from);
            } else if (!startsAt(response, from)) {
                throw new IOException("another part of the file than asked for");
            }
            long position = resumed ? from : 0;
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                watchdog.fed();
                if (read > bytes - position) {
                    throw new InputException("download: expected " + bytes
                            + " bytes, found more. The file changed on the hub; start again.");
                }
                out.write(buffer, 0, read);
                position += read;
                stage.advance(read);
            }
            if (position < bytes) {
                throw new IOException("an end after " + position + " of " + bytes + " bytes");
            }
        }
    }

    private static boolean startsAt(HttpResponse<InputStream> response, long from) {
        return response.headers()
                .firstValue("content-range")
                .map(range -> range.startsWith("bytes " + from + "-"))
                .orElse(false);
    }

    private boolean isRight(Path file) throws IOException {
        MessageDigest digest = Sha256.digest(hash.length() == 64 ? "SHA-256" : "SHA-1");
        if (hash.length() == 40) {
            digest.update(("blob " + bytes + "\0").getBytes(StandardCharsets.UTF_8));
        }
        return Sha256.hex(Sha256.update(digest, file).digest()).equals(hash);
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static void rest(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedRunException(
                    "run: expected to finish a download, found it interrupted. Start it again to go on.");
        }
    }

    /// Closes a stream on which nothing comes any more: Java's HTTP client has no time limit for the body.
    private static final class Watchdog implements AutoCloseable {
        private final Thread thread;
        private volatile long lastNanos = System.nanoTime();

        Watchdog(InputStream stream, Duration stall) {
            this.thread = Thread.ofVirtual().start(() -> watch(stream, stall));
        }

        void fed() {
            lastNanos = System.nanoTime();
        }

        @Override
        public void close() {
            thread.interrupt();
        }

        private void watch(InputStream stream, Duration stall) {
            try {
                while (System.nanoTime() - lastNanos < stall.toNanos()) {
                    Thread.sleep(stall.dividedBy(4));
                }
                stream.close();
            } catch (InterruptedException | IOException _) {
                return;
            }
        }
    }
}
