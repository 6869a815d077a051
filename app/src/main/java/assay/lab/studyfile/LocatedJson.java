package assay.lab.studyfile;

import assay.InputException;
import assay.base.run.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.json.JsonMapper;

/// A JSON file whose parts know their lines.
///
/// @param subject what errors call it
/// @param path where it was read from
/// @param bytes of the file
/// @param root what it holds
/// @param problems everything that is wrong with it, gathered before any of it is told
record LocatedJson(String subject, Path path, byte[] bytes, LocatedNode root, List<Problem> problems) {
    private static final long MOST_BYTES = 1 << 22;

    private record Problem(int line, String text) {}

    /// Reads a file.
    ///
    /// @param subject what errors call it
    /// @throws InputException if it cannot be read, is too large, or is not JSON, with line and column
    static LocatedJson read(String subject, Path path) {
        byte[] bytes = bytes(subject, path);
        try (JsonParser parser = JsonMapper.shared().createParser(bytes)) {
            if (parser.nextToken() == null) {
                throw refused(subject, "JSON", "nothing", path);
            }
            LocatedNode root = LocatedNode.of(parser);
            if (parser.nextToken() != null) {
                String where = path + place(parser.currentTokenLocation());
                throw refused(subject, "one JSON value", "more after its end", where);
            }
            return new LocatedJson(subject, path, bytes, root, new ArrayList<>());
        } catch (JacksonException malformed) {
            // Limits, such as that of nesting, are told without a place.
            TokenStreamLocation at = malformed.getLocation();
            String reason = String.valueOf(malformed.getOriginalMessage()).replaceAll("\\s+", " ");
            throw refused(subject, "JSON", reason, path + (at == null ? "" : place(at)));
        }
    }

    /// What the file says, which holds one object.
    ///
    /// @throws InputException naming everything that is wrong with it, each with its line
    <T> T object(Function<JsonFields, T> reading) {
        Optional<T> result = JsonFields.read(root, subject, this, reading);
        if (problems.isEmpty()) {
            return result.orElseThrow();
        }
        boolean one = problems.size() == 1;
        throw new InputException(subject + ": expected a valid " + subject + " file, found " + problems.size()
                + (one ? " problem (" : " problems (") + path + "): "
                + problems.stream()
                        .sorted(Comparator.comparingInt(Problem::line))
                        .map(problem -> "line " + problem.line() + ": " + problem.text())
                        .collect(Collectors.joining("; "))
                + (one ? ". Correct it." : ". Correct them."));
    }

    /// Notes a problem.
    void wrong(int line, String text) {
        problems.add(new Problem(line, text.replaceAll("\\R", " ")));
    }

    /// Notes that something should be something else.
    void wrong(LocatedNode node, String name, String expected) {
        wrong(node.line(), "\"" + name + "\": expected " + expected + ", found " + node.found());
    }

    private static byte[] bytes(String subject, Path path) {
        try {
            if (Files.isDirectory(path)) {
                throw refused(subject, "a JSON file", "a folder", path);
            }
            if (Files.size(path) > MOST_BYTES) {
                throw refused(subject, "at most " + MOST_BYTES + " bytes", Files.size(path), path);
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException _) {
            throw refused(subject, "a JSON file", "none", path);
        } catch (IOException unreadable) {
            throw refused(subject, "a readable file", unreadable.getClass().getSimpleName(), path);
        }
    }

    private static String place(TokenStreamLocation location) {
        return ", line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static InputException refused(String subject, String expected, Object found, Object where) {
        return Refusal.of(subject, expected, found, where, "Correct it.");
    }
}
