package assay.engine.model;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.format.TensorInfo;
import assay.engine.format.WeightFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// The weights of a Hugging Face folder whose configuration and file agree.
///
/// @param file with the weights
/// @param shapes of the weights that count
record FolderSource(WeightFile file, Map<String, List<Long>> shapes) implements Weights.Source {
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head.weight";

    /// @throws InputException if they disagree; sizes are compared first
    static FolderSource of(Path folder, ConfigJson json, ModelConfig config, WeightFile file) {
        file.requireFilled("model", folder);
        Map<String, List<Long>> shapes = shapes(file.tensors());
        Fit.shapes(config, shapes);
        json.requireAgreement(config, shapes.keySet());
        if (json.isTied() && shapes.remove(HEAD) != null && !isEmbedding(file)) {
            throw json.anotherHead();
        }
        return new FolderSource(file, shapes);
    }

    private static Map<String, List<Long>> shapes(Map<String, TensorInfo> tensors) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        tensors.forEach((name, info) -> shapes.put(name, info.shape()));
        return shapes;
    }

    private static boolean isEmbedding(WeightFile file) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return file.read(HEAD, Dtype.FLOAT32).equal(file.read(EMBEDDING, Dtype.FLOAT32));
        }
    }

    @Override
    public Tensor read(String name, Dtype dtype) {
        return file.read(name, dtype);
    }
}
