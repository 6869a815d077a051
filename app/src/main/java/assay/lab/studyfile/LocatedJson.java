package assay.lab.studyfile;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
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
record LocatedJson(String subject, Path path, byte[] bytes, LocatedNode root) {
    private static final long MOST_BYTES = 1 << 22;

    /// Reads a file.
    ///
    /// @param subject what errors call it
    /// @throws InputException if it cannot be read, is too large, or is not JSON, with line and column
    static LocatedJson read(String subject, Path path) {
        byte[] bytes = bytes(subject, path);
        try (JsonParser parser = JsonMapper.shared().createParser(bytes)) {
            if (parser.nextToken() == null) {
                throw refused(subject, "JSON", "nothing", path.toString());
            }
            LocatedNode root = LocatedNode.of(parser);
            if (parser.nextToken() != null) {
                String where = path + place(parser.currentTokenLocation());
                throw refused(subject, "one JSON value", "more after its end", where);
            }
            return new LocatedJson(subject, path, bytes, root);
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
        Problems problems = new Problems(path);
        Optional<T> result = JsonFields.read(root, subject, problems, reading);
        problems.refuse(subject);
        return result.orElseThrow();
    }

    private static byte[] bytes(String subject, Path path) {
        try {
            if (Files.isDirectory(path)) {
                throw refused(subject, "a JSON file", "a folder", path.toString());
            }
            if (Files.size(path) > MOST_BYTES) {
                throw refused(subject, "at most " + MOST_BYTES + " bytes", "" + Files.size(path), path.toString());
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException missing) {
            throw refused(subject, "a JSON file", "none", path.toString());
        } catch (IOException unreadable) {
            throw refused(subject, "a readable file", unreadable.getClass().getSimpleName(), path.toString());
        }
    }

    private static String place(TokenStreamLocation location) {
        return ", line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static InputException refused(String subject, String expected, String found, String where) {
        return new InputException(
                subject + ": expected " + expected + ", found " + found + " (" + where + "). Correct it.");
    }
}
