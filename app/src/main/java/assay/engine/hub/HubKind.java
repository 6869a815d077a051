package assay.engine.hub;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.run.SmallFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is looked for in a folder, and which of its files are needed.
///
/// @param word how the user calls it
/// @param required files without which it is none; the first is the one it is recognised by
/// @param optional small files that are used if they are there
/// @param weights the file of weights; with `.index.json` after it, the list of several
record HubKind(String word, List<String> required, List<String> optional, String weights) {
    /// A language model.
    static final HubKind MODEL = new HubKind(
            "model",
            List.of("config.json", "tokenizer.json"),
            List.of(
                    "tokenizer_config.json",
                    "chat_template.jinja",
                    "generation_config.json",
                    "added_tokens.json",
                    "special_tokens_map.json"),
            "model.safetensors");

    /// A PEFT adapter: LoRA or soft prompt.
    static final HubKind ADAPTER =
            new HubKind("adapter", List.of("adapter_config.json"), List.of(), "adapter_model.safetensors");

    private static final long MOST_INDEX_BYTES = 64L << 20;

    /// The file by which a folder is recognised.
    String sign() {
        return required.get(0);
    }

    /// The first thing a folder lacks of all that is needed: the required files, a model's chat template, and every
    /// file of weights.
    Optional<String> missing(Path folder) throws IOException {
        Path index = folder.resolve(index());
        boolean whole = whole().stream().map(folder::resolve).anyMatch(Files::isRegularFile);
        List<String> wanted = whole ? List.of() : Files.isRegularFile(index) ? shards(index) : List.of(weights);
        List<String> template = equals(MODEL) && !hasTemplate(folder) ? List.of("chat_template.jinja") : List.of();
        return Stream.of(required, template, wanted)
                .flatMap(List::stream)
                .filter(file -> !Files.isRegularFile(folder.resolve(file)))
                .findFirst();
    }

    /// Libraries that do not know the template's own file leave it out of the cache.
    private static boolean hasTemplate(Path folder) throws IOException {
        Path config = folder.resolve("tokenizer_config.json");
        return Files.isRegularFile(folder.resolve("chat_template.jinja"))
                || (Files.isRegularFile(config)
                        && new String(SmallFile.bytes(config, MOST_INDEX_BYTES), StandardCharsets.UTF_8)
                                .contains("\"chat_template\""));
    }

    /// The small files that say what it is.
    ///
    /// @throws InputException if a required one is missing
    List<String> described(HubId id, HubListing listing) {
        for (String file : required) {
            if (!isListed(file, id, listing)) {
                throw new InputException(id + ": expected " + file + " (" + word + "), found " + found(id, listing)
                        + ". " + advice(id, listing));
            }
        }
        boolean whole = whole().stream().anyMatch(file -> isListed(file, id, listing));
        return Stream.of(required, optional, whole ? List.<String>of() : List.of(index()))
                .flatMap(List::stream)
                .filter(file -> isListed(file, id, listing))
                .map(id::under)
                .toList();
    }

    private static boolean isListed(String file, HubId id, HubListing listing) {
        return listing.files().containsKey(id.under(file));
    }

    /// The files of weights.
    ///
    /// @param folder where the described files are now
    /// @throws InputException if there are none that Assay reads
    List<String> weights(HubId id, HubListing listing, Path folder) throws IOException {
        for (String file : whole()) {
            if (isListed(file, id, listing)) {
                return List.of(id.under(file));
            }
        }
        if (isListed(index(), id, listing)) {
            return shards(folder.resolve(index())).stream().map(id::under).toList();
        }
        throw new InputException(id + ": expected " + weights + ", found " + found(id, listing)
                + ". Assay reads safetensors and GGUF only; convert it first.");
    }

    /// Names of a file that holds all weights: PEFT's, then MLX-LM's, then PEFT's of old.
    private List<String> whole() {
        return equals(ADAPTER) ? List.of(weights, "adapters.safetensors", "adapter_model.bin") : List.of(weights);
    }

    private String index() {
        return weights + ".index.json";
    }

    private static List<String> shards(Path index) throws IOException {
        if (Files.size(index) > MOST_INDEX_BYTES) {
            throw damaged("an index below " + (MOST_INDEX_BYTES >> 20) + " MB", "more", index);
        }
        try {
            JsonNode files =
                    JsonMapper.shared().readTree(Files.readAllBytes(index)).path("weight_map");
            List<String> names = files.valueStream()
                    .map(name -> name.asString(""))
                    .sorted()
                    .distinct()
                    .toList();
            if (names.isEmpty() || !names.stream().allMatch(HubId::isPlain)) {
                throw damaged("names of files in weight_map", "others", index);
            }
            return names;
        } catch (JacksonException broken) {
            throw damaged("JSON", "something else", index);
        }
    }

    private static InputException damaged(String expected, String found, Path index) {
        return Refusal.of("weights", expected, found, index, "Is the model damaged?");
    }

    private static String found(HubId id, HubListing listing) {
        String prefix = id.under("");
        List<String> names = listing.files().keySet().stream()
                .filter(path -> path.startsWith(prefix))
                .limit(6)
                .toList();
        return names.isEmpty() ? "nothing there" : String.join(", ", names);
    }

    private String advice(HubId id, HubListing listing) {
        if (equals(MODEL) && isListed(ADAPTER.sign(), id, listing)) {
            return "This is an adapter: pass it with --adapter, and its base model with --model.";
        }
        return equals(ADAPTER) && isListed(MODEL.sign(), id, listing)
                ? "This is a model: pass it with --model."
                : "Name a subfolder or a .gguf file after the repository: owner/repo/part.";
    }
}
