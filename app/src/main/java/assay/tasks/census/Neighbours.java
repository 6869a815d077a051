package assay.tasks.census;

import assay.base.vector.InnerProducts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Who does nearly the same as whom, by the angles between sketches. Every pair is looked at: for
/// ten thousand adapters, some minutes.
///
/// @param links of each, the nearest others, the nearest first
record Neighbours(List<List<Link>> links) {
    /// From this cosine on, two adapters count as nearly the same.
    static final double NEARLY = 0.95;

    private static final int MOST = 3;
    private static final int TOGETHER = 64;

    /// @param other its index
    /// @param cosine of the two sketches
    record Link(int other, double cosine) {}

    /// Finds them.
    ///
    /// @param unit sketches of length one
    static Neighbours of(float[][] unit) {
        List<List<Link>> links = new ArrayList<>();
        for (int from = 0; from < unit.length; from += TOGETHER) {
            int to = Math.min(unit.length, from + TOGETHER);
            float[][] some = Arrays.copyOfRange(unit, from, to);
            float[][] cosines = InnerProducts.of(unit, some);
            for (int i = from; i < to; i++) {
                links.add(nearest(i, cosines[i - from]));
            }
        }
        return new Neighbours(links);
    }

    private static List<Link> nearest(int self, float[] cosines) {
        return IntStream.range(0, cosines.length)
                .filter(other -> other != self)
                .mapToObj(other -> new Link(other, cosines[other]))
                .sorted(Comparator.comparingDouble(link -> -link.cosine()))
                .limit(MOST)
                .toList();
    }

    /// A pair that does nearly the same.
    record Pair(int one, int other, double cosine) {}

    /// Pairs of neighbours that do nearly the same, the nearest first.
    List<Pair> pairs() {
        return IntStream.range(0, links.size())
                .boxed()
                .flatMap(i -> links.get(i).stream()
                        .filter(link -> link.cosine() >= NEARLY)
                        .map(link -> new Pair(Math.min(i, link.other()), Math.max(i, link.other()), link.cosine())))
                .distinct()
                .sorted(Comparator.comparingDouble((Pair pair) -> -pair.cosine())
                        .thenComparingInt(Pair::one)
                        .thenComparingInt(Pair::other))
                .toList();
    }

    /// Sketches scaled to length one; one of zeros stays as it is.
    static float[][] unit(List<float[]> sketches) {
        return sketches.stream()
                .map(sketch -> {
                    double square = 0;
                    for (float value : sketch) {
                        square += (double) value * value;
                    }
                    float scale = (float) (square > 0 ? 1 / Math.sqrt(square) : 0);
                    float[] scaled = new float[sketch.length];
                    for (int i = 0; i < scaled.length; i++) {
                        scaled[i] = sketch[i] * scale;
                    }
                    return scaled;
                })
                .toArray(float[][]::new);
    }
}
