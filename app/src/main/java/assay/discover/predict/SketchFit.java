package assay.discover.predict;

import assay.base.sparse.GramPursuit;
import assay.base.sparse.InnerProduct;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.atlas.Atlas;
import assay.engine.text.Tokenizer;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.WeightedPrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// How far one target is explained by the prompts whose sketches are known, and what is still lacking.
public final class SketchFit {
    private final float[] sketch;
    private final double[] target;
    private final List<Atom> atoms;
    private final GramPursuit pursuit;

    /// A prompt with its exact sketch.
    ///
    /// @param source where it came from
    /// @param sketch `[number]`
    public record Atom(String text, String source, float[] sketch) {
        /// An entry of an atlas.
        public static Atom of(Atlas atlas, int index) {
            return of(atlas.entries().get(index), atlas.sketches().row(index));
        }

        /// An entry of an atlas whose sketch is at hand.
        public static Atom of(Atlas.Entry entry, float[] sketch) {
            return new Atom(entry.text(), entry.source(), sketch);
        }
    }

    /// A mixture in sketches and what it leaves.
    ///
    /// @param atoms prompts of the mixture, most useful first
    /// @param weights their least-squares weights
    /// @param residual what they leave of the target `[number]`
    /// @param basis orthonormal directions of their sketches `[atom][number]`
    /// @param energy squared length of the target's sketch
    public record Lack(List<Atom> atoms, double[] weights, double[] residual, double[][] basis, double energy) {
        /// Its prompts as entries of an atlas.
        public List<Atlas.Entry> entries() {
            return atoms.stream()
                    .map(atom -> new Atlas.Entry(atom.text(), atom.source()))
                    .toList();
        }

        /// The mixture as a behaviour.
        public Mixture mixture(Tokenizer tokenizer) {
            return new Mixture(
                    "known",
                    IntStream.range(0, atoms.size())
                            .mapToObj(i -> new Mixture.Weighted(
                                    HardPrompt.of(atoms.get(i).text(), tokenizer), weights[i]))
                            .toList());
        }

        /// Its prompts with their weights, most useful first.
        public List<WeightedPrompt> weighted() {
            return IntStream.range(0, weights.length)
                    .mapToObj(i -> new WeightedPrompt(atoms.get(i).text(), weights[i]))
                    .toList();
        }

        /// Share of the target's energy the mixture explains.
        public double explained() {
            return 1 - InnerProduct.of(residual, residual) / energy;
        }

        /// What a prompt with this exact sketch would add, as a share of the target's energy.
        public double gain(float[] sketch) {
            double along = InnerProduct.of(sketch, residual);
            double square = 0;
            for (float value : sketch) {
                square += (double) value * value;
            }
            for (double[] direction : basis) {
                double inside = InnerProduct.of(sketch, direction);
                square -= inside * inside;
            }
            return along * along / (Math.max(square, 1e-9) * energy);
        }

        /// What prompts would add if their sketches were as predicted: [#gain] in expectation, where what is
        /// not known of a sketch adds to its length and nothing else. `[prompt]`, in the caller's scope;
        /// differentiable in the guess.
        public Tensor gains(Predictor.Guess guess) {
            try (TensorScope scope = new TensorScope()) {
                Tensor sketches = guess.sketches();
                Tensor along = sketches.matmul(Torch.floats(floats(residual), residual.length));
                Tensor square =
                        sketches.square().sum(1).add(guess.variance().mul(new Scalar((double) residual.length)));
                if (basis.length > 0) {
                    float[][] directions =
                            Arrays.stream(basis).map(SketchFit::floats).toArray(float[][]::new);
                    Tensor inside = sketches.matmul(Torch.floats(directions).t());
                    square = square.sub(inside.square().sum(1));
                }
                return scope.keep(
                        along.square().div(square.clamp_min(new Scalar(1e-9)).mul(new Scalar(energy))));
            }
        }
    }

    /// The same numbers in floats.
    static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /// The standing of a target.
    ///
    /// @param target its sketch
    /// @param atoms all prompts that may be used
    public SketchFit(float[] target, List<Atom> atoms) {
        this.sketch = target;
        this.target = new double[target.length];
        Arrays.setAll(this.target, i -> target[i]);
        this.atoms = List.copyOf(atoms);
        this.pursuit = new GramPursuit(atoms.stream().map(Atom::sketch).toArray(float[][]::new));
    }

    /// The same target with more prompts.
    public SketchFit with(List<Atom> more) {
        List<Atom> all = new ArrayList<>(atoms);
        all.addAll(more);
        return new SketchFit(sketch, all);
    }

    /// All prompts that may be used.
    public List<Atom> atoms() {
        return atoms;
    }

    /// What the best mixture of `count` prompts found one after another leaves.
    public Lack lack(int count) {
        return lack(count, 1);
    }

    /// A lack, or that of a smaller mixture where its own is larger.
    public Lack atMost(int count, Lack lack) {
        return lack.atoms().size() > count ? lack(count) : lack;
    }

    /// The same with prompts that differ from each other.
    ///
    /// @param alike cosine of sketches above which two say the same; there may be fewer than `count` that do not
    public Lack lack(int count, double alike) {
        GramPursuit.Path path = pursuit.run(target, count, Set.of(), alike);
        List<Atom> chosen = Arrays.stream(path.chosen()).mapToObj(atoms::get).toList();
        return new Lack(chosen, path.weights(), path.residual(), orthonormal(chosen), InnerProduct.of(target, target));
    }

    /// The prompts most like what is lacking, best first.
    public List<Atom> alike(Lack lack, int count) {
        double[] correlations = pursuit.correlations(lack.residual());
        double[] norms = pursuit.norms();
        return IntStream.range(0, atoms.size())
                .filter(i -> norms[i] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -correlations[i] / norms[i]))
                .limit(count)
                .map(atoms::get)
                .toList();
    }

    /// Prompts of a lack's mixture, then those most like what it leaves.
    public List<String> near(Lack lack, int count) {
        Set<String> near = new LinkedHashSet<>();
        lack.atoms().forEach(atom -> near.add(atom.text()));
        alike(lack, count).forEach(atom -> near.add(atom.text()));
        return List.copyOf(near);
    }

    /// Gram–Schmidt, twice for the sake of rounding.
    private static double[][] orthonormal(List<Atom> atoms) {
        List<double[]> basis = new ArrayList<>();
        for (Atom atom : atoms) {
            double[] direction = new double[atom.sketch().length];
            Arrays.setAll(direction, i -> atom.sketch()[i]);
            double before = InnerProduct.of(direction, direction);
            for (int round = 0; round < 2; round++) {
                for (double[] other : basis) {
                    double inside = InnerProduct.of(direction, other);
                    for (int i = 0; i < direction.length; i++) {
                        direction[i] -= inside * other[i];
                    }
                }
            }
            double left = InnerProduct.of(direction, direction);
            if (left > 1e-6 * before) {
                double length = Math.sqrt(left);
                basis.add(Arrays.stream(direction).map(value -> value / length).toArray());
            }
        }
        return basis.toArray(double[][]::new);
    }
}
