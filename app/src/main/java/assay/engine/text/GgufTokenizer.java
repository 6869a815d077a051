package assay.engine.text;

import assay.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Writes the `tokenizer.json` a GGUF file's metadata describes.
///
/// Of byte-level BPE (`gpt2`) GGUF keeps vocabulary and merges, but of the pre-tokenizer only a name
/// (`tokenizer.ggml.pre`); what each name means is known from llama.cpp and from the models' own files.
/// Of SentencePiece's BPE (`llama`) it keeps the vocabulary with a score for each token; see [SentencePieces].
final class GgufTokenizer {
    private static final String KEYS = "tokenizer.ggml.";
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNKNOWN = 2;
    private static final int BYTE = 6;
    /// What SentencePiece trains at most.
    private static final int LONGEST_PIECE = 512;
    private static final String LLAMA3 =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String QWEN2 = LLAMA3.replace("\\p{N}{1,3}", "\\p{N}");

    private final Map<String, Object> metadata;

    private GgufTokenizer(Map<String, Object> metadata) {
        this.metadata = metadata;
    }

    /// @throws InputException if a field is missing, or the kind of tokenizer is not one this version knows
    static TokenizerFile read(Map<String, Object> metadata) {
        return new GgufTokenizer(metadata).file();
    }

    private TokenizerFile file() {
        Object model = metadata.get(KEYS + "model");
        boolean isSentencePiece = "llama".equals(model);
        if (!isSentencePiece && !"gpt2".equals(model)) {
            throw fault("model", "gpt2 (byte-level BPE) or llama (SentencePiece)", model);
        }
        List<String> tokens = texts("tokens");
        List<?> types = ofEach("token_type", tokens);
        Map<String, Integer> ids = new LinkedHashMap<>();
        Map<Integer, String> byId = new HashMap<>();
        Set<Integer> special = new HashSet<>();
        List<Object> added = new ArrayList<>();
        for (int id = 0; id < tokens.size(); id++) {
            Integer before = ids.putIfAbsent(tokens.get(id), id);
            if (before != null) {
                throw fault("tokens", "each token once", "\"" + tokens.get(id) + "\" at " + before + " and " + id);
            }
            byId.put(id, tokens.get(id));
            int type = type(types, id);
            if (type == CONTROL || type == UNKNOWN) {
                special.add(id);
            }
            if (special.contains(id) || type == USER_DEFINED) {
                if (tokens.get(id).length() > AddedTokens.LONGEST) {
                    String found = tokens.get(id).length() + " at " + id;
                    throw fault("tokens", "added ones of at most " + AddedTokens.LONGEST + " characters", found);
                }
                added.add(added(id, tokens.get(id), type != USER_DEFINED));
            }
        }
        Map<String, Object> document =
                isSentencePiece ? pieces(tokens, types, ids, special) : document(ids, merges(ids));
        document.put("version", "1.0");
        document.put("added_tokens", added);
        String json = JsonMapper.shared().writeValueAsString(document);
        boolean begins = flag("add_bos_token", isSentencePiece);
        return new TokenizerFile("GGUF metadata", json, ids, byId, special, named(tokens), endings(tokens), begins);
    }

    /// A list that has as many members as there are tokens; empty where there is none.
    private List<?> ofEach(String name, List<String> tokens) {
        List<?> values = metadata.get(KEYS + name) instanceof List<?> list ? list : List.of();
        if (!values.isEmpty() && values.size() != tokens.size()) {
            throw fault(name, "one for each of the " + tokens.size() + " tokens", values.size());
        }
        return values;
    }

    private static int type(List<?> types, int id) {
        return !types.isEmpty() && types.get(id) instanceof Number number ? number.intValue() : 1;
    }

    private boolean flag(String name, boolean otherwise) {
        return metadata.get(KEYS + name) instanceof Boolean said ? said : otherwise;
    }

