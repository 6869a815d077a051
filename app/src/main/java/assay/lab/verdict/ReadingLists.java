package assay.lab.verdict;

import assay.base.sparse.Permutation;
import assay.discover.atlas.Atlas;
import assay.discover.predict.SketchFit;
import assay.discover.search.PromptSearch;
import assay.discover.search.SearchTarget;
import assay.discover.search.Strategies;
import assay.discover.search.TargetSearch;
import assay.engine.model.ChatModel;
import assay.lab.matching.Phrase;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Short lists read off sketches alone: what a behaviour is made of within seconds, good enough to be read. Prompts
/// are chosen by what sets them apart from the dictionary ([assay.discover.predict.Whitening]).
///
/// @param runs prompts the search may run exactly for every list; 0 for the dictionary alone
/// @param leftOut prompts that must not be in the list of a prompt
record ReadingLists(
        ChatModel chat, Atlas atlas, TargetSearch searching, int runs, Function<String, Predicate<String>> leftOut) {
    /// Prompts of a list.
    static final int LENGTH = 5;

    /// A behaviour's sketch.
    float[] sketch(Behaviour behaviour) {
        return searching.sketches(List.of(behaviour))[0];
    }

    /// A prompt as what other prompts are searched for.
    SearchTarget sought(String prompt) {
        Behaviour target = HardPrompt.of(prompt, chat.tokenizer());
        return new SearchTarget(target, sketch(target), leftOut.apply(prompt));
    }

    /// The list of a behaviour.
    List<Phrase> of(SearchTarget sought, long seed) {
        PromptSearch.Options options = PromptSearch.Options.brief(runs, seed);
        Atlas grown = searching.grownApart(sought, Strategies.Use.CHEAP, options);
        return phrases(searching.named(grown, sought.sketch(), sought.forbidden(), LENGTH));
    }

    /// The list of a sketch without any search.
    List<Phrase> fromDictionary(float[] sketch, Predicate<String> forbidden) {
        return phrases(searching.named(atlas, sketch, forbidden, LENGTH));
    }

    /// The list of a sketch among given prompts.
    List<Phrase> among(List<HardPrompt> prompts, float[][] theirs, float[] sketch) {
        List<SketchFit.Atom> atoms = new ArrayList<>();
        for (int i = 0; i < theirs.length; i++) {
            atoms.add(new SketchFit.Atom(prompts.get(i).text(), "given", theirs[i]));
        }
        return phrases(new SketchFit(sketch, atoms).lack(Math.min(LENGTH, atoms.size())));
    }

    static List<Phrase> phrases(SketchFit.Lack lack) {
        return IntStream.range(0, lack.weights().length)
                .mapToObj(i -> new Phrase(lack.atoms().get(i).text(), lack.weights()[i]))
                .toList();
    }

    /// Prompts of the dictionary drawn by chance, with weights of one fifth.
    List<Phrase> random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return Phrase.equal(random.ints(LENGTH, 0, atlas.entries().size())
                .mapToObj(i -> atlas.entries().get(i).text())
                .toList());
    }

    /// A sketch with its numbers in random order: as much of everything, and no target.
    static float[] shuffled(float[] sketch, long seed) {
        int[] order = Permutation.of(sketch.length, new SplittableRandom(seed));
        float[] shuffled = new float[sketch.length];
        for (int i = 0; i < shuffled.length; i++) {
            shuffled[i] = sketch[order[i]];
        }
        return shuffled;
    }

    /// The behaviour a list stands for.
    Mixture mixture(List<Phrase> phrases) {
        return new Mixture(
                "list",
                phrases.stream()
                        .map(phrase ->
                                new Mixture.Weighted(HardPrompt.of(phrase.text(), chat.tokenizer()), phrase.weight()))
                        .toList());
    }
}
