package assay.lab.matching;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// How well found phrases name planted ones, up to paraphrase. Weights are not looked at, several
/// paraphrases of one planted phrase are all right.
///
/// @param precision share of the found that name a planted one; 0 where nothing was found
/// @param recall share of the planted that were named; 0 where nothing was planted
public record Recovery(double precision, double recall) {
    /// Compares two lists.
    ///
    /// @param meaning when two texts count as one
    /// @param found what a search came up with
    /// @param planted what the target was made of
    public static Recovery of(SameMeaning meaning, List<Phrase> found, List<Phrase> planted) {
        double[][] matches = meaning.matches(found, planted);
        long right = Arrays.stream(matches)
                .filter(row -> Arrays.stream(row).anyMatch(alike -> alike > 0))
                .count();
        long recalled = IntStream.range(0, planted.size())
                .filter(i -> Arrays.stream(matches).anyMatch(row -> row[i] > 0))
                .count();
        return new Recovery(
                found.isEmpty() ? 0 : (double) right / found.size(),
                planted.isEmpty() ? 0 : (double) recalled / planted.size());
    }

    /// Harmonic mean of precision and recall; 0 where both are.
    public double f1() {
        double sum = precision + recall;
        return sum == 0 ? 0 : 2 * precision * recall / sum;
    }
}
