package assay.train;

import java.util.Arrays;

/// Adam (Kingma and Ba, arXiv 1412.6980) over blocks of numbers, with its whole state in plain arrays so that
/// a run can be stopped and resumed to the same numbers.
///
/// @param first running means of the gradients
/// @param second running means of their squares
record Adam(float[][] first, float[][] second) {
    private static final double FIRST_DECAY = 0.9;
    private static final double SECOND_DECAY = 0.99;
    private static final double EPSILON = 1e-8;

    /// At rest, for blocks of these sizes.
    static Adam of(float[][] blocks) {
        return new Adam(zeros(blocks), zeros(blocks));
    }

    /// Moves `blocks` against `gradients`.
    ///
    /// @param step its number, from 1
    void step(int step, float[][] blocks, float[][] gradients, double rate) {
        double firstScale = 1 / (1 - Math.pow(FIRST_DECAY, step));
        double secondScale = 1 / (1 - Math.pow(SECOND_DECAY, step));
        for (int block = 0; block < blocks.length; block++) {
            float[] values = blocks[block];
            float[] slope = gradients[block];
            float[] mean = first[block];
            float[] square = second[block];
            for (int i = 0; i < values.length; i++) {
                mean[i] += (float) ((1 - FIRST_DECAY) * (slope[i] - mean[i]));
                square[i] += (float) ((1 - SECOND_DECAY) * (slope[i] * slope[i] - square[i]));
                values[i] -= (float) (rate * mean[i] * firstScale / (Math.sqrt(square[i] * secondScale) + EPSILON));
            }
        }
    }

    private static float[][] zeros(float[][] like) {
        return Arrays.stream(like).map(block -> new float[block.length]).toArray(float[][]::new);
    }
}
