package assay.discover.search;

import assay.discover.atlas.Atlas;
import assay.engine.text.Tokenizer;
import assay.measure.behaviour.HardPrompt;
import assay.measure.probe.Sketcher;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What prompts make a model say whatever they ask for, measured once on some of a dictionary.
final class UsualTokens {
    /// Prompts that stand for all.
    private static final int SOME = 16;

    private final List<HardPrompt> some;
    private double[] expected = {};

    UsualTokens(Tokenizer tokenizer, Atlas atlas) {
        some = Sampler.some(atlas.texts(), SOME, new SplittableRandom(0)).stream()
                .map(text -> HardPrompt.of(text, tokenizer))
                .toList();
    }

    /// Expected number of each token on the probe's search split, the mean of the prompts. `[vocab]`
    synchronized double[] expected(Sketcher sketcher) {
        if (expected.length == 0) {
            double[][] each = sketcher.expected(some);
            double[] mean = new double[each[0].length];
            Arrays.setAll(
                    mean,
                    token -> Arrays.stream(each).mapToDouble(one -> one[token]).sum() / each.length);
            expected = mean;
        }
        return expected;
    }
}
