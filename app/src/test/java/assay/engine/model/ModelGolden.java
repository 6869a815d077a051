package assay.engine.model;

import assay.TestFiles;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.format.WeightFile;
import assay.engine.format.WeightFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reference numbers made by `bench/golden/`, and how far ours are from them.
public final class ModelGolden {
    private ModelGolden() {}

    /// A context and the places at which it is compared.
    ///
    /// @param ids token ids
    /// @param places token columns
    public record Context(int[] ids, int[] places) {
        /// The places as those of a batch of one.
        public Positions positions() {
            return new Positions(new int[places.length], places);
        }
    }

    /// A file or folder below `src/test/resources/golden/`.
    public static Path path(String name) {
        return TestFiles.path("golden/" + name);
    }

    /// A JSON document.
    public static JsonNode json(String name) {
        return JsonMapper.shared().readTree(path(name));
    }

    /// The `contexts` of a JSON document; those that name no places are compared at their last token.
    public static List<Context> contexts(String name) {
        List<Context> contexts = new ArrayList<>();
        for (JsonNode node : json(name).path("contexts")) {
            int[] ids = integers(node.path("ids"));
            int[] places = node.has("places") ? integers(node.path("places")) : new int[] {ids.length - 1};
            contexts.add(new Context(ids, places));
        }
        return contexts;
    }

    private static int[] integers(JsonNode node) {
        return node.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    /// One tensor of a safetensors file, float32, owned by the caller's scope.
    public static Tensor tensor(String file, String name) {
        try (WeightFile numbers = WeightFiles.open(path(file))) {
            return numbers.read(name, Dtype.FLOAT32);
        }
    }

    /// Our logits at the places of all contexts, each run alone.
    public static Tensor logits(LanguageModel model, Overlay overlay, List<Context> contexts) {
        try (TensorScope scope = new TensorScope()) {
            Tensor hidden = hidden(model, overlay, contexts);
            return scope.keep(model.logits(hidden, overlay));
        }
    }

    /// Our final hidden states at the places of all contexts, each run alone.
    public static Tensor hidden(LanguageModel model, Overlay overlay, List<Context> contexts) {
        try (TensorScope scope = new TensorScope()) {
            Tensor[] parts = new Tensor[contexts.size()];
            for (int i = 0; i < parts.length; i++) {
                Context context = contexts.get(i);
                parts[i] = model.hidden(TokenBatch.of(context.ids()), null, overlay, context.positions());
            }
            return scope.keep(torch.cat(new org.bytedeco.pytorch.TensorVector(parts), 0));
        }
    }

    /// The largest absolute difference.
    public static double difference(Tensor ours, Tensor theirs) {
        try (TensorScope _ = new TensorScope()) {
            return ours.sub(theirs).abs().max().item_double();
        }
    }

    /// KL(theirs ‖ ours) in nats of each row of logits `[place vocab]`.
    public static double[] divergences(Tensor theirs, Tensor ours) {
        try (TensorScope _ = new TensorScope()) {
            Tensor p = torch.log_softmax(theirs.to(torch.ScalarType.Double), -1);
            Tensor q = torch.log_softmax(ours.to(torch.ScalarType.Double), -1);
            float[] values = Torch.toFloats(p.exp().mul(p.sub(q)).sum(-1));
            double[] rows = new double[values.length];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = values[i];
            }
            return rows;
        }
    }
}
