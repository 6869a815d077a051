package assay.lab.verdict;

import assay.base.sparse.Interval;
import assay.discover.atlas.Screen;
import assay.discover.search.TargetSearch;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Control;
import assay.lab.matching.Overlap;
import assay.lab.matching.Phrase;
import assay.lab.matching.Recovery;
import assay.lab.matching.SameMeaning;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposition;
import assay.measure.judge.Alternatives;
import java.util.ArrayList;
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
    /// @param sketch of the target
    /// @param excluded entries of the atlas that must not explain it
    /// @param pool prompts drawn by chance
    record Chance(float[] sketch, Set<Integer> excluded, List<HardPrompt> pool) {}

    /// What other explanations close.
    List<Control> controls(
            TargetStudy.Subject subject,
            Alternatives rivals,
            Decomposition decomposition,
            List<HardPrompt> candidates,
            List<HardPrompt> pool) {
        HardPrompt single = decomposition.at(1).added();
        int brief = Math.min(SHORT, decomposition.steps().size());
        List<HardPrompt> everything = subject.everything(candidates, pool);
        int most = Math.min(decomposition.steps().size(), everything.size());
        List<Control> controls = new ArrayList<>();
        controls.add(new Control("best single prompt as it is", 1, rivals.closed(rivals.unscaled(single))));
        controls.add(new Control(
                "best single prompt, weight fitted",
                1,
                rivals.closed(decomposition.at(1).test().foreign())));
        controls.add(new Control(
                "token noise, the best of " + arena.noise().size(),
                brief,
                rivals.closed(rivals.greedy(arena.noise(), brief).turns())));
        if (!subject.wrong().isEmpty()) {
            List<HardPrompt> wrong =
                    subject.wrong().subList(0, Math.min(brief, subject.wrong().size()));
            controls.add(new Control(
                    "prompts of another target, refitted",
                    wrong.size(),
                    rivals.closed(rivals.refitted(wrong).turns())));
        }
        controls.add(new Control("constant offset", most, rivals.closed(rivals.constant(most))));
        controls.add(new Control("best directions", most, rivals.closed(rivals.rank(everything, most))));
        controls.add(new Control("dense ridge", everything.size(), rivals.closed(rivals.dense(everything))));
        return controls;
    }

    /// What equally many exact runs bring at five prompts.
    ///
    /// @param named the prompts said to name a planted target
    TargetEvidence.Search search(
            TargetStudy.Subject subject,
            Alternatives rivals,
            Decomposition decomposition,
            Chance chance,
            List<Phrase> named) {
        List<HardPrompt> pool = chance.pool();
        int count = Math.min(runs, pool.size());
        int brief = Math.min(SHORT, decomposition.steps().size());
        double[] searched = decomposition.at(brief).test().foreign();
        double[] random = rivals.greedy(pool.subList(0, count), brief).turns();
        Interval dictionary = thorough && !subject.isNoise()
                ? rivals.closed(rivals.greedy(
                                Screen.prompts(
                                        arena.screen().candidates(chance.sketch(), count, chance.excluded()),
                                        arena.chat().tokenizer()),
                                brief)
                        .turns())
                : Interval.NONE;
        double recovered = subject.planted().isEmpty()
                ? Double.NaN
                : Recovery.of(alike, named, subject.planted()).f1();
        return new TargetEvidence.Search(
                count,
                rivals.closed(random),
                dictionary,
                rivals.closed(searched),
                rivals.excess(searched, List.of(random)),
                recovered,
                named.stream().map(Phrase::text).toList());
    }

    /// How far the choice of prompts can be relied on.
    TargetEvidence.Stability stability(
            Alternatives rivals,
            Decomposition decomposition,
            List<HardPrompt> candidates,
            List<TargetEvidence.Atom> atoms) {
        Decomposition.Step best = decomposition.best();
        int brief = Math.min(SHORT, decomposition.steps().size());
        List<Alternatives.Chosen> halves = rivals.halves(candidates, brief);
        List<Alternatives.Chosen> dictionaries = Stream.of(0, 1)
                .map(start -> IntStream.range(0, candidates.size())
                        .filter(i -> i % 2 == start)
                        .mapToObj(candidates::get)
                        .toList())
                .map(half -> rivals.chosen(half, Math.min(brief, half.size())))
                .toList();
        double natural = searching.naturalPerplexity();
        double fluent = atoms.stream()
                .mapToDouble(atom -> atom.perplexity() <= natural ? 1 : 0)
                .average()
                .orElse(Double.NaN);
        return new TargetEvidence.Stability(
                decomposition.chosen(), overlap(halves), overlap(dictionaries), rivals.condition(best.atoms()), fluent);
    }

    private double overlap(List<Alternatives.Chosen> two) {
        return Overlap.of(
                        alike,
                        TargetStudy.phrases(two.get(0).atoms(), two.get(0).weights()),
                        TargetStudy.phrases(two.get(1).atoms(), two.get(1).weights()))
                .shared();
    }
}
