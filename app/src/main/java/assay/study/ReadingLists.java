package assay.study;

import assay.behaviour.Behaviour;
import assay.behaviour.HardPrompt;
import assay.behaviour.Mixture;
import assay.discover.Atlas;
import assay.model.ChatModel;
import assay.reading.Phrase;
import assay.search.Inversion;
import assay.search.PromptSearch;
import assay.search.Standing;
import assay.sparse.Permutation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/// Short lists read off sketches alone: what a behaviour is made of within seconds, good enough to be read. Prompts
/// are chosen by what sets them apart from the dictionary ([assay.search.Whitening]).
final class ReadingLists {
    /// Prompts of a list.
    static final int LENGTH = 5;

    private final ChatModel chat;
    private final Atlas atlas;
    private final Searching searching;
    private final int runs;

    /// Lists over an atlas.
    ///
    /// @param runs prompts the search may run exactly for every list; 0 for the dictionary alone
    ReadingLists(ChatModel chat, Atlas atlas, Searching searching, int runs) {
        this.chat = chat;
        this.atlas = atlas;
        this.searching = searching;
        this.runs = runs;
    }

    /// A behaviour's sketch.
    float[] sketch(Behaviour behaviour) {
        return searching.sketches(List.of(behaviour))[0];
    }

    /// Lets the difference of a behaviour from the base speak for itself.
    Inversion inversion(Behaviour behaviour) {
        return searching.inversion(behaviour);
    }

    /// Sketches of given prompts.
    float[][] sketches(List<HardPrompt> prompts) {
        return searching.sketches(prompts);
    }

    /// Sketches in the metric lists are chosen by.
    float[][] whitened(float[][] sketches) {
        return searching.whitened(sketches);
    }

    /// A behaviour as what prompts are searched for.
    ///
    /// @param forbidden prompts that must not be in its list
    Sought sought(Behaviour behaviour, Predicate<String> forbidden) {
        return new Sought(behaviour, sketch(behaviour), forbidden);
    }

    /// The list of a behaviour.
    List<Phrase> of(Sought sought, long seed) {
        PromptSearch.Options options = PromptSearch.Options.brief(runs, seed);
        return chosen(
                searching.grownApart(sought, Searching.CHEAP::contains, options), sought.sketch(), sought.forbidden());
    }

    /// The list of a sketch without any search.
    List<Phrase> fromDictionary(float[] sketch, Predicate<String> forbidden) {
        return chosen(atlas, sketch, forbidden);
    }

    private List<Phrase> chosen(Atlas known, float[] sketch, Predicate<String> forbidden) {
        return phrases(searching.named(known, sketch, forbidden, LENGTH));
    }

    /// The list of a sketch among given prompts.
    List<Phrase> among(List<HardPrompt> prompts, float[][] theirs, float[] sketch) {
        List<Standing.Atom> atoms = new ArrayList<>();
        for (int i = 0; i < theirs.length; i++) {
            atoms.add(new Standing.Atom(prompts.get(i).text(), "given", theirs[i]));
        }
        return phrases(new Standing(sketch, atoms).lack(Math.min(LENGTH, atoms.size())));
    }

    static List<Phrase> phrases(Standing.Lack lack) {
        List<Phrase> phrases = new ArrayList<>();
        for (int i = 0; i < lack.weights().length; i++) {
            phrases.add(new Phrase(lack.atoms().get(i).text(), lack.weights()[i]));
        }
        return phrases;
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
