package assay.engine.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the files `bench/golden/text.py` and `chats.py` made.
final class Golden {
    private Golden() {}

    /// One text with what transformers makes of it.
    record Row(String text, int[] ids, String decoded) {}

    static JsonNode read(String name) {
        try (InputStream in = url(name).openStream()) {
            return JsonMapper.shared().readTree(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Path path(String name) {
        try {
            return Path.of(url(name).toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static List<Row> rows(JsonNode golden) {
        return StreamSupport.stream(golden.path("texts").spliterator(), false)
                .map(row -> new Row(
                        row.path("text").asString(),
                        StreamSupport.stream(row.path("ids").spliterator(), false)
                                .mapToInt(JsonNode::asInt)
                                .toArray(),
                        row.path("decoded").asString()))
                .toList();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(JsonNode node) {
        return JsonMapper.shared().treeToValue(node, Map.class);
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(JsonNode node) {
        return JsonMapper.shared().treeToValue(node, List.class);
    }

    private static URL url(String name) {
        URL url = Golden.class.getResource("/golden/text/" + name);
        if (url == null) {
            throw new IllegalStateException("golden file " + name + " is missing");
        }
        return url;
    }
}
