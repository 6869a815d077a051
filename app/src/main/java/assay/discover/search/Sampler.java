package assay.discover.search;

import assay.discover.atlas.PromptSampler;
import assay.discover.predict.SketchFit;
import assay.engine.model.ChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Lets the model write prompts by the example of others: of any (blind), or of those nearest to what is lacking
/// (rewriting).
///
/// @param rewrites whether the examples are near ones
public record Sampler(ChatModel chat, boolean rewrites) implements Strategy {
    private static final int EXAMPLES = 6;
    private static final int NEAR = 24;
    private static final int BATCH = 96;

    @Override
    public boolean isWriting() {
        return true;
    }

    @Override
    public List<String> propose(SketchFit standing, SketchFit.Lack lack, int count, long seed) {
        PromptSampler sampler = new PromptSampler(chat);
        SplittableRandom random = new SplittableRandom(seed);
        List<SketchFit.Atom> atoms = rewrites ? standing.alike(lack, NEAR) : standing.atoms();
        List<String> near = atoms.stream().map(SketchFit.Atom::text).toList();
        List<String> openings = rewrites ? near.stream().map(Sampler::opening).toList() : PromptSampler.openings();
        List<String> lines = new ArrayList<>();
        for (int round = 0; lines.size() < count; round++) {
            List<String> examples = some(near, EXAMPLES, random);
            int batch = Math.min(BATCH, count - lines.size());
            lines.addAll(sampler.lines(examples, openings, batch, seed * 10_007 + round));
        }
        return lines;
    }

    /// So many of some things, drawn by chance.
    static <T> List<T> some(List<T> all, int count, SplittableRandom random) {
        return random.ints(0, all.size())
                .distinct()
                .limit(Math.min(count, all.size()))
                .mapToObj(all::get)
                .toList();
    }

    /// A prompt's first words, which say what kind of prompt it is.
    static String opening(String prompt) {
        String[] words = prompt.split(" ");
        int count = words.length > 4 && words[0].equals("You") ? 3 : Math.min(2, Math.max(1, words.length - 1));
        return String.join(" ", List.of(words).subList(0, count));
    }
}
