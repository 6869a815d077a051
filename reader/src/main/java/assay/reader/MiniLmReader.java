package assay.reader;

import assay.lab.matching.Reader;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Reads by meaning: likeness is the cosine of sentence embeddings of all-MiniLM-L6-v2 (Wang et al.
/// 2020), quantised to 8 bits. Each text is embedded once.
final class MiniLmReader implements Reader {
    private final EmbeddingModel model;
    private final Map<String, double[]> embedded = new ConcurrentHashMap<>();

    MiniLmReader(EmbeddingModel model) {
        this.model = model;
    }

    @Override
    public String name() {
        return "minilm";
    }

    @Override
    public double[][] similarities(List<String> texts, List<String> others) {
        List<double[]> columns = others.stream().map(this::vector).toList();
        double[][] alike = new double[texts.size()][];
        for (int row = 0; row < alike.length; row++) {
            double[] one = vector(texts.get(row));
            alike[row] = columns.stream().mapToDouble(other -> dot(one, other)).toArray();
        }
        return alike;
    }

    private double[] vector(String text) {
        return embedded.computeIfAbsent(text, this::embed);
    }

    /// Of length 1; all zeros for a text without a visible character, which says nothing.
    private double[] embed(String text) {
        double[] vector = new double[model.dimension()];
        if (text.isBlank()) {
            return vector;
        }
        float[] embedding = model.embed(text).content().vector();
        for (int i = 0; i < vector.length; i++) {
            vector[i] = embedding[i];
        }
        double norm = Math.sqrt(dot(vector, vector));
        for (int i = 0; i < vector.length && norm > 0; i++) {
            vector[i] /= norm;
        }
        return vector;
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }
}
