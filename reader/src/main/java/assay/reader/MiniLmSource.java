package assay.reader;

import assay.ResourceException;
import assay.lab.matching.Reader;
import assay.lab.matching.ReaderSource;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.util.List;

/// Offers the embedding reader to the tool. The model's weights lie in its jar; nothing is fetched when
/// it runs.
public final class MiniLmSource implements ReaderSource {
    /// It has learnt from other texts and needs no corpus. It runs on the caller's thread.
    @Override
    public Reader open(List<String> corpus) {
        try {
            return new MiniLmReader(new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run));
        } catch (LinkageError | RuntimeException broken) {
            throw new ResourceException(
                    "reader minilm: expected its embedding model to start, found " + broken.getMessage()
                            + " (reader/target). Build it again with -Preader, or remove reader/target to do without it.",
                    broken);
        }
    }
}
