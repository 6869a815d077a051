package assay.engine.format;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.tensor.Dtype;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// A GGUF model, in one file or in parts as `llama-gguf-split` names them: `model-00001-of-00003.gguf`. Any part stands
/// for all.
public final class GgufFile implements WeightFile {
    private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

    private final List<MappedWeights<Object>> parts = new ArrayList<>();
    private final Map<String, MappedWeights<Object>> homes = new LinkedHashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

    private GgufFile() {}

    /// Opens a whole file, or all parts of the model one is a part of.
    ///
    /// @throws InputException if it is not a GGUF file, damaged, or a part is missing or belongs to another model
    public static GgufFile open(Path path) {
        List<Path> files = files(path);
        GgufFile model = new GgufFile();
        try {
            for (Path file : files) {
                model.add(file, files.size());
            }
            return model;
        } catch (RuntimeException | Error refused) {
            model.close();
            throw refused;
        }
    }

    /// The files of the model that `path` is, or is a part of, in order.
    public static List<Path> files(Path path) {
        Matcher name = PART.matcher(String.valueOf(path.getFileName()));
        if (!name.matches()) {
            return List.of(path);
        }
        int count = Integer.parseInt(name.group(3));
        return IntStream.rangeClosed(1, count)
                .mapToObj(part -> path.resolveSibling("%s-%05d-of-%05d.gguf".formatted(name.group(1), part, count)))
                .toList();
    }

    private void add(Path file, int count) {
        if (count > 1 && !Files.isRegularFile(file)) {
            throw Refusal.of(
                    "GGUF", "all " + count + " parts of the model", "this one missing", file, "Fetch it, too.");
        }
        MappedWeights<Object> part = count > 1 ? MappedWeights.ggufPart(file) : MappedWeights.gguf(file);
        parts.add(part);
        if (count > 1 && (number(part, "split.count") != count || number(part, "split.no") != parts.size() - 1)) {
            throw Refusal.of(
                    "GGUF",
                    "part " + parts.size() + " of " + count,
                    "split.no " + number(part, "split.no") + " and split.count " + number(part, "split.count"),
                    file,
                    "Fetch the parts again under their own names.");
        }
        part.tensors().forEach((name, info) -> {
            if (homes.put(name, part) != null) {
                throw Refusal.of("GGUF", "each tensor in one part", name + " in two", file, "Fetch the parts again.");
            }
            tensors.put(name, info);
        });
    }

    private static long number(MappedWeights<Object> part, String key) {
        return part.metadata().get(key) instanceof Number number ? number.longValue() : -1;
    }

    /// What stands in the header of the first part, by key: numbers as `Number`, texts as `String`, truth values as
    /// `Boolean`, arrays as `List`.
    public Map<String, Object> metadata() {
        return parts.getFirst().metadata();
    }

    /// Where the first part is.
    public Path path() {
        return parts.getFirst().path();
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public Tensor read(String name, Dtype dtype) {
        return homes.getOrDefault(name, parts.getFirst()).read(name, dtype);
    }

    @Override
    public void close() {
        parts.forEach(MappedWeights::close);
    }
}
