package assay.lab.verdict;

import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.Screen;
import assay.discover.search.PromptSearch;
import assay.discover.search.SearchTarget;
import assay.discover.search.Strategies;
import assay.discover.search.TargetSearch;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Point;
import assay.lab.claims.TargetKind;
import assay.lab.matching.Phrase;
import assay.lab.matching.SameMeaning;
import assay.lab.studyfile.StudyFile;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Fluency;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.judge.Control;
import assay.measure.judge.ExpectedNull;
import assay.measure.judge.Judge;
import assay.measure.judge.Lacking;
import assay.measure.judge.Remainder;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;

/// Measures how well short lists of prompts stand for one target, with everything a list must beat.
///
/// 1. The search writes prompts for it and the atlas's sketches propose others; these candidates are run exactly.
/// 2. Lists of every size are chosen among them on the fit split and measured on the test split.
/// 3. Random lists, noise, another target's prompts, a constant offset, dense ridge and the best directions go the
///    same way.
/// 4. The target and the list each write answers of their own.
/// 5. Halves of the contexts and of the candidates say how far the choice of prompts can be relied on.
record TargetStudy(
        SharedContexts arena, TargetSearch searching, SameMeaning alike, StudyFile.Effort effort, List<Integer> sizes) {
    /// Longest list chosen step by step; longer ones begin with it.
    private static final int STEPWISE = 20;

    private TargetControls others() {
        return new TargetControls(
                arena, searching, alike, effort.candidates() + effort.search(), sizes.getLast() > STEPWISE);
    }

    private Strategies.Use strategies() {
        return sizes.getLast() > STEPWISE ? Strategies.Use.LONG_LISTS : Strategies.Use.CHEAP;
    }

    /// Another stand-in for a target.
    record Beside(String name, Behaviour behaviour) {}

    /// What is measured.
    ///
    /// @param target for the record
    /// @param behaviour what it does
    /// @param planted the prompts it is made of, if it is a planted mixture
    /// @param forbidden prompts that must not explain it
    /// @param wrong prompts that explain another target
    /// @param beside what else stands in for it: what it was made from, where that is known
    record Subject(
            TargetEvidence.Target target,
            Behaviour behaviour,
            List<Phrase> planted,
            Predicate<String> forbidden,
            List<HardPrompt> wrong,
            List<Beside> beside) {
        /// Whether only noise may stand for it.
        boolean isNoise() {
            return target.kind() == TargetKind.NULL_NOISE;
        }

        SearchTarget sought(float[] sketch) {
            return new SearchTarget(behaviour, sketch, forbidden);
        }

        /// What its longest lists and the dense fit choose from: the candidates and prompts drawn by chance. These are
        /// real prompts, so noise must do without them.
        List<HardPrompt> everything(List<HardPrompt> candidates, List<HardPrompt> pool) {
            return isNoise() ? candidates : Judge.union(List.of(candidates, pool));
        }
    }

    TargetEvidence run(Subject subject, long seed) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Decomposer plain = arena.towards(subject.behaviour());
            boolean shuffled = subject.target().kind() == TargetKind.NULL_SHUFFLED;
            Decomposer decomposer = shuffled ? plain.shuffled(seed, arena.listener()) : plain;
            try (FreeRunning free = FreeRunning.of(arena, subject.behaviour(), seed)) {
                return run(subject, decomposer, free, seed);
            }
        }
    }

    private TargetEvidence run(Subject subject, Decomposer decomposer, FreeRunning free, long seed) {
        Judge judge = new Judge(decomposer, seed);
        Set<Integer> excluded = arena.atlas().indices(subject.forbidden());
        float[] sketch = searching.sketches(List.of(subject.behaviour()))[0];
        List<HardPrompt> pool = arena.pool(excluded, seed);
        Map<String, String> sources = new LinkedHashMap<>();
        List<HardPrompt> candidates = candidates(subject, sketch, excluded, sources, seed);
        int longest = subject.target().isNull() ? TargetControls.SHORT : STEPWISE;
        Decomposition decomposition = decomposer.decompose(candidates, Math.min(longest, sizes.getLast()));
        Decomposition.Step best = decomposition.best();
        Decomposition.Step brief = decomposition.at(
                Math.min(TargetControls.SHORT, decomposition.steps().size()));
        List<TargetEvidence.Atom> atoms = atoms(best, sources);
        TargetControls others = others();
        double foreign = judge.divergence().foreign();
        double own = free.divergence();
        double reverse = free.reverse(brief.mixture("list"));
        TargetEvidence.Kl kl =
                new TargetEvidence.Kl(foreign, own, reverse, free.reverseBase(), lacking(subject, judge, best));
        Chances chances = new Chances(pool, expected(subject, sketch, decomposer));
        List<Point> curve = curve(judge, decomposition, subject.everything(candidates, pool), chances, free);
        List<Control> controls = others.controls(subject, judge, decomposition, candidates, pool);
        TargetControls.Chance chance = new TargetControls.Chance(sketch, excluded, pool);
        List<Phrase> named = named(subject, sketch, seed);
        TargetEvidence.Search search = others.search(subject, judge, decomposition, chance, named);
        TargetEvidence.Stability stability = others.stability(judge, decomposition, candidates, atoms);
        return new TargetEvidence(subject.target(), seed, kl, curve, controls, search, atoms, stability);
    }

    private List<HardPrompt> candidates(
            Subject subject, float[] sketch, Set<Integer> excluded, Map<String, String> sources, long seed) {
        if (subject.isNoise()) {
            return arena.noise();
        }
        // The dictionary will do for what no prompt is expected to hold.
        boolean searches = effort.search() > 0 && subject.target().kind().isMeaningful();
        Atlas grown = !searches ? arena.atlas() : searching.grown(subject.sought(sketch), strategies(), options(seed));
        Screen screen = searches ? new Screen(grown) : arena.screen();
        List<Atlas.Entry> entries = screen.candidates(sketch, effort.candidates(), excluded);
        entries.forEach(entry -> sources.put(entry.text(), entry.source()));
        return Screen.prompts(entries, arena.chat().tokenizer());
    }

    private PromptSearch.Options options(long seed) {
        return PromptSearch.Options.brief(effort.search(), seed);
    }

    /// The prompts that name a planted target best, as many as were planted, by a search of their own: a list that
    /// closes much need not name anything.
    private List<Phrase> named(Subject subject, float[] sketch, long seed) {
        if (subject.planted().isEmpty()) {
            return List.of();
        }
        Atlas grown = searching.grownApart(subject.sought(sketch), strategies(), options(seed));
        return ReadingLists.phrases(searching.named(
                grown, sketch, subject.forbidden(), subject.planted().size()));
    }

    /// Which part of it the list lacks, beside what else stands in for it.
    private Lacking lacking(Subject subject, Judge judge, Decomposition.Step best) {
        if (!subject.target().kind().isMeaningful()) {
            return Lacking.NONE;
        }
        Decomposer decomposer = judge.decomposer();
        List<Remainder.StandIn> standIns = new ArrayList<>(
                List.of(new Remainder.StandIn("the list", decomposer.onTest(best.atoms(), best.weights()))));
        for (Beside other : subject.beside()) {
            Tensor delta = decomposer.testDeltas(List.of(other.behaviour())).getFirst();
            standIns.add(
                    new Remainder.StandIn(other.name(), decomposer.test().base().add(delta)));
        }
        return new Remainder(judge, arena.probe(), new Probe("own", List.of())).of(standIns);
    }

    /// Prompts drawn by chance, and what they are expected to close.
    private record Chances(List<HardPrompt> pool, ExpectedNull expected) {}

    /// Sketches are of the model as it is and of the target where it is: controls that are moved or
    /// untrained have none.
    private ExpectedNull expected(Subject subject, float[] sketch, Decomposer decomposer) {
        return subject.target().isNull()
                ? ExpectedNull.NONE
                : arena.expected(sketch, decomposer.fit().contexts().size(), sizes);
    }

    private List<Point> curve(
            Judge judge, Decomposition decomposition, List<HardPrompt> everything, Chances chances, FreeRunning free) {
        int stepwise = decomposition.steps().size();
        List<Integer> fitting = sizes.stream().filter(k -> k <= stepwise).toList();
        List<Integer> brief = fitting.isEmpty() ? List.of(stepwise) : fitting;
        List<Integer> lengthy = sizes.stream()
                .filter(k -> k > STEPWISE && k <= everything.size())
                .toList();
        List<List<double[]>> random = new ArrayList<>(judge.random(chances.pool(), brief, effort.draws()));
        judge.longRandom(chances.pool(), lengthy).forEach(list -> random.add(List.of(list.left())));
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < brief.size(); i++) {
            Decomposition.Step step = decomposition.at(brief.get(i));
            Judge.Fitted list =
                    new Judge.Fitted(step.atoms(), step.weights(), step.test().foreign());
            points.add(point(judge, list, random.get(i), free.closed(step), chances.expected()));
        }
        List<Judge.Fitted> fitted = judge.longLists(decomposition.at(stepwise), everything, lengthy);
        for (int i = 0; i < fitted.size(); i++) {
            Judge.Fitted list = fitted.get(i);
            points.add(point(judge, list, random.get(brief.size() + i), Interval.NONE, chances.expected()));
        }
        return points;
    }

    private Point point(Judge judge, Judge.Fitted list, List<double[]> random, Interval own, ExpectedNull expected) {
        double perToken = Math.log(arena.chat().model().vocabulary()) / Math.log(2);
        int size = list.atoms().size();
        int tokens =
                list.atoms().stream().mapToInt(atom -> atom.tokens().length).sum();
        return new Point(
                size,
                judge.closed(list.left()),
                own,
                judge.mean(random),
                expected.at(size),
                judge.excess(list.left(), random),
                tokens * perToken + 16.0 * size,
                Arrays.stream(list.weights()).map(Math::abs).sum());
    }

    private List<TargetEvidence.Atom> atoms(Decomposition.Step step, Map<String, String> sources) {
        return step.weighted().stream()
                .map(one -> new TargetEvidence.Atom(
                        one.prompt().text(),
                        one.weight(),
                        Fluency.perplexity(one.prompt(), arena.chat()),
                        sources.getOrDefault(one.prompt().text(), "noise")))
                .sorted(Comparator.comparingDouble(atom -> -Math.abs(atom.weight())))
                .toList();
    }
}
