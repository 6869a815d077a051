package assay.lab.scorecard;

import java.util.Map;

/// Where the figures of a study come from.
///
/// @param model the language model
/// @param provenance text, numbers, booleans, lists and maps of these; its `command` is shown as the way to make the
/// figures again
/// @param seconds what the run took
/// @param folder where the results are kept, or an empty text
public record StudyRun(Model model, Map<String, Object> provenance, double seconds, String folder) {
    /// The language model.
    ///
    /// @param name as the user knows it
    /// @param sha256 hash of its weights
    /// @param width numbers in one soft token; 0 if not known
    public record Model(String name, String sha256, int width) {
        private static final int BITS_OF_A_NUMBER = 16;

        /// Bits in soft tokens of bfloat16 numbers: what the same number of bits would pay for; NaN if not known.
        double inSoftTokens(double bits) {
            return width > 0 ? bits / ((double) BITS_OF_A_NUMBER * width) : Double.NaN;
        }
    }
}
