package assay.engine.format;

import assay.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Finds the weights of a model: one file or a Hugging Face folder.
public final class WeightFiles {
    private static final String WHOLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private WeightFiles() {}

    /// Opens a `.gguf` file, a safetensors file, or a folder with `model.safetensors` or a sharded
    /// `model.safetensors.index.json`; names in a folder are without wrappers ([Wrappers]).
    ///
    /// @throws InputException if there are no weights or they are damaged
    public static WeightFile open(Path path) {
        if (Files.isDirectory(path)) {
            Path main = main(path);
            return Wrappers.unwrapped(
                    main.endsWith(INDEX) ? ShardedFile.open(main) : MappedWeights.safetensors(main), main);
        }
        return path.toString().endsWith(".gguf") ? MappedWeights.gguf(path) : MappedWeights.safetensors(path);
    }

    /// Every file that holds weights of a folder: `model.safetensors`, or the index of its shards and each of them, in
    /// order of their names.
    ///
    /// @throws InputException if there are no weights, or the index is damaged
    public static List<Path> all(Path folder) {
        Path main = main(folder);
        if (!main.endsWith(INDEX)) {
            return List.of(main);
        }
        TreeSet<Path> files = new TreeSet<>();
        JsonFile.readObject(main).path("weight_map").forEach(shard -> files.add(folder.resolve(shard.asString(""))));
        List<Path> all = new ArrayList<>(files);
        all.addFirst(main);
        return all;
    }

    /// The file of a folder that stands for its weights: `model.safetensors`, or the index of its shards.
    ///
    /// @throws InputException if there is neither
    static Path main(Path folder) {
        for (String name : new String[] {WHOLE, INDEX}) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        boolean pickled = Files.isRegularFile(folder.resolve("pytorch_model.bin"));
        throw new InputException("model: expected model.safetensors or its index, found "
                + (pickled ? "pytorch_model.bin only" : "neither") + " (" + folder + "). "
                + (pickled ? "Convert it to safetensors." : "Give a folder with weights."));
    }
}
