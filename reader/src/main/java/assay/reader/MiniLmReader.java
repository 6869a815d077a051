package assay.reader;

import assay.reading.Alike;
import assay.reading.Reader;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Reads by meaning: likeness is the cosine of sentence embeddings of all-MiniLM-L6-v2 (Wang et al.
/// 2020), quantised to 8 bits, less the mean embedding of the corpus, so that being an instruction does
/// not make two texts alike.
///
/// The mean is taken over at most 256 texts, evenly spread over the corpus. An embedding takes some ten
/// milliseconds; each text is embedded once.
final class MiniLmReader implements Reader {
    private static final int CENTRED_ON = 256;

    private final EmbeddingModel model;
    private final double[] centre;
    private final Map<String, double[]> embedded = new ConcurrentHashMap<>();

    MiniLmReader(EmbeddingModel model, List<String> corpus) {
        this.model = model;
        this.centre = new double[model.dimension()];
        List<String> some =
                Alike.spread(corpus.stream().filter(text -> !text.isBlank()).toList(), CENTRED_ON);
        for (String text : some) {
            float[] embedding = model.embed(text).content().vector();
            for (int i = 0; i < centre.length; i++) {
                centre[i] += embedding[i] / (double) some.size();
            }
        }
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
        double[] vector = new double[centre.length];
        if (text.isBlank()) {
            return vector;
        }
        float[] embedding = model.embed(text).content().vector();
        for (int i = 0; i < vector.length; i++) {
            vector[i] = embedding[i] - centre[i];
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
