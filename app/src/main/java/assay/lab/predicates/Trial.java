package assay.lab.predicates;

import assay.base.sparse.LinearPool;
import assay.base.tensor.TensorScope;
import assay.lab.predicates.PredicateEvidence.Effort;
import assay.lab.predicates.PredicateEvidence.Gap;
import assay.lab.predicates.PredicateEvidence.OnContexts;
import assay.lab.predicates.PredicateEvidence.Oracle;
import assay.lab.predicates.PredicateEvidence.Pools;
import assay.lab.predicates.PredicateEvidence.Rank;
import assay.lab.predicates.PredicateEvidence.Step;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.WeightedPrompt;
import assay.measure.decompose.ContextWeights;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.Judge;
import assay.measure.judge.RandomMixtures;
import assay.measure.probe.Divergence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
    private final Judge judge;

    /// @param decomposer still open, with the predicate's states
    Trial(Decomposer decomposer, PredicateOptions options, long seed) {
        this.decomposer = decomposer;
        this.options = options;
        this.seed = seed;
        this.judge = new Judge(decomposer, seed);
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
                judge.turns(),
                test.foreignPlaces(),
                places - test.foreignPlaces(),
                candidates.size(),
                pool.size(),
                options.draws());
    }

    private Gap gap(HardPrompt category) {
        double[] left = judge.unscaled(category);
        return new Gap(
                judge.divergence().foreign(),
                judge.perToken(left),
                decomposer.test().own().isEmpty()
                        ? Double.NaN
                        : judge.divergence().own(),
                judge.closed(left));
    }

    private List<Step> steps(Decomposition decomposition, RandomMixtures random) {
        List<Step> steps = new ArrayList<>();
        for (int k = 1; k <= decomposition.steps().size(); k++) {
            Decomposition.Step step = decomposition.at(k);
            double[] left = step.test().foreign();
            steps.add(new Step(
                    k,
                    judge.closed(left),
                    judge.own(step),
                    judge.mean(random.at(k)),
                    judge.excess(left, random.at(k))));
        }
        return steps;
    }

    private static List<WeightedPrompt> mixture(Decomposition.Step step) {
        return step.weighted().stream()
                .sorted(Comparator.comparingDouble(atom -> -Math.abs(atom.weight())))
                .map(atom -> new WeightedPrompt(atom.prompt().text(), atom.weight()))
                .toList();
    }

    private Pools pools(Decomposition decomposition, List<HardPrompt> said, List<HardPrompt> pool) {
        double[] log = logPool(said);
        Linear linear = linearPool(said);
        List<HardPrompt> longest = decomposition.steps().getLast().atoms();
        return new Pools(
                said.size(),
                judge.closed(log),
                judge.closed(linear.left()),
                judge.excess(linear.left(), List.of(log)),
                linear.pool().weights()[0],
                judge.closed(linearPool(longest).left()),
                judge.closed(judge.dense(Judge.union(List.of(longest, said, pool)))));
    }

    /// KL left by the fitted log pool of these prompts, per foreign test context.
    double[] logPool(List<HardPrompt> prompts) {
        return judge.refitted(prompts).left();
    }

    /// @param pool weights, the base's first
    /// @param left KL it leaves, per foreign test context
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
            return new Linear(pool, Divergence.perTurn(perPlace, test.foreign()));
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
            double[] fixed = decomposition.at(k).test().foreign();
            double[] free = weights.divergences(decomposition.at(k).atoms());
            List<double[]> byChance = new ArrayList<>();
            for (int draw = 0; draw < options.draws(); draw++) {
                Set<HardPrompt> drawn = new LinkedHashSet<>();
                for (int i = 0; i < k; i++) {
                    drawn.add(pool.get((draw * k + i) % pool.size()));
                }
                byChance.add(weights.divergences(List.copyOf(drawn)));
            }
            return new Oracle(
                    k,
                    judge.closed(fixed),
                    judge.closed(free),
                    judge.excess(free, List.of(fixed)),
                    judge.mean(random.at(k)),
                    judge.mean(byChance));
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
}
