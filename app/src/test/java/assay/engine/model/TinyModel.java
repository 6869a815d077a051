package assay.engine.model;

import assay.base.tensor.Dtype;
import java.util.Random;

/// The tiny random models of `bench/golden/tiny.py`, and those of `families.py` by `families/` and their name.
public final class TinyModel {
    private TinyModel() {}

    /// Opens one by its folder name.
    public static ChatModel open(String name) {
        return open(name, Dtype.FLOAT32);
    }

    /// Opens one in a given format.
    public static ChatModel open(String name, Dtype dtype) {
        return ChatModel.open(
                name, ModelGolden.path(name.startsWith("families/") ? name : "tiny/models/" + name), dtype);
    }

    /// Random ordinary token ids.
    public static int[] tokens(int seed, int count) {
        return new Random(seed).ints(count, 3, 265).toArray();
    }
}
