package assay.base.sparse;

/// Stable softmax of one row.
final class Softmax {
    private Softmax() {}

    /// Turns logits into probabilities in place and returns KL(target ‖ row), nats.
    ///
    /// @param target probabilities
    /// @param offset where the row starts in `target`
    /// @param row logits on entry, probabilities on return
    static double klAndShare(float[] target, int offset, float[] row) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : row) {
            largest = Math.max(largest, logit);
        }
        double total = 0;
        double divergence = 0;
        for (int token = 0; token < row.length; token++) {
            float share = target[offset + token];
            float shifted = row[token] - largest;
            if (share > 0) {
                divergence += share * (Math.log(share) - shifted);
            }
            row[token] = (float) Math.exp(shifted);
            total += row[token];
        }
        float inverse = (float) (1 / total);
        for (int token = 0; token < row.length; token++) {
            row[token] *= inverse;
        }
        return divergence + Math.log(total);
    }
}
