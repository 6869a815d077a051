package assay.base.run;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/// What results in a folder were begun with: they are not continued with anything else.
public final class RunFingerprint {
    private static final long MOST_BYTES = 1L << 24;

    private RunFingerprint() {}

    /// Notes it, or checks that it is the same as before. Where that cannot be read any more, nobody
    /// knows what the results beside it belong to: they are set aside, and everything begins anew.
    ///
    /// @param file that keeps it, in a folder that holds nothing else but its results
    /// @param now what results depend on, by name
    /// @param advice last sentence of the refusal
    /// @param job is told of a damaged one
    /// @throws InputException naming what changed
    public static void require(Path file, Map<String, String> now, String advice, Job job) {
        Optional<Map<String, String>> noted = Files.isRegularFile(file) ? read(file, job) : Optional.empty();
        if (noted.isEmpty()) {
            AtomicFiles.write(file, SoundJson.sealed(new TreeMap<>(now)));
            return;
        }
        Map<String, String> then = noted.get();
        Set<String> keys = new TreeSet<>(then.keySet());
        keys.addAll(now.keySet());
        List<String> changed = keys.stream()
                .filter(key -> !Objects.equals(now.get(key), then.get(key)))
                .map(key -> key + " " + then.get(key) + " then, " + now.get(key) + " now")
                .toList();
        if (!changed.isEmpty()) {
            String where = String.join("; ", changed) + "; " + file;
            throw Refusal.of("--out", "what this folder was begun with", "changes", where, advice);
        }
    }

    /// What was noted; nothing if it is damaged.
    private static Optional<Map<String, String>> read(Path file, Job job) {
        try {
            return Optional.of(
                    SoundJson.read(SmallFile.bytes(file, MOST_BYTES), new TypeReference<Map<String, String>>() {}));
        } catch (IOException | JacksonException _) {
            String next = "Everything begins anew. What was finished is kept in " + setAside(file) + ".";
            job.note(Refusal.line("--out", "to read what it was begun with", "it damaged", file, next));
            return Optional.empty();
        }
    }

    /// Moves all results beside it into a folder of their own.
    private static Path setAside(Path begun) {
        Path folder = begun.toAbsolutePath().resolveSibling(begun.getFileName() + AtomicFiles.DAMAGED);
        try (Stream<Path> inside = Files.list(begun.toAbsolutePath().getParent())) {
            Files.createDirectories(folder);
            List<Path> results = inside.filter(file -> !file.equals(folder) && !file.endsWith(begun.getFileName()))
                    .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .toList();
            for (Path result : results) {
                AtomicFiles.move(result, free(folder, result));
            }
            return folder;
        } catch (IOException failed) {
            throw Refusal.failed("--out", "to move what is there to " + folder, begun, "Take a new folder.", failed);
        }
    }

    private static Path free(Path folder, Path result) {
        Path place = folder.resolve(String.valueOf(result.getFileName()));
        for (int next = 2; Files.exists(place); next++) {
            place = folder.resolve(result.getFileName() + "-" + next);
        }
        return place;
    }
}
