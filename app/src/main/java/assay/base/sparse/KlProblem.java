package assay.base.sparse;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The convex problem behind every weight: `f(w) = mean over places of KL(p_t ‖ softmax(base + Σ
/// wᵢ·atomᵢ))`, nats.
///
/// Rows are places, columns the tokens looked at in that place. `base` and `target` are logits and may
/// carry any constant per place and the logarithm of any positive measure over the tokens: a few likely
/// tokens exactly and a weighted sample of the rest make a problem that is a hundred times smaller than the
/// whole vocabulary and has the same optimum whenever the target is a mixture.
///
/// @param tokens tokens per place
/// @param base logits of the base `[place token]`
/// @param target probabilities of the target `[place token]`, rows sum to one
/// @param atoms logit deltas of each atom `[atom][place token]`
public record KlProblem(int places, int tokens, float[] base, float[] target, List<float[]> atoms) {
    private static final int PLACES_PER_TASK = 16;
    /// Atoms from which on their products are taken token by token.
    private static final int WIDE = 32;
    /// Tokens whose products are added up before they are added to the rest.
    private static final int AT_ONCE = 8;

    /// @throws IllegalArgumentException if an array has another size
    public KlProblem {
        atoms = List.copyOf(atoms);
        int size = Math.multiplyExact(places, tokens);
        if (base.length != size || target.length != size || atoms.stream().anyMatch(atom -> atom.length != size)) {
            throw new IllegalArgumentException(
                    "problem: expected " + places + " × " + tokens + " numbers in every array.");
        }
    }

    /// Value, gradient and Hessian at one point.
    ///
    /// @param value f(w)
    /// @param gradient `[atom]`, one per atom of the support
    /// @param hessian `[atom][atom]` over the support
    record Local(double value, double[] gradient, double[][] hessian) {}

    /// f at weights of a support.
    public double value(int[] support, double[] weights) {
        return tasks().mapToDouble(task -> {
                            float[] row = new float[tokens];
                            double sum = 0;
                            for (int place = first(task); place < last(task); place++) {
                                sum += mixture(place, support, weights, row);
                            }
                            return sum;
                        })
                        .sum()
                / places;
    }

    /// The same problem on the places `from` … `to` only, `to` not included.
    public KlProblem places(int from, int to) {
        int first = from * tokens;
        int last = to * tokens;
        List<float[]> some = atoms.stream()
                .map(atom -> Arrays.copyOfRange(atom, first, last))
                .toList();
        return new KlProblem(
                to - from,
                tokens,
                Arrays.copyOfRange(base, first, last),
                Arrays.copyOfRange(target, first, last),
                some);
    }

    /// Second derivatives of f over a support: inner products of its atoms in the KL's own metric.
    public double[][] curvature(int[] support, double[] weights) {
        return local(support, weights).hessian();
    }

    /// f with its first two derivatives over the support.
    Local local(int[] support, double[] weights) {
        List<Local> parts =
                tasks().mapToObj(task -> part(task, support, weights)).toList();
        int count = support.length;
        double value = 0;
        double[] gradient = new double[count];
        double[][] hessian = new double[count][count];
        for (Local part : parts) {
            value += part.value / places;
            for (int i = 0; i < count; i++) {
                gradient[i] += part.gradient[i] / places;
                for (int j = 0; j <= i; j++) {
                    hessian[i][j] += part.hessian[i][j] / places;
                    hessian[j][i] = hessian[i][j];
                }
            }
        }
        return new Local(value, gradient, hessian);
    }

    /// How a candidate relates to a mixture.
    ///
    /// @param slope derivative of f when its weight starts to grow
    /// @param curvature second derivative
    /// @param coupling mixed derivatives with the support
    record Candidate(double slope, double curvature, double[] coupling) {}

    /// Derivatives in the direction of every candidate at a mixture: the KL gradient that drives greedy
    /// selection.
    List<Candidate> candidates(int[] support, double[] weights, int[] candidates) {
        float[] share = new float[places * tokens];
        tasks().forEach(task -> {
            float[] row = new float[tokens];
            for (int place = first(task); place < last(task); place++) {
                mixture(place, support, weights, row);
                System.arraycopy(row, 0, share, place * tokens, tokens);
            }
        });
        return Arrays.stream(candidates)
                .parallel()
                .mapToObj(index -> candidate(share, support, atoms.get(index)))
                .toList();
    }

    private Candidate candidate(float[] share, int[] support, float[] atom) {
        double slope = 0;
        double curvature = 0;
        double[] coupling = new double[support.length];
        float[] pull = new float[tokens];
        for (int place = 0; place < places; place++) {
            int offset = place * tokens;
            float mean = dot(share, offset, atom, offset);
            slope += mean - dot(target, offset, atom, offset);
            for (int token = 0; token < tokens; token++) {
                pull[token] = share[offset + token] * (atom[offset + token] - mean);
            }
            curvature += dot(pull, 0, atom, offset);
            for (int i = 0; i < support.length; i++) {
                coupling[i] += dot(pull, 0, atoms.get(support[i]), offset) / places;
            }
        }
        return new Candidate(slope / places, curvature / places, coupling);
    }

