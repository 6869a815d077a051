package assay.measure.judge;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.Explanation.Controls;
import assay.measure.judge.Explanation.Curve;
import assay.measure.judge.Explanation.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Sets a decomposition beside its nulls and ceilings, all on the same foreign test turns.
public final class Judge {
    private final Decomposer decomposer;
    private final Bootstrap bootstrap;
    private final SplitStates.TurnSums base;

    /// A judge of one target.
    ///
    /// @param decomposer still open, with the target's states
    /// @param seed of draws and bootstrap
    public Judge(Decomposer decomposer, long seed) {
        this.decomposer = decomposer;
        this.bootstrap = Bootstrap.defaults(seed);
        this.base = decomposer
                .test()
                .divergences(List.of(decomposer.test().base()), decomposer.unembedding())
                .getFirst();
    }

    /// Everything measured about one decomposition.
    ///
    /// @param divergence KL of the target to the base
    /// @param curve closed against K with the null
    /// @param controls other explanations
    /// @param finding the verdict on S2
    public record Judgement(
            Explanation.Divergence divergence, Curve curve, Controls controls, Explanation.Finding finding) {}

    /// KL(target ‖ base) on the test split, nats per token.
    public Explanation.Divergence divergence() {
        int foreign = decomposer.test().foreignPlaces();
        long own = decomposer.test().base().size(0) - foreign;
        return new Explanation.Divergence(sum(base.foreign()) / foreign, own == 0 ? 0 : sum(base.own()) / own);
    }

    /// Measures nulls and ceilings.
    ///
    /// @param pool random prompts of the atlas
    /// @param draws random mixtures per K
    /// @param spectrum the atlas's, seen through the target's sketch
    public Judgement judge(
            Decomposition decomposition, List<HardPrompt> pool, int draws, long seed, Explanation.Spectrum spectrum) {
        int atoms = decomposition.steps().size();
        RandomMixtures random = RandomMixtures.fit(decomposer, pool, draws, atoms, seed);
        List<Step> steps = new ArrayList<>();
        for (int k = 1; k <= atoms; k++) {
            steps.add(step(decomposition.at(k), k, random.at(k), decomposition.searchBase()));
        }
        Curve curve = new Curve(steps, decomposition.chosen());
        Controls controls = controls(decomposition, pool, spectrum);
        Step chosen = curve.at(curve.chosen());
        return new Judgement(
                divergence(), curve, controls, Verdict.sparse(divergence().foreign(), chosen, controls.dense()));
    }

    private Step step(Decomposition.Step step, int k, List<double[]> random, double searchBase) {
        SplitStates.TurnSums test = step.test();
        return new Step(
                k,
                step.added().text(),
                bootstrap.closed(test.foreign(), base.foreign()),
                test.own().length == 0 ? Interval.NONE : bootstrap.closed(test.own(), base.own()),
                bootstrap.mean(random, base.foreign()),
                bootstrap.excess(test.foreign(), random, base.foreign()),
                1 - step.search() / searchBase,
                step.absoluteWeights());
    }

    private Controls controls(Decomposition decomposition, List<HardPrompt> pool, Explanation.Spectrum spectrum) {
        Map<String, HardPrompt> run = new LinkedHashMap<>();
        decomposition.steps().getLast().atoms().forEach(prompt -> run.put(prompt.text(), prompt));
        pool.forEach(prompt -> run.put(prompt.text(), prompt));
        List<HardPrompt> prompts = List.copyOf(run.values());
        int atoms = decomposition.steps().size();
        Ceilings ceilings = new Ceilings(decomposer);
        Decomposition.Step single = decomposition.at(1);
        return new Controls(
                bootstrap.closed(single.test().foreign(), base.foreign()),
                single.added().text(),
                bootstrap.closed(ceilings.constant(atoms), base.foreign()),
                bootstrap.closed(ceilings.dense(prompts), base.foreign()),
                bootstrap.closed(ceilings.rank(prompts, atoms), base.foreign()),
                Math.min(atoms, prompts.size()),
                spectrum);
    }

    /// The dictionary's spectrum and what dense ridge over all of it explains of a target, by sketches alone.
    ///
    /// @param rows sketches of the atlas
    /// @param target sketch of the target
    /// @param groups separate groups of user turns in a sketch
    public static double denseShare(float[][] rows, float[] target, int groups) {
        return Ceilings.denseShare(rows, target, groups);
    }

    private static double sum(double[] values) {
        return java.util.Arrays.stream(values).sum();
    }
}
