package assay.engine.hub;

import assay.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
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

    /// The first thing a folder lacks of all that is needed: the required files, of a model its chat template, and
    /// every
    /// file of weights.
    Optional<String> missing(Path folder) throws IOException {
        for (String file : required) {
            if (!Files.isRegularFile(folder.resolve(file))) {
                return Optional.of(file);
            }
        }
        if (equals(MODEL) && !hasTemplate(folder)) {
            return Optional.of("chat_template.jinja");
        }
        if (whole().stream().map(folder::resolve).anyMatch(Files::isRegularFile)) {
            return Optional.empty();
        }
        Path index = folder.resolve(index());
        if (!Files.isRegularFile(index)) {
            return Optional.of(weights);
        }
        return shards(index).stream()
                .filter(shard -> !Files.isRegularFile(folder.resolve(shard)))
                .findFirst();
    }

    /// Libraries that do not know the template's own file leave it out of the cache.
    private static boolean hasTemplate(Path folder) throws IOException {
        Path config = folder.resolve("tokenizer_config.json");
        return Files.isRegularFile(folder.resolve("chat_template.jinja"))
                || (Files.isRegularFile(config)
                        && new String(Files.readAllBytes(config), StandardCharsets.UTF_8)
                                .contains("\"chat_template\""));
    }

    /// The small files that say what it is.
    ///
    /// @throws InputException if a required one is missing
    List<String> described(HubId id, HubListing listing) {
        List<String> files = new ArrayList<>();
        for (String file : required) {
            if (!listing.files().containsKey(id.under(file))) {
                throw new InputException(id + ": expected " + file + " (" + word + "), found " + found(id, listing)
                        + ". " + advice(id, listing));
            }
            files.add(id.under(file));
        }
        for (String file : optional) {
            if (listing.files().containsKey(id.under(file))) {
                files.add(id.under(file));
            }
        }
        if (!listing.files().containsKey(id.under(weights)) && listing.files().containsKey(id.under(index()))) {
            files.add(id.under(index()));
        }
        return files;
    }

    /// The files of weights.
    ///
    /// @param folder where the described files are now
    /// @throws InputException if there are none that Assay reads
    List<String> weights(HubId id, HubListing listing, Path folder) throws IOException {
        for (String file : whole()) {
            if (listing.files().containsKey(id.under(file))) {
                return List.of(id.under(file));
            }
        }
        if (listing.files().containsKey(id.under(index()))) {
            return shards(folder.resolve(index())).stream().map(id::under).toList();
        }
        throw new InputException(id + ": expected " + weights + ", found " + found(id, listing)
                + ". Assay reads safetensors and GGUF only; convert it first.");
    }

    /// Names of a file that holds all weights: PEFT's, then MLX-LM's.
    private List<String> whole() {
        return equals(ADAPTER) ? List.of(weights, "adapters.safetensors") : List.of(weights);
    }

    private String index() {
        return weights + ".index.json";
    }

    private static List<String> shards(Path index) throws IOException {
        if (Files.size(index) > MOST_INDEX_BYTES) {
            throw new InputException("weights: expected an index below " + (MOST_INDEX_BYTES >> 20)
                    + " MB, found more (" + index + "). Is the model damaged?");
        }
        try {
            TreeSet<String> names = new TreeSet<>();
            for (JsonNode name :
                    JsonMapper.shared().readTree(Files.readAllBytes(index)).path("weight_map")) {
                names.add(name.asString(""));
            }
            if (names.isEmpty() || !names.stream().allMatch(HubId::isPlain)) {
                throw new InputException("weights: expected names of files in weight_map, found others (" + index
                        + "). Is the model damaged?");
            }
            return List.copyOf(names);
        } catch (JacksonException broken) {
            throw new InputException(
                    "weights: expected JSON, found something else (" + index + "). Is the model damaged?", broken);
        }
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
        boolean isAdapter = listing.files().containsKey(id.under(ADAPTER.sign()));
        if (equals(MODEL) && isAdapter) {
            return "This is an adapter: pass it with --adapter, and its base model with --model.";
        }
        return equals(ADAPTER) && listing.files().containsKey(id.under(MODEL.sign()))
                ? "This is a model: pass it with --model."
                : "Name a subfolder or a .gguf file after the repository: owner/repo/part.";
    }
}
