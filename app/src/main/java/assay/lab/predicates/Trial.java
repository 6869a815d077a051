package assay.lab.predicates;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.sparse.KlFit;
import assay.base.sparse.LinearPool;
import assay.base.tensor.TensorScope;
import assay.lab.predicates.PredicateEvidence.Gap;
import assay.lab.predicates.PredicateEvidence.OnContexts;
import assay.lab.predicates.PredicateEvidence.Pools;
import assay.lab.predicates.PredicateEvidence.Step;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.ContextWeights;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.RandomMixtures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// One predicate on contexts of one kind: everything is fitted on the same places and measured on the same
/// test turns.
final class Trial {
    /// Prompts whose weights the oracle moves.
    private static final int ORACLE = 5;

    private final Decomposer decomposer;
    private final PredicateOptions options;
    private final long seed;
    private final Bootstrap bootstrap;
    private final List<Context> foreign;
    private final double[] base;

    /// @param decomposer still open, with the predicate's states
    Trial(Decomposer decomposer, PredicateOptions options, long seed) {
        this.decomposer = decomposer;
        this.options = options;
        this.seed = seed;
        this.bootstrap = Bootstrap.defaults(seed);
        this.foreign = decomposer.test().foreign();
        SplitStates.TurnSums untouched = decomposer
                .test()
                .divergences(List.of(decomposer.test().base()), decomposer.unembedding())
                .getFirst();
        this.base = perUser(untouched.foreign(), foreign);
    }

    /// Measures everything.
    ///
    /// @param category the prompt of the category
    /// @param candidates prompts to choose from
    /// @param said prompts that ask for one answer each
    /// @param pool random prompts
    OnContexts run(HardPrompt category, List<HardPrompt> candidates, List<HardPrompt> said, List<HardPrompt> pool) {
        Decomposition decomposition = decomposer.decompose(candidates, options.atoms());
        RandomMixtures random = RandomMixtures.fit(
                decomposer, pool, options.draws(), decomposition.steps().size(), seed);
        return new OnContexts(
                gap(category),
                steps(decomposition, random),
                decomposition.best().heaviestFirst(),
                pools(said),
                oracle(decomposition),
                rank());
    }

    private Gap gap(HardPrompt category) {
        int places = decomposer.test().foreignPlaces();
        return new Gap(sum(base) / places, sum(logPool(List.of(category), new double[] {1})) / places);
    }

    private List<Step> steps(Decomposition decomposition, RandomMixtures random) {
        List<Step> steps = new ArrayList<>();
        for (int k = 1; k <= decomposition.steps().size(); k++) {
            double[] left = perUser(decomposition.at(k).test().foreign(), foreign);
            steps.add(new Step(k, bootstrap.closed(left, base), bootstrap.mean(perUser(random.at(k)), base)));
        }
        return steps;
    }

    private Pools pools(List<HardPrompt> said) {
        return new Pools(
                bootstrap.closed(logPool(said), base),
                bootstrap.closed(linearPool(said).left(), base));
    }

    /// KL left by the fitted log pool of these prompts, per foreign test turn.
    double[] logPool(List<HardPrompt> prompts) {
        int[] all = IntStream.range(0, prompts.size()).toArray();
        KlFit fit = KlFit.of(decomposer.problem(prompts), all, new double[all.length], decomposer.ridge());
        return logPool(prompts, fit.weights());
    }

    private double[] logPool(List<HardPrompt> prompts, double[] weights) {
        return perUser(decomposer.left(prompts, weights), foreign);
    }

    /// @param pool weights, the base's first
    /// @param left KL it leaves, per foreign test turn
    record Linear(LinearPool pool, double[] left) {}

    /// The fitted linear pool of base and prompts.
    Linear linearPool(List<HardPrompt> prompts) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates fit = decomposer.fit();
            LinearPool pool = new Probabilities(
                            fit.target(),
                            components(fit.base(), decomposer.fitDeltas(prompts)),
                            decomposer.unembedding())
                    .fit();
            SplitStates test = decomposer.test();
            int places = test.foreignPlaces();
            Probabilities measured = new Probabilities(
                    test.target().narrow(0, 0, places),
                    components(test.base().narrow(0, 0, places), decomposer.foreignTestDeltas(prompts)),
                    decomposer.unembedding());
            double[] perPlace = measured.divergences(pool.weights());
            return new Linear(pool, perUser(assay.measure.probe.Divergence.perTurn(perPlace, foreign), foreign));
        }
    }

    private static List<Tensor> components(Tensor base, List<Tensor> deltas) {
        List<Tensor> components = new ArrayList<>(List.of(base));
        deltas.forEach(delta -> components.add(base.add(delta)));
        return components;
    }

    private Interval oracle(Decomposition decomposition) {
        int k = Math.min(ORACLE, decomposition.steps().size());
        double[] free =
                new ContextWeights(decomposer).divergences(decomposition.at(k).atoms());
        return bootstrap.closed(perUser(free, foreign), base);
    }

    private double rank() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            TensorVector bases = new TensorVector();
            TensorVector targets = new TensorVector();
            for (SplitStates split : List.of(decomposer.fit(), decomposer.test())) {
                bases.push_back(split.base().narrow(0, 0, split.foreignPlaces()));
                targets.push_back(split.target().narrow(0, 0, split.foreignPlaces()));
            }
            return DeltaRank.of(torch.cat(bases, 0), torch.cat(targets, 0), decomposer.unembedding());
        }
    }

    private List<double[]> perUser(List<double[]> draws) {
        return draws.stream().map(draw -> perUser(draw, foreign)).toList();
    }

    /// Sums over the contexts of one user turn, which are not independent of each other.
    static double[] perUser(double[] perContext, List<Context> contexts) {
        Map<Integer, Double> sums = new LinkedHashMap<>();
        for (int i = 0; i < perContext.length; i++) {
            sums.merge(contexts.get(i).turn(), perContext[i], Double::sum);
        }
        return sums.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }
}
