package assay.engine.model;

import assay.base.run.Refusal;
import assay.base.run.Sha256;
import assay.engine.family.Fit;
import assay.engine.format.GgufFile;
import assay.engine.format.TensorInfo;
import assay.engine.format.WeightFiles;
import assay.engine.text.ChatTemplate;
import assay.engine.text.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a model is, said without reading its numbers.
///
/// @param family such as `Qwen2`
/// @param parameters how many numbers it has; an unembedding that is the embedding counts once
/// @param format the number formats of its file, by their share of it, such as `Q4_1, F32`
/// @param bytes of its weights on the disk
/// @param templateSource where its chat template stands
/// @param templateSha256 of the chat template
public record ModelCard(
        String family, long parameters, String format, long bytes, String templateSource, String templateSha256) {
    /// Reads it, and makes sure that this version can run the model.
    ///
    /// @param path a `.gguf` file or a Hugging Face folder
    /// @throws assay.InputException saying why it cannot
    public static ModelCard read(Path path) {
        try (ModelFiles files = ModelFiles.open(path);
                var tokenizer = files.tokenizer()) {
            Fit.shapes(files.config(), files.weights().shapes());
            Slot.system(
                    ChatTemplate.parse(files.template().text()),
                    tokenizer.within(files.config().vocabulary()));
            return of(files, path);
        }
    }

    static ModelCard of(ModelFiles files, Path path) {
        return new ModelCard(
                files.family().title(),
                files.weights().shapes().values().stream()
                        .mapToLong(shape -> shape.stream().reduce(1L, (a, b) -> a * b))
                        .sum(),
                formats(files.file().tensors()),
                bytes(path),
                files.template().source(),
                Sha256.ofText(files.template().text()));
    }

    private static String formats(Map<String, TensorInfo> tensors) {
        Map<String, Long> bytes = new TreeMap<>();
        tensors.values().forEach(tensor -> bytes.merge(tensor.type().name(), tensor.bytes(), Long::sum));
        return bytes.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    }

    /// Bytes of the files that hold a model's weights.
    ///
    /// @throws assay.InputException if there are none
    public static long bytes(Path path) {
        List<Path> files = Files.isDirectory(path) ? WeightFiles.all(path) : GgufFile.files(path);
        long bytes = 0;
        for (Path file : files) {
            try {
                bytes += Files.size(file);
            } catch (IOException unreadable) {
                throw Refusal.of("model", "its weights", Refusal.reason(unreadable), file, "Fetch the file again.");
            }
        }
        return bytes;
    }
}
