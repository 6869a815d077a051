package assay.lab.trials;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import java.util.Arrays;
import java.util.List;

/// Whether what examples show was learned: the likeliest answers to user turns held out from all training, against
/// the answers that were expected.
///
/// KL closed also counts the look of an answer. Here a word counts only if it stands where it should, and
/// [#another] says what the look alone would be worth.
///
/// @param turns held-out user turns that were answered
/// @param tokens longest answer, tokens; what goes beyond is cut off on both sides
/// @param base how well the base does
/// @param adapter how well the adapter does
/// @param soft how well the soft prompt does
/// @param another mean likeness of the answers expected to other user turns: the right look without the content
/// @param samples a few of the answers
public record AnswerLikeness(
        int turns, int tokens, Marks base, Marks adapter, Marks soft, double another, List<Sample> samples) {
    private static final int SAMPLES = 4;

    /// What one behaviour's answers are worth.
    ///
    /// @param exact share of answers that are word by word those expected
    /// @param likeness mean of [AnswerLikeness#likeness] with a 95 % bootstrap interval over user turns
    public record Marks(double exact, Interval likeness) {}

    /// One user turn, what was expected, and what was written.
    public record Sample(String user, String expected, String base, String adapter, String soft) {}

    /// Compares answers; all lists are in the order of the user turns.
    ///
    /// @param tokens at which all answers were cut
    static AnswerLikeness of(
            List<String> users,
            List<String> expected,
            List<String> base,
            List<String> adapter,
            List<String> soft,
            int tokens) {
        List<Sample> samples = java.util.stream.IntStream.range(0, Math.min(SAMPLES, users.size()))
                .mapToObj(i -> new Sample(users.get(i), expected.get(i), base.get(i), adapter.get(i), soft.get(i)))
                .toList();
        return new AnswerLikeness(
                users.size(),
                tokens,
                marks(expected, base),
                marks(expected, adapter),
                marks(expected, soft),
                another(expected),
                samples);
    }

    private static Marks marks(List<String> expected, List<String> written) {
        double[] missing = new double[expected.size()];
        double[] whole = new double[expected.size()];
        int exact = 0;
        for (int i = 0; i < missing.length; i++) {
            missing[i] = 1 - likeness(expected.get(i), written.get(i));
            whole[i] = 1;
            exact += missing[i] == 0 ? 1 : 0;
        }
        // 1 − Σ missing / Σ 1 is the mean likeness.
        return new Marks((double) exact / missing.length, Bootstrap.defaults(0).closed(missing, whole));
    }

    private static double another(List<String> expected) {
        double sum = 0;
        for (int i = 0; i < expected.size(); i++) {
            for (int j = 0; j < expected.size(); j++) {
                sum += i == j ? 0 : likeness(expected.get(i), expected.get(j));
            }
        }
        return sum / expected.size() / (expected.size() - 1);
    }

    /// How alike two texts are, word by word: 1 − edit distance / number of words of the longer one.
    ///
    /// 1 if they have the same words in the same order, 0 if no word can stay; the same both ways round. Words, not
    /// letters or tokens: any text in the right letters has much of the letters right, and one text can be cut
    /// into tokens in several ways. Texts without spaces are one word.
    static double likeness(String one, String other) {
        String[] left = words(one);
        String[] right = words(other);
        int longer = Math.max(left.length, right.length);
        return longer == 0 ? 1 : 1 - (double) distance(left, right) / longer;
    }

    private static String[] words(String text) {
        return text.isBlank() ? new String[0] : text.strip().split("\\s+");
    }

    /// Fewest words to put in, leave out or exchange (Levenshtein 1966).
    private static int distance(String[] left, String[] right) {
        int[] above = new int[right.length + 1];
        Arrays.setAll(above, j -> j);
        for (int i = 1; i <= left.length; i++) {
            int[] row = new int[right.length + 1];
            row[0] = i;
            for (int j = 1; j <= right.length; j++) {
                int exchanged = above[j - 1] + (left[i - 1].equals(right[j - 1]) ? 0 : 1);
                row[j] = Math.min(exchanged, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[right.length];
    }
}
