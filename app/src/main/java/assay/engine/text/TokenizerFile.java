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
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// A tokenizer before it is opened: its `tokenizer.json` and what the files beside it say.
///
/// @param where where it came from, for messages
/// @param json the `tokenizer.json` document
/// @param ids ids by token
/// @param tokens tokens by id
/// @param special ids of special tokens
/// @param named special tokens by the name chat templates use, such as `bos_token`
/// @param endings ids listed as ends of an answer
/// @param addsBeginning whether a conversation begins with the beginning token although its template does not write
/// it: in llama.cpp where a GGUF says so, never in transformers
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
        TokenizerTrial.pass(path, root);
        JsonNode config = config(path);
        Map<String, Integer> ids = new HashMap<>();
        Map<Integer, String> tokens = new HashMap<>();
        Set<Integer> special = new HashSet<>();
        vocabulary(path, root.path("model").path("vocab"), ids, tokens);
        JsonNode listed = root.path("added_tokens");
        listed.forEach(token -> id(path, token.path("id"), token.path("content").asString("")));
        List<ObjectNode> added = AddedTokens.of(path, ids, listed, config, beside(path, "added_tokens.json"));
        ArrayNode all = JsonMapper.shared().createArrayNode().addAll(added);
        String whole = all.equals(listed) || all.isEmpty() ? text : with(root, all);
        for (JsonNode one : added) {
            String token = one.path("content").asString("");
            ids.put(token, one.path("id").asInt());
            tokens.put(one.path("id").asInt(), token);
            if (one.path("special").asBoolean(false)) {
                special.add(one.path("id").asInt());
            }
        }
        Map<String, String> named = new LinkedHashMap<>();
        NAMES.forEach(name -> {
            JsonNode token = config.path(name);
            String content =
                    token.isString() ? token.asString() : token.path("content").asString("");
            if (!content.isEmpty()) {
                named.put(name, content);
            }
        });
        return new TokenizerFile(path.toString(), whole, ids, tokens, special, named, endings(path, ids), false);
    }

    /// `tokenizer_config.json`, in old folders with the names of `special_tokens_map.json`.
    private static JsonNode config(Path path) {
        JsonNode config = beside(path, "tokenizer_config.json");
        if (config instanceof ObjectNode own
                && !own.has("added_tokens_decoder")
                && beside(path, "special_tokens_map.json") instanceof ObjectNode names) {
            return names.setAll(own);
        }
        return config;
    }

    private static String with(JsonNode root, ArrayNode added) {
        ((ObjectNode) root).set("added_tokens", added);
        return root.toString();
    }

    /// Without the added tokens from an id on.
    TokenizerFile within(int rows) {
        if (tokens.keySet().stream().allMatch(id -> id < rows)) {
            return this;
        }
        Set<Integer> beyond = new HashSet<>();
        JsonMapper.shared()
                .readTree(json)
                .path("added_tokens")
                .forEach(token -> beyond.add(token.path("id").asInt(-1)));
        beyond.removeIf(id -> id < rows);
        Map<String, Integer> idsWithin = new HashMap<>(ids);
        Map<Integer, String> within = new HashMap<>(tokens);
        Set<Integer> specialWithin = new HashSet<>(special);
        idsWithin.values().removeAll(beyond);
        within.keySet().removeAll(beyond);
        specialWithin.removeAll(beyond);
        return new TokenizerFile(where, json, idsWithin, within, specialWithin, named, endings, addsBeginning);
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
