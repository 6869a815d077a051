package assay.engine.hub;

import assay.base.run.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The folders of the cache, looked through: what Python's libraries left in it counts as well.
final class HubCache {
    private static final String PREFIX = "models--";
    private static final int DEEPEST = 4;
    private static final long LONGEST_REFERENCE = 1000;

    private HubCache() {}

    /// A revision that is there.
    ///
    /// @param name a branch, a tag, or the commit where nothing points to it
    record Revision(String name, Path snapshot) {}

    /// Folders of repositories, by name.
    static List<Path> repositories(Path cache) throws IOException {
        return folders(cache).stream()
                .filter(folder -> name(folder).matches("[^/]+/[^/]+"))
                .toList();
    }

    /// `models--owner--repo` → `owner/repo`; empty for a folder of something else.
    static String name(Path repository) {
        String folder = String.valueOf(repository.getFileName());
        return folder.startsWith(PREFIX) ? folder.substring(PREFIX.length()).replaceFirst("--", "/") : "";
    }

    /// Revisions of a repository: every reference, or else every commit.
    static List<Revision> revisions(Path repository) throws IOException {
        Path references = repository.resolve("refs");
        List<Revision> named = new ArrayList<>();
        for (Path file : files(references)) {
            String commit = Files.size(file) > LONGEST_REFERENCE
                    ? ""
                    : SmallFile.text(file, LONGEST_REFERENCE).strip();
            Path snapshot = repository.resolve("snapshots").resolve(HubId.isCommit(commit) ? commit : "none");
            if (Files.isDirectory(snapshot)) {
                named.add(new Revision(slashed(references.relativize(file)), snapshot));
            }
        }
        if (!named.isEmpty()) {
            return named;
        }
        return folders(repository.resolve("snapshots")).stream()
                .map(folder -> new Revision(String.valueOf(folder.getFileName()), folder))
                .filter(revision -> HubId.isCommit(revision.name()))
                .toList();
    }

    /// Paths of GGUF files in a snapshot.
    static List<String> ggufs(Path snapshot) throws IOException {
        return files(snapshot).stream()
                .map(file -> slashed(snapshot.relativize(file)))
                .filter(HubId::isGguf)
                .toList();
    }

    private static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }

    private static List<Path> folders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.find(folder, DEEPEST, (path, _) -> Files.isRegularFile(path))) {
            return inside.sorted().toList();
        }
    }
}
