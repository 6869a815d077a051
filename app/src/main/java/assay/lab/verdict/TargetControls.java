package assay.lab.verdict;

import assay.base.sparse.Interval;
import assay.discover.atlas.Screen;
import assay.discover.search.TargetSearch;
import assay.lab.claims.TargetEvidence;
import assay.lab.matching.Phrase;
import assay.lab.matching.Recovery;
import assay.lab.matching.SameMeaning;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.decompose.Decomposition;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Judge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What is measured beside a target's lists: other explanations, other ways to candidates, and halves.
///
/// @param alike when two prompts say the same
/// @param runs prompts every arm may run exactly
/// @param thorough whether the dictionary alone is an arm of its own
record TargetControls(SharedContexts arena, TargetSearch searching, SameMeaning alike, int runs, boolean thorough) {
    /// Prompts of the lists that arms and halves are compared by.
    static final int SHORT = 5;

    /// What prompts drawn by chance or by sketch come from.
    ///
    /// @param excluded entries of the atlas that must not explain the target
    record Chance(float[] sketch, Set<Integer> excluded, List<HardPrompt> pool) {}

    /// What other explanations close.
    List<Control> controls(
            TargetStudy.Subject subject,
            Judge judge,
            Decomposition decomposition,
            List<HardPrompt> candidates,
            List<HardPrompt> pool) {
        int brief = Math.min(SHORT, decomposition.steps().size());
        List<Control> controls = new ArrayList<>(judge.controls(decomposition, subject.everything(candidates, pool)));
        Interval unscaled = judge.closed(judge.unscaled(decomposition.at(1).added()));
        controls.add(new Control(ControlKind.UNSCALED, 1, unscaled));
        Interval noise = judge.closed(judge.greedy(arena.noise(), brief).left());
        controls.add(new Control(ControlKind.NOISE, brief, noise));
        if (!subject.wrong().isEmpty()) {
            List<HardPrompt> wrong =
                    subject.wrong().subList(0, Math.min(brief, subject.wrong().size()));
            Interval closed = judge.closed(judge.refitted(wrong).left());
            controls.add(new Control(ControlKind.WRONG, wrong.size(), closed));
        }
        controls.sort(Comparator.comparing(Control::kind));
        return controls;
    }

    /// What equally many exact runs bring at five prompts.
    ///
    /// @param named the prompts said to name a planted target
    TargetEvidence.Search search(
            TargetStudy.Subject subject, Judge judge, Decomposition decomposition, Chance chance, List<Phrase> named) {
        List<HardPrompt> pool = chance.pool();
        int count = Math.min(runs, pool.size());
        int brief = Math.min(SHORT, decomposition.steps().size());
        double[] searched = decomposition.at(brief).test().foreign();
        double[] random = judge.greedy(pool.subList(0, count), brief).left();
        Interval dictionary = thorough && !subject.isNoise()
                ? judge.closed(judge.greedy(
                                Screen.prompts(
                                        arena.screen().candidates(chance.sketch(), count, chance.excluded()),
                                        arena.chat().tokenizer()),
                                brief)
                        .left())
                : Interval.NONE;
        double recovered = subject.planted().isEmpty()
                ? Double.NaN
                : Recovery.of(alike, named, subject.planted()).f1();
        return new TargetEvidence.Search(
                count,
                judge.closed(random),
                dictionary,
                judge.closed(searched),
                judge.excess(searched, List.of(random)),
                recovered,
                named.stream().map(Phrase::text).toList());
    }

    /// How far the choice of prompts can be relied on.
    TargetEvidence.Stability stability(
            Judge judge, Decomposition decomposition, List<HardPrompt> candidates, List<TargetEvidence.Atom> atoms) {
        Decomposition.Step best = decomposition.best();
        int brief = Math.min(SHORT, decomposition.steps().size());
        List<List<Mixture.Weighted>> halves = judge.halves(candidates, brief);
        List<List<Mixture.Weighted>> dictionaries = Stream.of(0, 1)
                .map(start -> IntStream.range(0, candidates.size())
                        .filter(i -> i % 2 == start)
                        .mapToObj(candidates::get)
                        .toList())
                .map(half -> judge.chosen(half, Math.min(brief, half.size())))
                .toList();
        double natural = searching.naturalPerplexity();
        double fluent = atoms.stream()
                .mapToDouble(atom -> atom.perplexity() <= natural ? 1 : 0)
                .average()
                .orElse(Double.NaN);
        return new TargetEvidence.Stability(
                decomposition.chosen(), overlap(halves), overlap(dictionaries), judge.condition(best.atoms()), fluent);
    }

    private double overlap(List<List<Mixture.Weighted>> two) {
        return alike.shared(phrases(two.getFirst()), phrases(two.getLast()));
    }

    private static List<Phrase> phrases(List<Mixture.Weighted> list) {
        return list.stream()
                .map(one -> new Phrase(one.prompt().text(), one.weight()))
                .toList();
    }
}
