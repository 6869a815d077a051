package assay.engine.model;

import assay.base.run.RememberedHash;
import assay.base.run.Sha256;
import assay.base.run.SmallFile;
import assay.base.run.UserFolders;
import assay.engine.format.GgufFile;
import assay.engine.format.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Which model this is: hashes of everything that decides its numbers. Two models with one identity give the same
/// logits for the same prompts; names and places do not count.
///
/// @param parts SHA-256 by part: of a GGUF its `file`; of a folder its `weights` (every shard), `config`,
/// `tokenizer` and `template`
public record Identity(Map<String, String> parts) {
    private static final String FILE = "file";
    /// Larger ones count byte by byte.
    private static final long MOST_JSON_BYTES = 1L << 26;

    /// Fields of `config.json` that say where a model comes from, not what it is.
    private static final List<String> ORIGIN = List.of("_name_or_path", "transformers_version");

    /// Parts in the order of their names.
    public Identity {
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    }

    /// The identity of a `.gguf` file or a Hugging Face folder; hashes of large files are remembered in the user's
    /// cache.
    ///
    /// @throws assay.InputException if a part is missing
    public static Identity of(Path path) {
        Path memory = UserFolders.current().cache().resolve("hashes");
        if (!Files.isDirectory(path)) {
            List<String> parts = GgufFile.files(path).stream()
                    .map(file -> RememberedHash.of(file, memory))
                    .toList();
            return new Identity(Map.of(FILE, parts.size() == 1 ? parts.getFirst() : sum(parts)));
        }
        return new Identity(Map.of(
                "weights", weights(path, memory),
                "config", sum(List.of(json(path, "config.json", ORIGIN), json(path, "generation_config.json", ORIGIN))),
                "tokenizer",
                        sum(List.of(
                                file(path, "tokenizer.json", memory),
                                json(path, "tokenizer_config.json", List.of("chat_template")),
                                json(path, "special_tokens_map.json", List.of()),
                                json(path, "added_tokens.json", List.of()))),
                "template", Sha256.ofText(TemplateFile.read(path).text())));
    }

    /// Reads what [#toString] wrote; without parts if the text is none of that form.
    public static Identity parse(String text) {
        Map<String, String> parts = new TreeMap<>();
        for (String part : text.split(" ", -1)) {
            int border = part.indexOf('=');
            if (border > 0) {
                parts.put(part.substring(0, border), part.substring(border + 1));
            }
        }
        return new Identity(parts);
    }

    /// Parts with their hashes, such as `config=3a… template=97…`.
    @Override
    public String toString() {
        return parts.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(" "));
    }

    /// One hash for the whole: a GGUF's own, else the hash of all parts with their names.
    public String sha256() {
        String file = parts.get(FILE);
        return file != null
                ? file
                : sum(parts.entrySet().stream().map(Map.Entry::toString).toList());
    }

    /// Names of the parts in which two models differ.
    public List<String> differences(Identity other) {
        TreeMap<String, String> all = new TreeMap<>(other.parts);
        all.putAll(parts);
        return all.keySet().stream()
                .filter(part -> !parts.getOrDefault(part, "").equals(other.parts.getOrDefault(part, "")))
                .toList();
    }

    private static String weights(Path folder, Path memory) {
        List<Path> files = WeightFiles.all(folder);
        if (files.size() == 1) {
            return RememberedHash.of(files.getFirst(), memory);
        }
        return sum(files.stream()
                .map(file -> file.getFileName() + " " + RememberedHash.of(file, memory))
                .toList());
    }

    private static String file(Path folder, String name, Path memory) {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file) ? RememberedHash.of(file, memory) : "";
    }

    /// A JSON file without some of its fields; its layout does not count. What is no JSON object counts byte by byte.
    private static String json(Path folder, String name, List<String> without) {
        Path file = folder.resolve(name);
        try {
            byte[] bytes = SmallFile.bytes(file, MOST_JSON_BYTES);
            JsonNode tree = JsonMapper.shared().readTree(bytes);
            if (tree instanceof ObjectNode object) {
                return object.without(without).toString();
            }
            return Sha256.of(bytes);
        } catch (IOException | JacksonException _) {
            return Files.isRegularFile(file) ? Sha256.of(file) : "";
        }
    }

    private static String sum(List<String> texts) {
        return Sha256.ofText(String.join("\n", texts));
    }
}
