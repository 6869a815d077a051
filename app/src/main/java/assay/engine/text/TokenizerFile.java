package assay.engine.text;

import assay.InputException;
import assay.base.run.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// A tokenizer before it is opened: its `tokenizer.json` and what the files beside it say.
///
/// @param where where it came from, for messages
/// @param json the `tokenizer.json` document
/// @param ids ids by token
/// @param tokens tokens by id
/// @param special ids of special tokens
/// @param named special tokens by the name chat templates use, such as `bos_token`
/// @param endings ids listed as ends of an answer
/// @param addsBeginning whether the files say that the beginning token goes in front
record TokenizerFile(
        String where,
        String json,
        Map<String, Integer> ids,
        Map<Integer, String> tokens,
        Set<Integer> special,
        Map<String, String> named,
        Set<Integer> endings,
        boolean addsBeginning) {
    private static final long LARGEST = 256L << 20;
    private static final String FETCH_AGAIN = "Fetch the file again.";
    private static final Set<String> NAMES = Set.of("bos_token", "eos_token", "unk_token", "pad_token");

    /// @throws InputException if the file is missing, too large, or not a tokenizer
    static TokenizerFile read(Path path) {
        String text =
                text(path).orElseThrow(() -> fault("tokenizer.json", "none", path, "Give a folder that has one."));
        JsonNode root = tree(path, text);
        Map<String, Integer> ids = new HashMap<>();
        Map<Integer, String> tokens = new HashMap<>();
        Set<Integer> special = new HashSet<>();
        vocabulary(path, root.path("model").path("vocab"), ids, tokens);
        for (JsonNode added : root.path("added_tokens")) {
            String token = added.path("content").asString("");
            int id = id(path, added.path("id"), token);
            ids.put(token, id);
            tokens.put(id, token);
            if (added.path("special").asBoolean(false)) {
                special.add(id);
            }
        }
        JsonNode config = beside(path, "tokenizer_config.json");
        Map<String, String> named = new LinkedHashMap<>();
        NAMES.forEach(name -> {
            JsonNode token = config.path(name);
            String content =
                    token.isString() ? token.asString() : token.path("content").asString("");
            if (!content.isEmpty()) {
                named.put(name, content);
            }
        });
        boolean addsBeginning = config.path("add_bos_token").asBoolean(false);
        return new TokenizerFile(path.toString(), text, ids, tokens, special, named, endings(path, ids), addsBeginning);
    }

    private static void vocabulary(Path path, JsonNode vocab, Map<String, Integer> ids, Map<Integer, String> tokens) {
        if (!vocab.isObject() && !vocab.isArray()) {
            throw fault("a vocabulary", "none", path, "Is it a tokenizer.json of the tokenizers library?");
        }
        int next = 0;
        for (JsonNode piece : vocab.isArray() ? vocab.values() : List.<JsonNode>of()) {
            String token = piece.path(0).asString("");
            ids.put(token, next);
            tokens.put(next++, token);
        }
        if (vocab.isObject()) {
            vocab.properties().forEach(entry -> {
                int id = id(path, entry.getValue(), entry.getKey());
                ids.put(entry.getKey(), id);
                tokens.put(id, entry.getKey());
            });
        }
    }

    private static int id(Path path, JsonNode node, String token) {
        if (!node.isInt() || node.asInt() < 0) {
            String expected = "a whole number as id of token \"" + token + "\"";
            throw fault(expected, node.isMissingNode() ? "none" : node, path, FETCH_AGAIN);
        }
        return node.asInt();
    }

    private static Set<Integer> endings(Path path, Map<String, Integer> ids) {
        Set<Integer> endings = new HashSet<>();
        JsonNode listed = beside(path, "generation_config.json").path("eos_token_id");
        for (JsonNode id : listed.isArray() ? listed.values() : List.of(listed)) {
            if (id.isInt() && ids.containsValue(id.asInt())) {
                endings.add(id.asInt());
            }
        }
        return endings;
    }

    private static JsonNode beside(Path path, String name) {
        Path other = path.resolveSibling(name);
        return text(other).map(text -> tree(other, text)).orElseGet(MissingNode::getInstance);
    }

    private static Optional<String> text(Path path) {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try {
            long size = Files.size(path);
            if (size > LARGEST) {
                throw fault("at most " + LARGEST + " bytes", size, path, "Is it the right file?");
            }
            return Optional.of(Files.readString(path, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw fault("readable UTF-8 text", unreadable, path, FETCH_AGAIN);
        }
    }

    private static JsonNode tree(Path path, String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException broken) {
            throw fault("JSON", broken.getOriginalMessage(), path, FETCH_AGAIN);
        }
    }

    private static InputException fault(String expected, Object found, Path path, String nextStep) {
        return Refusal.of("tokenizer", expected, found, path, nextStep);
    }
}
