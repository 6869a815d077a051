package assay.engine.text;

import assay.InputException;
import assay.base.run.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The tokens that are never cut, as transformers counts them when it loads a folder: those of
/// `tokenizer.json`; over them, those of `tokenizer_config.json` (`added_tokens_decoder`) or, in old
/// folders, of `added_tokens.json`; and the special tokens that are only named there. Tokens nobody
/// knows yet get the next ids.
final class AddedTokens {
    private static final List<String> NAMED = List.of(
            "bos_token",
            "eos_token",
            "unk_token",
            "sep_token",
            "pad_token",
            "cls_token",
            "mask_token",
            "additional_special_tokens",
            "extra_special_tokens");

    private static final List<String> FLAGS = List.of("single_word", "lstrip", "rstrip", "normalized");

    /// Characters of a token that is never cut; the longest known ones have some dozens. The tokenizers library takes
    /// time with the square of it.
    static final int LONGEST = 1_000;

    private final Path path;
    private final Map<String, Integer> vocabulary;
    private final Map<String, ObjectNode> tokens = new LinkedHashMap<>();
    private int next;

    private AddedTokens(Path path, Map<String, Integer> vocabulary, JsonNode listed) {
        this.path = path;
        this.vocabulary = vocabulary;
        this.next = vocabulary.values().stream().mapToInt(id -> id + 1).max().orElse(0);
        for (JsonNode token : listed) {
            tokens.put(token.path("content").asString(""), (ObjectNode) token);
            next = Math.max(next, token.path("id").asInt(-1) + 1);
        }
    }

    /// Every added token with its `id`.
    ///
    /// @param vocabulary ids of the tokens the model of the tokenizer knows
    /// @param listed `added_tokens` of `tokenizer.json`
    /// @param config `tokenizer_config.json`
    /// @param old `added_tokens.json`: ids by token
    /// @throws InputException if one is declared with an id that it cannot have
    static List<ObjectNode> of(
            Path path, Map<String, Integer> vocabulary, JsonNode listed, JsonNode config, JsonNode old) {
        AddedTokens added = new AddedTokens(path, vocabulary, listed);
        List<String> special = new ArrayList<>();
        NAMED.forEach(name -> contents(config.path(name)).forEach(special::add));
        Map<Integer, ObjectNode> declared = new TreeMap<>();
        config.path("added_tokens_decoder").properties().forEach(entry -> {
            String content = entry.getValue().path("content").asString("");
            boolean isSpecial = entry.getValue().path("special").asBoolean(false);
            ObjectNode token = token(content, isSpecial);
            FLAGS.stream()
                    .filter(entry.getValue()::has)
                    .forEach(flag -> token.set(flag, entry.getValue().path(flag)));
            declared.put(added.id(entry.getKey()), token);
        });
        if (declared.isEmpty()) {
            old.properties()
                    .forEach(entry -> declared.put(
                            added.id(entry.getValue().toString()),
                            token(entry.getKey(), special.contains(entry.getKey()))));
        }
        declared.forEach(added::put);
        special.stream()
                .filter(token -> !token.isEmpty())
                .forEach(token -> added.tokens.computeIfAbsent(
                        token, _ -> token(token, true).put("id", added.idOf(token))));
        added.tokens.keySet().stream()
                .filter(token -> token.length() > LONGEST)
                .findFirst()
                .ifPresent(token -> {
                    String found = token.length() + " in \"" + Refusal.name(token) + "\"";
                    throw added.fault("added tokens of at most " + LONGEST + " characters", found);
                });
        return List.copyOf(added.tokens.values());
    }

    private static Stream<String> contents(JsonNode named) {
        return named.isString()
                ? Stream.of(named.asString())
                : named.has("content")
                        ? Stream.of(named.path("content").asString(""))
                        : named.valueStream().flatMap(AddedTokens::contents);
    }

    private static ObjectNode token(String content, boolean isSpecial) {
        ObjectNode token = JsonMapper.shared().createObjectNode();
        token.put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false);
        return token.put("normalized", !isSpecial).put("special", isSpecial);
    }

    private int idOf(String content) {
        ObjectNode known = tokens.get(content);
        Integer ordinary = known == null
                ? vocabulary.get(content)
                : (Integer) known.path("id").asInt();
        return ordinary == null ? next++ : ordinary;
    }

    private void put(int id, ObjectNode token) {
        String content = token.path("content").asString("");
        int actual = idOf(content);
        if (id != actual) {
            throw fault("\"" + content + "\" at id " + actual, Integer.toString(id));
        }
        tokens.put(content, token.put("id", id));
    }

    private int id(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw fault("a whole number as id of an added token", "\"" + text + "\"");
        }
        return Integer.parseInt(text);
    }

    private InputException fault(String expected, String found) {
        return new InputException("tokenizer: expected " + expected + ", found " + found + " (files beside " + path
                + "). They do not belong together.");
    }
}
