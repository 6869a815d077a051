package assay.reading;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Reads by words alone: texts are alike when they share content words, rare ones counting more, or
/// runs of letters.
///
/// Each text is a vector of its stems and of their runs of four letters, weighted by term frequency and
/// inverse document frequency (Salton and Buckley 1988); likeness is the cosine. It knows no synonyms.
public final class LexicalReader implements Reader {
    /// What the runs of letters of a word count together, beside the 1 of the word.
    private static final double RUNS = 0.5;

    private final double runs;
    private final Map<String, Integer> documents;
    private final int texts;

    private LexicalReader(Map<String, Integer> documents, int texts, double runs) {
        this.documents = documents;
        this.texts = texts;
        this.runs = runs;
    }

    /// Learns from a corpus how common each word is.
    ///
    /// @param corpus descriptions and background; an empty one makes all words count the same
    public static LexicalReader of(List<String> corpus) {
        return of(corpus, RUNS);
    }

    static LexicalReader of(List<String> corpus, double runs) {
        Map<String, Integer> documents = new HashMap<>();
        for (String text : corpus) {
            for (String feature : new HashSet<>(counts(text, 1).keySet())) {
                documents.merge(feature, 1, Integer::sum);
            }
        }
        return new LexicalReader(documents, corpus.size(), runs);
    }

    @Override
    public String name() {
        return "lexical";
    }

    @Override
    public double[][] similarities(List<String> texts, List<String> others) {
        List<Map<String, Double>> columns = others.stream().map(this::vector).toList();
        double[][] alike = new double[texts.size()][];
        for (int row = 0; row < alike.length; row++) {
            Map<String, Double> one = vector(texts.get(row));
            alike[row] = columns.stream().mapToDouble(other -> dot(one, other)).toArray();
        }
        return alike;
    }

    private Map<String, Double> vector(String text) {
        Map<String, Double> vector = counts(text, runs);
        double square = 0;
        for (Map.Entry<String, Double> entry : vector.entrySet()) {
            double seen = documents.getOrDefault(entry.getKey(), 0);
            double value = Math.log1p(entry.getValue()) * Math.log((texts + 1.0) / (seen + 0.5));
            entry.setValue(Math.max(0, value));
            square += entry.getValue() * entry.getValue();
        }
        double norm = square > 0 ? Math.sqrt(square) : 1;
        vector.replaceAll((_, value) -> value / norm);
        return vector;
    }

    private static Map<String, Double> counts(String text, double runs) {
        Map<String, Double> counts = new HashMap<>();
        for (String stem : Words.stems(text)) {
            counts.merge(stem, 1.0, Double::sum);
            List<String> parts = Words.runs(stem);
            for (String part : parts) {
                counts.merge(part, runs / Math.sqrt(parts.size()), Double::sum);
            }
        }
        return counts;
    }

    private static double dot(Map<String, Double> one, Map<String, Double> other) {
        if (one.size() > other.size()) {
            return dot(other, one);
        }
        double sum = 0;
        for (Map.Entry<String, Double> entry : one.entrySet()) {
            sum += entry.getValue() * other.getOrDefault(entry.getKey(), 0.0);
        }
        return sum;
    }
}
