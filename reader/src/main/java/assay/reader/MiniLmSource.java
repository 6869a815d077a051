package assay.reader;

import assay.ResourceException;
import assay.reading.Reader;
import assay.reading.ReaderSource;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.util.List;

/// Offers the embedding reader to the tool. The model's weights lie in its jar; nothing is fetched when
/// it runs.
public final class MiniLmSource implements ReaderSource {
    /// Runs on the caller's thread: the tool decides how many there are.
    @Override
    public Reader open(List<String> corpus) {
        try {
            return new MiniLmReader(new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run), corpus);
        } catch (LinkageError | RuntimeException broken) {
            throw new ResourceException(
                    "reader minilm: expected its embedding model to start, found " + broken.getMessage()
                            + " (app/target/lib). Build again without -Preader to do without it.");
        }
    }
}
