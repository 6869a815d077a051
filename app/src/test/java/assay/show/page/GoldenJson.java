package assay.show.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Documents kept as they once were, so that no field and no digit is lost when the code that writes them changes.
///
/// To make them again after a field was added on purpose, run a test with `-Dassay.golden.write=true` and look at
/// the difference before committing it.
public final class GoldenJson {
    private static final Path FOLDER = Path.of("src", "test", "resources", "golden", "json");

    private GoldenJson() {}

    /// Compares a document with the kept one field by field; the order of fields may differ.
    public static void check(String name, String document) throws IOException {
        Path file = FOLDER.resolve(name + ".json");
        if (Boolean.getBoolean("assay.golden.write")) {
            Files.writeString(file, document);
        }
        assertThat(fields(document)).as(name).containsExactlyInAnyOrderElementsOf(fields(Files.readString(file)));
    }

    /// Every field with the way to it, such as `/curve/0/closed 0.91`.
    private static List<String> fields(String document) {
        List<String> fields = new ArrayList<>();
        add(fields, "", JsonMapper.shared().readTree(document));
        return fields;
    }

    private static void add(List<String> fields, String path, JsonNode node) {
        if (node.isEmpty()) {
            fields.add(path + " " + node);
        }
        node.propertyStream().forEach(field -> add(fields, path + "/" + field.getKey(), field.getValue()));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            add(fields, path + "/" + i, node.path(i));
        }
    }
}