    /// The document of a SentencePiece tokenizer. Special tokens and bytes are never put together from letters.
    private Map<String, Object> pieces(
            List<String> tokens, List<?> types, Map<String, Integer> ids, Set<Integer> special) {
        List<?> scores = ofEach("scores", tokens);
        Map<String, Double> mergeable = new LinkedHashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (scores.isEmpty() || !(scores.get(id) instanceof Number score)) {
                throw fault("scores", "a number for each token", metadata.get(KEYS + "scores"));
            }
            if (tokens.get(id).length() > LONGEST_PIECE) {
                throw fault(
                        "tokens",
                        "at most " + LONGEST_PIECE + " letters each",
                        tokens.get(id).length());
            }
            if (!special.contains(id) && type(types, id) != BYTE) {
                mergeable.put(tokens.get(id), score.doubleValue());
            }
        }
        String unknown = named(tokens).get("unk_token");
        return SentencePieces.document(ids, mergeable, flag("add_space_prefix", true), unknown);
    }

    private static Map<String, Object> added(int id, String token, boolean special) {
        Map<String, Object> added = new HashMap<>(Map.of("id", id, "content", token, "special", special));
        List.of("normalized", "single_word", "lstrip", "rstrip").forEach(flag -> added.put(flag, false));
        return added;
    }

    private Map<String, Object> document(Map<String, Integer> ids, List<List<String>> merges) {
        Layout layout = layout();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("normalizer", layout.normalizer());
        document.put("pre_tokenizer", Map.of("type", "Sequence", "pretokenizers", layout.steps()));
        document.put("decoder", bytes(true));
        document.put(
                "model",
                Map.of("type", "BPE", "ignore_merges", layout.wholeWordsFirst(), "vocab", ids, "merges", merges));
        return document;
    }

    /// What a `pre` name stands for.
    ///
    /// @param steps pre-tokenizers in order
    /// @param wholeWordsFirst whether a word that is a token stays whole without merging
    private record Layout(List<Object> steps, @Nullable Object normalizer, boolean wholeWordsFirst) {}

    private Layout layout() {
        Object pre = metadata.getOrDefault(KEYS + "pre", "default");
        return switch (pre.toString()) {
            case "default", "gpt-2" -> new Layout(List.of(bytes(true)), null, false);
            case "smollm", "starcoder" ->
                new Layout(List.of(Map.of("type", "Digits", "individual_digits", true), bytes(true)), null, false);
            case "llama-bpe", "llama3", "llama-v3" -> new Layout(List.of(split(LLAMA3), bytes(false)), null, true);
            case "qwen2" -> new Layout(List.of(split(QWEN2), bytes(false)), Map.of("type", "NFC"), false);
            default -> throw fault("pre", "one of default, gpt-2, smollm, starcoder, llama-bpe, qwen2", pre);
        };
    }

    private static Map<String, Object> bytes(boolean splitsWords) {
        return Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", splitsWords);
    }

    private static Map<String, Object> split(String regex) {
        return Map.of("type", "Split", "pattern", Map.of("Regex", regex), "behavior", "Isolated", "invert", false);
    }

    private List<List<String>> merges(Map<String, Integer> ids) {
        List<List<String>> merges = new ArrayList<>();
        for (String merge : texts("merges")) {
            int space = merge.indexOf(' ', 1);
            String left = space < 0 ? merge : merge.substring(0, space);
            String right = space < 0 ? "" : merge.substring(space + 1);
            if (!ids.containsKey(left) || !ids.containsKey(right) || !ids.containsKey(left + right)) {
                throw fault("merges", "two tokens that make a third", "\"" + merge + "\"");
            }
            merges.add(List.of(left, right));
        }
        return merges;
    }

    private List<String> texts(String name) {
        if (!(metadata.get(KEYS + name) instanceof List<?> list) || list.isEmpty()) {
            throw fault(name, "a list of texts", metadata.get(KEYS + name));
        }
        List<String> texts = new ArrayList<>(list.size());
        for (Object item : list) {
            if (!(item instanceof String text)) {
                throw fault(name, "a list of texts", item);
            }
            texts.add(text);
        }
        return texts;
    }

    private Map<String, String> named(List<String> tokens) {
        Map<String, String> named = new LinkedHashMap<>();
        Map.of("bos_token", "bos", "eos_token", "eos", "unk_token", "unknown", "pad_token", "padding")
                .forEach((name, key) ->
                        number(key + "_token_id", tokens.size()).ifPresent(id -> named.put(name, tokens.get(id))));
        if ("llama".equals(metadata.get(KEYS + "model"))) {
            // What llama.cpp takes where the file does not say.
            Map.of("unk_token", 0, "bos_token", 1, "eos_token", 2).forEach((name, id) -> {
                if (id < tokens.size()) {
                    named.putIfAbsent(name, tokens.get(id));
                }
            });
        }
        return named;
    }

    private Set<Integer> endings(List<String> tokens) {
        Set<Integer> endings = new HashSet<>();
        for (String key : List.of("eos_token_id", "eot_token_id", "eom_token_id")) {
            number(key, tokens.size()).ifPresent(endings::add);
        }
        return endings;
    }

    private Optional<Integer> number(String name, int size) {
        Object value = metadata.get(KEYS + name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Number number) || number.longValue() < 0 || number.longValue() >= size) {
            throw fault(name, "a token id below " + size, value);
        }
        return Optional.of(number.intValue());
    }

    private static InputException fault(String field, String expected, @Nullable Object found) {
        return new InputException("tokenizer: expected " + expected + " in " + KEYS + field + ", found "
                + (found == null ? "none" : found instanceof List<?> list ? "a list of " + list.size() : found)
                + " (GGUF metadata). Use a Hugging Face folder of this model instead.");
    }
}
