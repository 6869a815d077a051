package assay.lab.matching;

import java.util.List;

/// What two readings of one behaviour share: of two seeds, two halves of the probes or of the
/// dictionary, or of two soft prompts that behave alike (waywardness).
///
/// @param shared share of weight that says the same on the other side: phrases with a paraphrase
///     there whose weight has the same sign; the mean of both directions, 0 where a side is empty
public record Overlap(double shared) {
    /// Compares two lists; the order of the two does not matter.
    public static Overlap of(SameMeaning alike, List<Phrase> one, List<Phrase> other) {
        double[][] matches = alike.matches(one, other);
        double forth = shared(matches, one, other);
        double back = shared(turned(matches, other.size()), other, one);
        return new Overlap((forth + back) / 2);
    }

    private static double shared(double[][] matches, List<Phrase> phrases, List<Phrase> others) {
        double whole = 0;
        double kept = 0;
        for (int i = 0; i < phrases.size(); i++) {
            double weight = phrases.get(i).weight();
            whole += Math.abs(weight);
            for (int j = 0; j < others.size(); j++) {
                if (matches[i][j] > 0 && weight * others.get(j).weight() > 0) {
                    kept += Math.abs(weight);
                    break;
                }
            }
        }
        return whole == 0 ? 0 : kept / whole;
    }

    private static double[][] turned(double[][] matches, int columns) {
        double[][] turned = new double[columns][matches.length];
        for (int i = 0; i < matches.length; i++) {
            for (int j = 0; j < columns; j++) {
                turned[j][i] = matches[i][j];
            }
        }
        return turned;
    }
}
