package assay.lab.predicates;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.sparse.KlFit;
import assay.base.sparse.LinearPool;
import assay.base.tensor.TensorScope;
import assay.lab.predicates.PredicateEvidence.Effort;
import assay.lab.predicates.PredicateEvidence.Gap;
import assay.lab.predicates.PredicateEvidence.OnContexts;
import assay.lab.predicates.PredicateEvidence.Oracle;
import assay.lab.predicates.PredicateEvidence.Pools;
import assay.lab.predicates.PredicateEvidence.Rank;
import assay.lab.predicates.PredicateEvidence.Step;
import assay.lab.predicates.PredicateEvidence.Weighted;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.ContextWeights;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.Ceilings;
import assay.measure.judge.RandomMixtures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final SplitStates.TurnSums untouched;
    private final double[] base;

    /// @param decomposer still open, with the predicate's states
    Trial(Decomposer decomposer, PredicateOptions options, long seed) {
        this.decomposer = decomposer;
        this.options = options;
        this.seed = seed;
        this.bootstrap = Bootstrap.defaults(seed);
        this.foreign = decomposer.test().foreign();
        this.untouched = decomposer
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
                effort(candidates, pool),
                gap(category),
                steps(decomposition, random),
                mixture(decomposition.best()),
                pools(decomposition, said, pool),
                oracle(decomposition, random, pool),
                rank());
    }

    private Effort effort(List<HardPrompt> candidates, List<HardPrompt> pool) {
        SplitStates test = decomposer.test();
        int places = Math.toIntExact(test.base().size(0));
        return new Effort(
                Math.toIntExact(decomposer.fit().base().size(0)),
                base.length,
                test.foreignPlaces(),
                places - test.foreignPlaces(),
                candidates.size(),
                pool.size(),
                options.draws());
    }

    private Gap gap(HardPrompt category) {
        int places = decomposer.test().foreignPlaces();
        int own = Math.toIntExact(decomposer.test().base().size(0)) - places;
        double[] left = logPool(List.of(category), new double[] {1});
        return new Gap(
                sum(base) / places,
                sum(left) / places,
                own == 0 ? Double.NaN : sum(untouched.own()) / own,
                bootstrap.closed(left, base));
    }

    private List<Step> steps(Decomposition decomposition, RandomMixtures random) {
        List<Context> own = decomposer.test().own();
        double[] ownBase = perUser(untouched.own(), own);
        List<Step> steps = new ArrayList<>();
        for (int k = 1; k <= decomposition.steps().size(); k++) {
            SplitStates.TurnSums test = decomposition.at(k).test();
            double[] left = perUser(test.foreign(), foreign);
            List<double[]> draws = perUser(random.at(k));
            steps.add(new Step(
                    k,
                    bootstrap.closed(left, base),
                    own.isEmpty() ? Interval.NONE : bootstrap.closed(perUser(test.own(), own), ownBase),
                    bootstrap.mean(draws, base),
                    bootstrap.excess(left, draws, base)));
        }
        return steps;
    }

    private static List<Weighted> mixture(Decomposition.Step step) {
        List<Weighted> weighted = new ArrayList<>();
        for (int i = 0; i < step.weights().length; i++) {
            weighted.add(new Weighted(step.atoms().get(i).text(), step.weights()[i]));
        }
        weighted.sort((a, b) -> Double.compare(Math.abs(b.weight()), Math.abs(a.weight())));
        return weighted;
    }

    private Pools pools(Decomposition decomposition, List<HardPrompt> said, List<HardPrompt> pool) {
        double[] log = logPool(said);
        Linear linear = linearPool(said);
        List<HardPrompt> longest = decomposition.steps().getLast().atoms();
        Map<String, HardPrompt> run = new LinkedHashMap<>();
        for (List<HardPrompt> prompts : List.of(longest, said, pool)) {
            prompts.forEach(prompt -> run.put(prompt.text(), prompt));
        }
        double[] together = perUser(new Ceilings(decomposer).dense(List.copyOf(run.values())), foreign);
        return new Pools(
                said.size(),
                bootstrap.closed(log, base),
                bootstrap.closed(linear.left(), base),
                bootstrap.excess(linear.left(), List.of(log), base),
                linear.pool().weights()[0],
                bootstrap.closed(linearPool(longest).left(), base),
                bootstrap.closed(together, base));
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

    private Oracle oracle(Decomposition decomposition, RandomMixtures random, List<HardPrompt> pool) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            int k = Math.min(ORACLE, decomposition.steps().size());
            ContextWeights weights = new ContextWeights(decomposer);
            double[] fixed = perUser(decomposition.at(k).test().foreign(), foreign);
            double[] free = perUser(weights.divergences(decomposition.at(k).atoms()), foreign);
            List<double[]> byChance = new ArrayList<>();
            for (int draw = 0; draw < options.draws(); draw++) {
                Set<HardPrompt> drawn = new LinkedHashSet<>();
                for (int i = 0; i < k; i++) {
                    drawn.add(pool.get((draw * k + i) % pool.size()));
                }
                byChance.add(perUser(weights.divergences(List.copyOf(drawn)), foreign));
            }
            return new Oracle(
                    k,
                    bootstrap.closed(fixed, base),
                    bootstrap.closed(free, base),
                    bootstrap.excess(free, List.of(fixed), base),
                    bootstrap.mean(perUser(random.at(k)), base),
                    bootstrap.mean(byChance, base));
        }
    }

    private Rank rank() {
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
