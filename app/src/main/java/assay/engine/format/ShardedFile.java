package assay.engine.format;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.tensor.Dtype;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;

/// A model spread over several safetensors files, with an index that says which tensor is where.
final class ShardedFile implements WeightFile {
    private static final int MOST_SHARDS = 4096;
    private final Path index;
    private final Map<String, MappedWeights<String>> shards = new LinkedHashMap<>();
    private final Map<String, MappedWeights<String>> homes = new LinkedHashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

    private ShardedFile(Path index) {
        this.index = index;
    }

    /// @throws InputException if the index is damaged or a tensor is not in the shard it names
    static ShardedFile open(Path index) {
        ShardedFile file = new ShardedFile(index);
        try {
            JsonNode map = JsonFile.readObject(index).path("weight_map");
            if (!map.isObject() || map.isEmpty()) {
                throw file.refusal("a weight_map", JsonFile.shown(map));
            }
            map.properties().forEach(entry -> file.add(entry.getKey(), entry.getValue()));
            return file;
        } catch (RuntimeException | Error refused) {
            file.close();
            throw refused;
        }
    }

    private void add(String name, JsonNode place) {
        String shard = place.asString("");
        if (!shard.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
            throw refusal("a safetensors file beside the index for " + name, JsonFile.shown(place));
        }
        MappedWeights<String> home = shards.get(shard);
        if (home == null) {
            if (shards.size() == MOST_SHARDS) {
                throw refusal("at most " + MOST_SHARDS + " shards", "more");
            }
            home = MappedWeights.safetensors(index.resolveSibling(shard));
            shards.put(shard, home);
        }
        TensorInfo info = home.tensors().get(name);
        if (info == null) {
            throw refusal(name + " in " + shard, "none");
        }
        homes.put(name, home);
        tensors.put(name, info);
    }

    private InputException refusal(String expected, String found) {
        return Refusal.of("safetensors index", expected, found, index, "Fetch the folder again.");
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public Tensor read(String name, Dtype dtype) {
        MappedWeights<String> home = homes.get(name);
        if (home == null) {
            throw refusal("a tensor " + name, "none");
        }
        return home.read(name, dtype);
    }

    @Override
    public void close() {
        shards.values().forEach(MappedWeights::close);
    }
}
