package assay.measure.behaviour;

import java.util.SplittableRandom;

/// The dice of one answer: what it draws depends on its seed and on the shares it is shown, and on nothing else.
public final class Draw {
    private final SplittableRandom random;

    /// @param seed of all answers of a batch
    /// @param stream number of the answer
    public Draw(long seed, int stream) {
        random = new SplittableRandom(seed * 1_000_003L + stream);
    }

    /// Draws a rank from descending shares: of the shortest head that holds `topP`, renormalised.
    ///
    /// @param shares probabilities
    /// @param offset where those of this answer begin
    /// @param count how many they are
    public int pick(float[] shares, int offset, int count, double topP) {
        double held = 0;
        int head = 0;
        while (head < count && held < topP) {
            held += shares[offset + head];
            head++;
        }
        double left = random.nextDouble() * held;
        for (int rank = 0; rank < head; rank++) {
            left -= shares[offset + rank];
            if (left < 0) {
                return rank;
            }
        }
        return head - 1;
    }
}
