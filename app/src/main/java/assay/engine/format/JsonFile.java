package assay.engine.format;

import assay.InputException;
import assay.base.run.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads small JSON files and shows pieces of them in messages.
public final class JsonFile {
    private static final long MOST_BYTES = 1 << 25;
    private static final int LONGEST_SHOWN = 60;
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonFile() {}

    /// The object in a file that exists.
    ///
    /// @throws InputException if it is too large, not JSON, names a key twice, or is not an object
    public static JsonNode readObject(Path path) {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw Refusal.of(
                        "JSON", "at most " + MOST_BYTES + " bytes", Files.size(path), path, "Is it the right file?");
            }
            return parseObject(Files.readAllBytes(path));
        } catch (JacksonException malformed) {
            throw Refusal.of("JSON", "an object", reason(malformed), path, "Fetch the file again.");
        } catch (IOException unreadable) {
            throw Refusal.unreadable("JSON", path, unreadable);
        }
    }

    /// @throws JacksonException if it is not JSON, names a key twice, or is not an object
    static JsonNode parseObject(byte[] bytes) {
        JsonNode root = STRICT.readTree(bytes);
        if (!root.isObject()) {
            throw new NotAnObject(shown(root));
        }
        return root;
    }

    /// What is wrong, in one short line.
    static String reason(JacksonException malformed) {
        String message = malformed.getOriginalMessage();
        return shortened(message == null ? "no JSON" : message);
    }

    /// A node as it would be written, shortened.
    public static String shown(JsonNode node) {
        return node.isMissingNode() ? "none" : shortened(node.toString());
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "…";
    }

    /// JSON, but no object.
    private static final class NotAnObject extends JacksonException {
        private static final long serialVersionUID = 1L;

        NotAnObject(String found) {
            super(found.isEmpty() ? "nothing" : found.toLowerCase(Locale.ROOT));
        }
    }
}
