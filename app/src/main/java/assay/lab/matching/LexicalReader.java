package assay.lab.matching;

import assay.base.sparse.InnerProduct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads by words: texts are alike when they share content words, rare ones counting more, or runs of
/// letters; or when their words keep the same company in the corpus.
///
/// The first is the cosine of vectors of stems and of their runs of four letters, weighted by inverse
/// document frequency (Salton and Buckley 1988); the second that of [WordVectors]. Likeness is their mean.
/// It needs nothing but the corpus, and what stands in neither text nor corpus it cannot know.
public final class LexicalReader implements Reader {
    /// What the runs of letters of a word count together, beside the 1 of the word.
    private static final double RUNS = 0.5;

    private final Map<String, Integer> documents;
    private final int size;
    private final WordVectors company;

    /// Learns from a corpus how common each word is and what company it keeps.
    ///
    /// @param corpus descriptions and background; an empty one makes all words count the same
    public LexicalReader(List<String> corpus) {
        documents = new HashMap<>();
        size = corpus.size();
        List<Map<String, Double>> texts = new ArrayList<>();
        for (String text : corpus) {
            Map<String, Double> words = words(text);
            withRuns(words).keySet().forEach(feature -> documents.merge(feature, 1, Integer::sum));
            texts.add(words);
        }
        texts.forEach(this::weigh);
        company = WordVectors.of(texts);
    }

    @Override
    public String name() {
        return "lexical";
    }

    @Override
    public double[][] similarities(List<String> texts, List<String> others) {
        // Only one side is held in memory: the other may be a whole dictionary.
        List<Sight> rows = texts.stream().map(this::sight).toList();
        double[][] alike = new double[rows.size()][others.size()];
        for (int column = 0; column < others.size(); column++) {
            Sight other = sight(others.get(column));
            for (int row = 0; row < alike.length; row++) {
                alike[row][column] = rows.get(row).alike(other);
            }
        }
        return alike;
    }

    /// A text as this reader sees it.
    ///
    /// @param features words and runs of letters, of length 1
    /// @param company of its words, of length 1
    /// @param isKnown whether the corpus knows any of its words; else only the features are compared
    private record Sight(Map<String, Double> features, double[] company, boolean isKnown) {
        double alike(Sight other) {
            double shared = 0;
            for (Map.Entry<String, Double> entry : features.entrySet()) {
                shared += entry.getValue() * other.features.getOrDefault(entry.getKey(), 0.0);
            }
            return isKnown && other.isKnown ? (shared + InnerProduct.of(company, other.company)) / 2 : shared;
        }
    }

    private Sight sight(String text) {
        Map<String, Double> words = words(text);
        Map<String, Double> features = withRuns(words);
        weigh(words);
        weigh(features);
        double[] values =
                features.values().stream().mapToDouble(Double::doubleValue).toArray();
        double square = InnerProduct.of(values, values);
        double norm = square > 0 ? Math.sqrt(square) : 1;
        features.replaceAll((_, value) -> value / norm);
        return new Sight(features, company.vector(words), company.knows(words));
    }

    /// Multiplies by inverse document frequency.
    private void weigh(Map<String, Double> features) {
        features.replaceAll((feature, value) ->
                value * Math.max(0, Math.log((size + 1.0) / (documents.getOrDefault(feature, 0) + 0.5))));
    }

    /// How often each content word stands in a text, dampened: twice says little more than once.
    private static Map<String, Double> words(String text) {
        Map<String, Double> counts = new TreeMap<>();
        for (String stem : Words.stems(text)) {
            counts.merge(stem, 1.0, Double::sum);
        }
        counts.replaceAll((_, count) -> 1 + Math.log(count));
        return counts;
    }

    private static Map<String, Double> withRuns(Map<String, Double> words) {
        Map<String, Double> features = new LinkedHashMap<>(words);
        words.forEach((stem, count) -> {
            List<String> runs = Words.runs(stem);
            for (String run : runs) {
                features.merge(run, count * RUNS / Math.sqrt(runs.size()), Double::sum);
            }
        });
        return features;
    }
}
