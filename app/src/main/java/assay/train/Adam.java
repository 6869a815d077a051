package assay.train;

/// Adam (Kingma and Ba, arXiv 1412.6980) over blocks of numbers, with its whole state in plain arrays so that
/// a run can be stopped and resumed to the same numbers.
final class Adam {
    private static final double FIRST_DECAY = 0.9;
    private static final double SECOND_DECAY = 0.99;
    private static final double EPSILON = 1e-8;

    private final float[][] first;
    private final float[][] second;
    private int steps;

    /// As it was after `steps` steps.
    Adam(float[][] first, float[][] second, int steps) {
        this.first = first;
        this.second = second;
        this.steps = steps;
    }

    /// At rest, for blocks of these sizes.
    static Adam of(float[][] blocks) {
        return new Adam(zeros(blocks), zeros(blocks), 0);
    }

    /// Moves `blocks` against `gradients`.
    void step(float[][] blocks, float[][] gradients, double rate) {
        steps++;
        double firstScale = 1 / (1 - Math.pow(FIRST_DECAY, steps));
        double secondScale = 1 / (1 - Math.pow(SECOND_DECAY, steps));
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

    /// Running means of the gradients.
    float[][] first() {
        return first;
    }

    /// Running means of their squares.
    float[][] second() {
        return second;
    }

    private static float[][] zeros(float[][] like) {
        float[][] zeros = new float[like.length][];
        for (int i = 0; i < like.length; i++) {
            zeros[i] = new float[like[i].length];
        }
        return zeros;
    }
}
