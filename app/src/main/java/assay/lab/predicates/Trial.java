package assay.lab.predicates;

import assay.base.sparse.Interval;
import assay.base.sparse.LinearPool;
import assay.base.tensor.TensorScope;
import assay.lab.predicates.PredicateEvidence.OnContexts;
import assay.lab.predicates.PredicateEvidence.Step;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.ContextWeights;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.Judge;
import assay.measure.judge.RandomMixtures;
import assay.measure.probe.Divergence;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// One predicate on contexts of one kind: everything is fitted on the same places and measured on the same
/// test turns.
///
/// @param decomposer still open, with the predicate's states
record Trial(Decomposer decomposer, PredicateOptions options, long seed, Judge judge) {
    /// Prompts whose weights the oracle moves.
    private static final int ORACLE = 5;

    Trial(Decomposer decomposer, PredicateOptions options, long seed) {
        this(decomposer, options, seed, new Judge(decomposer, seed));
    }

    /// Measures everything.
    ///
    /// @param category the prompt of the category
    /// @param said prompts that ask for one answer each
    OnContexts run(HardPrompt category, List<HardPrompt> candidates, List<HardPrompt> said, List<HardPrompt> pool) {
        Decomposition decomposition = decomposer.decompose(candidates, options.atoms());
        RandomMixtures random = RandomMixtures.fit(
                decomposer, pool, options.draws(), decomposition.steps().size(), seed);
        return new OnContexts(
                judge.divergence().foreign(),
                judge.perToken(judge.unscaled(category)),
                steps(decomposition, random),
                judge.closed(logPool(said)),
                judge.closed(linearPool(said)),
                oracle(decomposition),
                effectiveRank());
    }

    private List<Step> steps(Decomposition decomposition, RandomMixtures random) {
        List<Step> steps = new ArrayList<>();
        for (int k = 1; k <= decomposition.steps().size(); k++) {
            steps.add(new Step(k, judge.closed(decomposition.at(k).test().foreign()), judge.mean(random.at(k))));
        }
        return steps;
    }

    /// KL left by the fitted log pool of these prompts, per foreign test context.
    double[] logPool(List<HardPrompt> prompts) {
        return judge.refitted(prompts).left();
    }

    /// KL left by the fitted linear pool of base and prompts, per foreign test context.
    double[] linearPool(List<HardPrompt> prompts) {
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
            return Divergence.perTurn(perPlace, test.foreign());
        }
    }

    private static List<Tensor> components(Tensor base, List<Tensor> deltas) {
        List<Tensor> components = new ArrayList<>(List.of(base));
        deltas.forEach(delta -> components.add(base.add(delta)));
        return components;
    }

    private Interval oracle(Decomposition decomposition) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            int k = Math.min(ORACLE, decomposition.steps().size());
            double[] free = new ContextWeights(decomposer)
                    .divergences(decomposition.at(k).atoms());
            return judge.closed(free);
        }
    }

    private double effectiveRank() {
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
