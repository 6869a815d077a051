package assay.lab.matching;

import assay.base.sparse.InnerProduct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a corpus teaches about words by the company they keep: two words are akin when they stand
/// beside the same words, even if never beside each other.
///
/// A word's vector holds its positive pointwise mutual information with every word (Bullinaria and Levy
/// 2007), counted within texts; a text's is the weighted sum of its words', less what all texts of the
/// corpus share.
///
/// @param places numbers of the words
/// @param companions of each word, by number
/// @param strengths theirs
/// @param centre what all texts share
record WordVectors(Map<String, Integer> places, List<int[]> companions, List<double[]> strengths, double[] centre) {
    /// Learns from texts.
    ///
    /// @param texts a map per text: each of its words, with the word's weight in the text
    static WordVectors of(List<Map<String, Double>> texts) {
        Map<String, Integer> places = new HashMap<>();
        List<Map<Integer, Integer>> beside = new ArrayList<>();
        for (Map<String, Double> text : texts) {
            Set<Integer> inText = new LinkedHashSet<>();
            for (String word : text.keySet()) {
                inText.add(places.computeIfAbsent(word, _ -> places.size()));
            }
            while (beside.size() < places.size()) {
                beside.add(new HashMap<>());
            }
            inText.forEach(one -> inText.forEach(other -> beside.get(one).merge(other, 1, Integer::sum)));
        }
        WordVectors company = information(places, beside);
        company.learnCentre(texts);
        return company;
    }

    private static WordVectors information(Map<String, Integer> places, List<Map<Integer, Integer>> beside) {
        double[] totals = beside.stream()
                .mapToDouble(
                        row -> row.values().stream().mapToInt(Integer::intValue).sum())
                .toArray();
        double all = Arrays.stream(totals).sum();
        List<int[]> companions = new ArrayList<>();
        List<double[]> strengths = new ArrayList<>();
        for (int word = 0; word < totals.length; word++) {
            Map<Integer, Integer> row = beside.get(word);
            int[] others =
                    row.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
            double[] strong = new double[others.length];
            for (int i = 0; i < others.length; i++) {
                double together = row.getOrDefault(others[i], 0);
                strong[i] = Math.max(0, Math.log(together * all / totals[word] / totals[others[i]]));
            }
            companions.add(others);
            strengths.add(unit(strong));
        }
        return new WordVectors(places, companions, strengths, new double[places.size()]);
    }

    private void learnCentre(List<Map<String, Double>> texts) {
        for (Map<String, Double> text : texts) {
            double[] vector = unit(sum(text));
            for (int i = 0; i < centre.length; i++) {
                centre[i] += vector[i] / texts.size();
            }
        }
    }

    /// Whether the corpus holds any of a text's words.
    boolean knows(Map<String, Double> text) {
        return text.keySet().stream().anyMatch(places::containsKey);
    }

    /// The vector of a text, of length 1; all zeros when the corpus knows none of its words.
    ///
    /// @param text each of its words, with the word's weight
    double[] vector(Map<String, Double> text) {
        double[] vector = unit(sum(text));
        if (!knows(text)) {
            return vector;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] -= centre[i];
        }
        return unit(vector);
    }

    private double[] sum(Map<String, Double> text) {
        double[] sum = new double[centre.length];
        text.forEach((word, weight) -> {
            Integer place = places.get(word);
            if (place != null) {
                int[] others = companions.get(place);
                double[] strong = strengths.get(place);
                for (int i = 0; i < others.length; i++) {
                    sum[others[i]] += weight * strong[i];
                }
            }
        });
        return sum;
    }

    private static double[] unit(double[] vector) {
        double norm = Math.sqrt(InnerProduct.of(vector, vector));
        for (int i = 0; i < vector.length && norm > 0; i++) {
            vector[i] /= norm;
        }
        return vector;
    }
}
