package assay.web.site;

import assay.ResourceException;
import assay.base.run.SmallFile;
import assay.web.http.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The runs in one folder, read from what they left. Names of runs are only compared with folders that
/// are there: no text of a client becomes part of a path.
final class Runs {
    static final String REPORT = "report.json";
    static final String PAGE = "report.html";
    /// What the page asked for, in the folder of a run it began and that has not ended.
    static final String WANTED = "wanted.json";

    private static final Pattern SAVED = Pattern.compile("mixture-\\d{1,5}\\.json");
    private static final String KEPT = "explanation.assay";
    private static final long MOST_BYTES = 64L << 20;
    private static final int MOST_SHOWN = 500;

    private final Path folder;
    private final Map<Path, Read> read = new ConcurrentHashMap<>();

    /// A report and the file's state when it was read.
    private record Read(String state, JsonNode report) {}

    Runs(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    Path folder() {
        return folder;
    }

    /// All runs, newest first.
    List<RunCard> cards() {
        return folders()
                .sorted(Comparator.comparing((Path run) -> String.valueOf(run.getFileName()))
                        .reversed())
                .limit(MOST_SHOWN)
                .flatMap(run -> card(run).stream())
                .toList();
    }

    private Stream<Path> folders() {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(run -> Files.isDirectory(run, LinkOption.NOFOLLOW_LINKS)).toList().stream();
        } catch (IOException failed) {
            throw new ResourceException(
                    "runs: expected to list " + folder + ", found it unreadable. Check its permissions.", failed);
        }
    }

    private Optional<RunCard> card(Path run) {
        String id = String.valueOf(run.getFileName());
        Optional<JsonNode> report = report(run);
        if (report.isPresent()) {
            return RunCard.of(id, report.get(), isFile(run.resolve(PAGE)), mixtures(run));
        }
        if (isFile(run.resolve(WANTED))) {
            return Optional.of(RunCard.stopped(id, "stopped"));
        }
        return isFile(run.resolve(KEPT)) ? Optional.of(RunCard.stopped(id, "kept")) : Optional.empty();
    }

    /// The folder of a run.
    ///
    /// @throws Refused if there is none of that name
    Path run(String id) {
        return folders()
                .filter(run -> String.valueOf(run.getFileName()).equals(id))
                .findFirst()
                .orElseThrow(() -> Refused.missing("run", id));
    }

    /// The folder of a run, or a list that was saved in it.
    ///
    /// @param mixture such as `mixture-2.json`
    /// @throws Refused if there is none
    Path file(String id, Optional<String> mixture) {
        Path run = run(id);
        if (mixture.isEmpty()) {
            return run;
        }
        return mixtures(run).stream()
                .filter(mixture.get()::equals)
                .findFirst()
                .map(run::resolve)
                .orElseThrow(() -> Refused.missing("mixture", mixture.get()));
    }

    /// Lists that were saved in a run.
    static List<String> mixtures(Path run) {
        try (Stream<Path> inside = Files.list(run)) {
            return inside.filter(Runs::isFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> SAVED.matcher(name).matches())
                    .sorted()
                    .toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    /// The document of a run.
    ///
    /// @throws Refused if there is none
    JsonNode report(String id) {
        return report(run(id)).orElseThrow(() -> Refused.missing("report of the run", id));
    }

    /// The page of a run.
    ///
    /// @throws Refused if there is none
    byte[] page(String id) {
        try {
            return SmallFile.bytes(plain(run(id), PAGE), MOST_BYTES);
        } catch (IOException missing) {
            throw Refused.missing("report of the run", id);
        }
    }

    private Optional<JsonNode> report(Path run) {
        try {
            Path file = plain(run, REPORT);
            String state = Files.size(file) + " " + Files.getLastModifiedTime(file);
            Read known = read.get(file);
            if (known == null || !known.state().equals(state)) {
                known = new Read(state, JsonMapper.shared().readTree(SmallFile.bytes(file, MOST_BYTES)));
                read.put(file, known);
            }
            return Optional.of(known.report());
        } catch (IOException | JacksonException _) {
            return Optional.empty();
        }
    }

    /// A file that lies in the folder itself, and is no link to another place.
    private static Path plain(Path run, String file) throws IOException {
        Path path = run.resolve(file);
        if (!isFile(path)) {
            throw new NoSuchFileException(path.toString());
        }
        return path;
    }

    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
}
