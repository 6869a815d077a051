package assay.engine.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `tokenizer.json` of a SentencePiece BPE vocabulary, as transformers writes it for Llama 2.
///
/// SentencePiece and llama.cpp join, again and again, the two neighbours whose joint token has the highest score.
/// So every way to cut a token in two tokens is a merge, and the token's score is its rank.
final class SentencePieces {
    private static final String SPACE = "\u2581";

    private SentencePieces() {}

    private record Merge(List<String> halves, double score) {}

    /// @param ids of every token
    /// @param scores of the tokens that are put together from others
    /// @param spaceInFront whether a space is put in front of a text, and of what stands behind a special token
    /// @param unknown the token for what has neither token nor bytes, if any
    static Map<String, Object> document(
            Map<String, Integer> ids, Map<String, Double> scores, boolean spaceInFront, @Nullable String unknown) {
        List<Object> normalizers = new ArrayList<>();
        List<Object> decoders =
                new ArrayList<>(List.of(replace(SPACE, " "), Map.of("type", "ByteFallback"), Map.of("type", "Fuse")));
        if (spaceInFront) {
            normalizers.add(Map.of("type", "Prepend", "prepend", SPACE));
            decoders.add(Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0));
        }
        normalizers.add(replace(" ", SPACE));
        Map<String, Object> model = new LinkedHashMap<>(Map.of("type", "BPE", "byte_fallback", true, "fuse_unk", true));
        model.put("unk_token", unknown);
        model.put("vocab", ids);
        model.put("merges", merges(scores));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("normalizer", Map.of("type", "Sequence", "normalizers", normalizers));
        document.put("decoder", Map.of("type", "Sequence", "decoders", decoders));
        document.put("model", model);
        return document;
    }

    private static Map<String, Object> replace(String text, String by) {
        return Map.of("type", "Replace", "pattern", Map.of("String", text), "content", by);
    }

    private static List<List<String>> merges(Map<String, Double> scores) {
        List<Merge> merges = new ArrayList<>();
        scores.forEach((token, score) -> {
            for (int border = token.length() - 1; border > 0; border--) {
                String left = token.substring(0, border);
                String right = token.substring(border);
                if (scores.containsKey(left) && scores.containsKey(right)) {
                    merges.add(new Merge(List.of(left, right), score));
                }
            }
        });
        merges.sort(Comparator.comparingDouble(Merge::score).reversed());
        return merges.stream().map(Merge::halves).toList();
    }
}
