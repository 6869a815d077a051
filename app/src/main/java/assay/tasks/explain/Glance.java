package assay.tasks.explain;

import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.search.TargetSearch;
import assay.measure.behaviour.WeightedPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.judge.Explanation;
import assay.measure.judge.Judge;
import assay.measure.probe.Probe;
import assay.tasks.session.Target;
import java.util.Comparator;
import java.util.List;

/// An explanation at a glance, for one target among many: the figures, prompts and words that
/// [Explain] finds, without its controls and illustrations.
///
/// @param divergence how far the target is from the base
/// @param step the point of the curve that was chosen
/// @param prompts the mixture there, the heaviest first
/// @param words the target writes more often than the base
/// @param sketch of the target
public record Glance(
        Explanation.Divergence divergence,
        Explanation.Step step,
        List<WeightedPrompt> prompts,
        List<String> words,
        float[] sketch) {

    /// Explains a target.
    ///
    /// @param search on the same model and atlas; what it learns once serves all targets
    /// @throws assay.NoEffectException if the target does what its base does
    public static Glance of(Explain explain, Target target, Explain.Options options, TargetSearch search) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Probe own = explain.ownAnswers(target, options.seed());
            ExplainListener listener = new ExplainListener(explain.job());
            try (Decomposer decomposer = explain.decomposer(target, own, options.seed(), listener)) {
                Explain.Case one = new Explain.Case(
                        target,
                        List.of(),
                        options,
                        own,
                        decomposer,
                        listener,
                        Kept.nowhere().part(Explain.DIRECT));
                return of(explain, one, search);
            }
        }
    }

    private static Glance of(Explain explain, Explain.Case one, TargetSearch search) {
        Explain.Sought sought = explain.sought(one, search);
        List<Atlas.Entry> candidates = explain.candidates(one, sought);
        Decomposition decomposition = explain.decomposed(one, candidates);
        Judge judge = new Judge(one.decomposer(), one.options().seed());
        Explanation.Curve curve = judge.curve(
                decomposition, explain.pool(one, sought), one.options().draws());
        one.listener().end();
        Decomposition.Step best = decomposition.best();
        return new Glance(
                judge.divergence(),
                curve.at(curve.chosen()),
                best.weighted().stream()
                        .map(atom -> new WeightedPrompt(atom.prompt().text(), atom.weight()))
                        .sorted(Comparator.comparingDouble(prompt -> -Math.abs(prompt.weight())))
                        .toList(),
                new Telling(explain.chat(), one.decomposer())
                        .words(one.target().behaviour(), best, sought.besides().usual())
                        .target(),
                sought.sketch());
    }
}
