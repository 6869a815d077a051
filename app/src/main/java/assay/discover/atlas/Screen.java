package assay.discover.atlas;

import assay.base.sparse.GramPursuit;
import assay.engine.text.Tokenizer;
import assay.measure.behaviour.HardPrompt;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Picks from a whole atlas the few prompts worth running exactly for one target, by their sketches alone.
public record Screen(Atlas atlas, GramPursuit pursuit) {
    /// A screen over an atlas.
    public Screen(Atlas atlas) {
        this(atlas, new GramPursuit(atlas.sketches().decoded()));
    }

    /// Entries worth running, most promising first: half of them the ones a greedy pursuit on sketches
    /// takes one after the other, the other half those that are most like the whole target.
    ///
    /// @param sketch of the target
    /// @param excluded entries that must not be used
    public List<Atlas.Entry> candidates(float[] sketch, int count, Set<Integer> excluded) {
        double[] target = new double[sketch.length];
        Arrays.setAll(target, i -> sketch[i]);
        List<Integer> greedy = Arrays.stream(
                        pursuit.run(target, count, excluded, 1).chosen())
                .boxed()
                .toList();
        double[] norms = pursuit.norms();
        double[] correlations = pursuit.correlations(target);
        List<Integer> alike = IntStream.range(0, norms.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> norms[i] == 0 ? 0 : -correlations[i] / norms[i]))
                .limit(count + (long) excluded.size())
                .toList();
        Set<Integer> chosen = new LinkedHashSet<>();
        for (int i = 0; chosen.size() < count && (i < greedy.size() || i < alike.size()); i++) {
            if (i < greedy.size()) {
                chosen.add(greedy.get(i));
            }
            if (i < alike.size() && chosen.size() < count && !excluded.contains(alike.get(i))) {
                chosen.add(alike.get(i));
            }
        }
        return chosen.stream().map(index -> atlas.entries().get(index)).toList();
    }

    /// Sketches of all entries, in order.
    public float[][] sketches() {
        return pursuit.vectors();
    }

    /// Entries drawn by chance: the null.
    ///
    /// @param excluded entries that must not be used
    public List<Atlas.Entry> random(int count, long seed, Set<Integer> excluded) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<Integer> drawn = new LinkedHashSet<>();
        int size = atlas.entries().size();
        while (drawn.size() < Math.min(count, size - excluded.size())) {
            int index = random.nextInt(size);
            if (!excluded.contains(index)) {
                drawn.add(index);
            }
        }
        return drawn.stream().map(index -> atlas.entries().get(index)).toList();
    }

    /// The prompts of entries.
    public static List<HardPrompt> prompts(List<Atlas.Entry> entries, Tokenizer tokenizer) {
        return entries.stream()
                .map(entry -> HardPrompt.of(entry.text(), tokenizer))
                .toList();
    }
}
