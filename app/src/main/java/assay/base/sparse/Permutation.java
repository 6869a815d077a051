package assay.base.sparse;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Random orders (Fisher and Yates).
public final class Permutation {
    private Permutation() {}

    /// 0 … `count` − 1 in an order drawn evenly from all.
    public static int[] of(int count, SplittableRandom random) {
        int[] order = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int held = order[i];
            order[i] = order[j];
            order[j] = held;
        }
        return order;
    }
}