    private Local part(int task, int[] support, double[] weights) {
        int count = support.length;
        double value = 0;
        double[] gradient = new double[count];
        double[][] hessian = new double[count][count];
        float[] share = new float[tokens];
        float[] means = new float[count];
        float[][] products = new float[count < WIDE ? count * (count + 1) / 2 : 0][tokens];
        for (int place = first(task); place < last(task); place++) {
            int offset = place * tokens;
            value += mixture(place, support, weights, share);
            for (int i = 0; i < count; i++) {
                float[] atom = atoms.get(support[i]);
                means[i] = dot(share, 0, atom, offset);
                gradient[i] += means[i] - dot(target, offset, atom, offset);
            }
            if (count < WIDE) {
                addFew(offset, support, share, means, products);
            } else {
                addMany(offset, support, share, means, hessian);
            }
        }
        for (int pair = 0, i = 0; i < count && products.length > 0; i++) {
            for (int j = 0; j <= i; j++, pair++) {
                for (float product : products[pair]) {
                    hessian[i][j] += product;
                }
            }
        }
        return new Local(value, gradient, hessian);
    }

    /// Adds a place's covariances of the atoms, pair by pair, each token's by itself: a loop without a sum to wait for
    /// becomes vector instructions.
    ///
    /// @param products `[pair][token]`, summed over the places of a task
    private void addFew(int offset, int[] support, float[] share, float[] means, float[][] products) {
        float[] pull = new float[tokens];
        int pair = 0;
        for (int i = 0; i < support.length; i++) {
            float[] atom = atoms.get(support[i]);
            for (int token = 0; token < tokens; token++) {
                pull[token] = share[token] * (atom[offset + token] - means[i]);
            }
            for (int j = 0; j <= i; j++) {
                addProducts(products[pair++], pull, atoms.get(support[j]), offset);
            }
        }
    }

    private static void addProducts(float[] to, float[] pull, float[] atom, int offset) {
        for (int token = 0; token < to.length; token++) {
            to[token] += pull[token] * atom[offset + token];
        }
    }

    /// The same, token by token over all atoms: the inner loop has no sum to wait for and becomes vector
    /// instructions, some four times as fast for a hundred atoms.
    private void addMany(int offset, int[] support, float[] share, float[] means, double[][] hessian) {
        int count = support.length;
        float[][] products = new float[count][count];
        float[][] rows = new float[AT_ONCE][count];
        float[] scales = new float[AT_ONCE];
        for (int token = 0; token < tokens; token += AT_ONCE) {
            int there = Math.min(AT_ONCE, tokens - token);
            Arrays.fill(scales, 0);
            System.arraycopy(share, token, scales, 0, there);
            for (int i = 0; i < count; i++) {
                float[] atom = atoms.get(support[i]);
                for (int k = 0; k < there; k++) {
                    rows[k][i] = atom[offset + token + k] - means[i];
                }
            }
            for (int i = 0; i < count; i++) {
                addScaled(products[i], scales, rows, i);
            }
        }
        for (int i = 0; i < count; i++) {
            for (int j = 0; j <= i; j++) {
                hessian[i][j] += products[i][j];
            }
        }
    }

    /// Adds `Σ scaleₖ · rowₖ[i] · rowₖ` up to number `i`: [#AT_ONCE] tokens together, as reading and
    /// writing the sum takes longer than adding to it.
    private static void addScaled(float[] to, float[] scales, float[][] rows, int i) {
        addHalf(to, scales, rows, 0, i);
        addHalf(to, scales, rows, AT_ONCE / 2, i);
    }

    private static void addHalf(float[] to, float[] scales, float[][] rows, int from, int i) {
        float[] a = rows[from];
        float[] b = rows[from + 1];
        float[] c = rows[from + 2];
        float[] d = rows[from + 3];
        float inA = scales[from] * a[i];
        float inB = scales[from + 1] * b[i];
        float inC = scales[from + 2] * c[i];
        float inD = scales[from + 3] * d[i];
        for (int j = 0; j <= i; j++) {
            to[j] += inA * a[j] + inB * b[j] + inC * c[j] + inD * d[j];
        }
    }

    /// Fills `share` with the mixture's probabilities at a place and returns KL(target ‖ mixture) there.
    private double mixture(int place, int[] support, double[] weights, float[] share) {
        int offset = place * tokens;
        System.arraycopy(base, offset, share, 0, tokens);
        for (int i = 0; i < support.length; i++) {
            float[] atom = atoms.get(support[i]);
            float weight = (float) weights[i];
            for (int token = 0; token < tokens; token++) {
                share[token] += weight * atom[offset + token];
            }
        }
        return klAndShare(target, offset, share);
    }

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

    private IntStream tasks() {
        return IntStream.range(0, (places + PLACES_PER_TASK - 1) / PLACES_PER_TASK)
                .parallel();
    }

    private static int first(int task) {
        return task * PLACES_PER_TASK;
    }

    private int last(int task) {
        return Math.min(places, (task + 1) * PLACES_PER_TASK);
    }

    /// Dot product in four independent sums, so that additions do not wait for each other.
    private float dot(float[] a, int atA, float[] b, int atB) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int token = 0;
        for (; token + 3 < tokens; token += 4) {
            s0 += a[atA + token] * b[atB + token];
            s1 += a[atA + token + 1] * b[atB + token + 1];
            s2 += a[atA + token + 2] * b[atB + token + 2];
            s3 += a[atA + token + 3] * b[atB + token + 3];
        }
        for (; token < tokens; token++) {
            s0 += a[atA + token] * b[atB + token];
        }
        return (s0 + s1) + (s2 + s3);
    }
}
