package assay.engine.format;

import assay.base.run.Refusal;
import assay.base.tensor.Dtype;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;

/// What FSDP, DeepSpeed, torch.compile, DDP and checkpointing put around modules, and leave in names when a model is
/// saved without being unwrapped: `_fsdp_wrapped_module.model.norm.weight`.
public final class Wrappers {
    private static final Pattern WRAPPERS = Pattern.compile("(?<=^|\\.)(_\\w+|module)\\.");

    private Wrappers() {}

    /// A tensor's name without wrappers, wherever they stand in it.
    public static String without(String name) {
        return WRAPPERS.matcher(name).replaceAll("");
    }

    /// Models with vision keep their language model apart.
    private static String textOnly(String name) {
        return name.replaceFirst("(^|\\.)language_model\\.", "$1");
    }

    /// A file with such names under the plain ones; any other as it is.
    ///
    /// @param path for messages
    /// @throws assay.InputException if two tensors have one plain name
    static WeightFile unwrapped(WeightFile file, Path path) {
        Map<String, String> spellings = new LinkedHashMap<>();
        for (String name : file.tensors().keySet()) {
            String other = spellings.put(Spelling.ours(textOnly(without(name))), name);
            if (other != null) {
                file.close();
                throw Refusal.of(
                        "model", "one tensor for each name", other + " and " + name, path, "Save it unwrapped.");
            }
        }
        boolean isPlain = spellings.entrySet().stream()
                .allMatch(spelling -> spelling.getKey().equals(spelling.getValue()));
        return isPlain ? file : new Unwrapped(file, spellings);
    }

    /// @param spellings names in the file by plain name
    private record Unwrapped(WeightFile file, Map<String, String> spellings) implements WeightFile {
        @Override
        public Map<String, TensorInfo> tensors() {
            Map<String, TensorInfo> tensors = new LinkedHashMap<>();
            spellings.forEach((name, spelling) ->
                    tensors.put(name, Objects.requireNonNull(file.tensors().get(spelling))));
            return Collections.unmodifiableMap(tensors);
        }

        @Override
        public Tensor read(String name, Dtype dtype) {
            return file.read(spellings.getOrDefault(name, name), dtype);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
