package assay.engine.model;

import assay.TestFiles;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.format.MappedWeights;
import assay.engine.format.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files as people have them, made after public reports of wrong numbers, below
/// `src/test/resources/cases/`: inputs, and the token ids and logits that transformers and PEFT make of
/// them.
public final class Cases {
    private Cases() {}

    /// A file or folder of a case.
    public static Path path(String name) {
        return TestFiles.path("cases/" + name);
    }

    /// Opens the model of a case in float32.
    public static ChatModel open(Path path) {
        return ChatModel.open("case", path, Dtype.FLOAT32);
    }

    /// What is expected of a case.
    public static JsonNode expected(String name) {
        return JsonMapper.shared().readTree(path(name + "/expected.json"));
    }

    /// The largest difference of our logits at all places of a case from those expected.
    ///
    /// @param past what stands in front of the tokens, or null
    public static double difference(String name, LanguageModel model, @Nullable KeyValueCache past, Overlay overlay) {
        TokenBatch batch = TokenBatch.of(integers(expected(name).path("ids")));
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor hidden = model.hidden(batch, past, overlay, Positions.all(batch));
            Tensor ours = model.logits(hidden, overlay);
            Tensor theirs = Torch.floats(logits(name), ours.size(0), ours.size(1));
            return ModelGolden.difference(ours, theirs);
        }
    }

    private static float[] logits(String name) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path(name + "/logits.f32")));
            float[] logits = new float[bytes.remaining() / Float.BYTES];
            bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(logits);
            return logits;
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /// A list of whole numbers.
    public static int[] integers(JsonNode node) {
        return node.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    /// A copy of a folder that a test may bend.
    public static Path copy(String name, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (var files = Files.list(path(name))) {
            for (Path file : files.toList()) {
                Files.write(folder.resolve(file.getFileName().toString()), Files.readAllBytes(file));
            }
        }
        return folder;
    }

    /// Writes a safetensors file again with other tensors.
    public static void rewrite(Path from, Path to, Consumer<Map<String, Tensor>> change) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            try (MappedWeights<String> file = MappedWeights.safetensors(from)) {
                file.tensors().keySet().forEach(name -> tensors.put(name, file.read(name, Dtype.FLOAT32)));
            }
            change.accept(tensors);
            SafetensorsWriter.write(to, tensors, Map.of());
        }
    }

    /// Sets fields of a JSON file, given as JSON without braces.
    public static void edit(Path file, String fields) throws IOException {
        var root = (tools.jackson.databind.node.ObjectNode) JsonMapper.shared().readTree(file);
        root.setAll((tools.jackson.databind.node.ObjectNode) JsonMapper.shared().readTree("{" + fields + "}"));
        Files.writeString(file, root.toString());
    }

    /// The texts of the `prompts` of a case: system prompt and user turn.
    static List<List<String>> prompts(String name) {
        return expected(name)
                .path("prompts")
                .valueStream()
                .map(pair -> pair.valueStream().map(JsonNode::asString).toList())
                .toList();
    }
}
