package assay.lab.matching;

import java.util.List;

/// How well found phrases name planted ones, up to paraphrase. Weights are not looked at, several
/// paraphrases of one planted phrase are all right.
///
/// @param precision share of the found that name a planted one; 0 where nothing was found
/// @param recall share of the planted that were named; 0 where nothing was planted
public record Recovery(double precision, double recall) {
    /// Compares two lists.
    ///
    /// @param alike when two texts count as one
    /// @param found what a search came up with
    /// @param planted what the target was made of
    public static Recovery of(SameMeaning alike, List<Phrase> found, List<Phrase> planted) {
        double[][] matches = alike.matches(found, planted);
        int right = 0;
        boolean[] named = new boolean[planted.size()];
        for (double[] row : matches) {
            boolean any = false;
            for (int i = 0; i < row.length; i++) {
                any |= row[i] > 0;
                named[i] |= row[i] > 0;
            }
            right += any ? 1 : 0;
        }
        int recalled = 0;
        for (boolean one : named) {
            recalled += one ? 1 : 0;
        }
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
