package assay.base.sparse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Problems whose answer is known: a target that is a mixture of chosen atoms.
final class Planted {
    private Planted() {}

    /// A problem of 60 places, 40 tokens and Gaussian atoms whose target has these weights (zero beyond
    /// them).
    static KlProblem problem(int atoms, long seed, double... weights) {
        return problem(atoms, seed, Double.POSITIVE_INFINITY, weights);
    }

    /// The same behind a cap.
    static KlProblem problem(int atoms, long seed, double cap, double[] weights) {
        int places = 60;
        int tokens = 40;
        SplittableRandom random = new SplittableRandom(seed);
        float[] base = gaussian(places * tokens, random);
        List<float[]> columns = new ArrayList<>();
        for (int i = 0; i < atoms; i++) {
            columns.add(gaussian(places * tokens, random));
        }
        float[] target = base.clone();
        for (int i = 0; i < weights.length; i++) {
            for (int k = 0; k < target.length; k++) {
                target[k] += (float) weights[i] * columns.get(i)[k];
            }
        }
        float[] shares = new float[target.length];
        float[] row = new float[tokens];
        float[] nothing = new float[tokens];
        for (int place = 0; place < places; place++) {
            System.arraycopy(target, place * tokens, row, 0, tokens);
            for (int token = 0; token < tokens && cap < Double.POSITIVE_INFINITY; token++) {
                row[token] = (float) (cap * Math.tanh(row[token] / cap));
            }
            KlProblem.klAndShare(nothing, 0, row);
            System.arraycopy(row, 0, shares, place * tokens, tokens);
        }
        Optional<KlProblem.Cap> behind = cap < Double.POSITIVE_INFINITY
                ? Optional.of(new KlProblem.Cap(cap, new float[base.length]))
                : Optional.empty();
        return new KlProblem(places, tokens, base, shares, columns, behind);
    }

    private static float[] gaussian(int count, SplittableRandom random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
