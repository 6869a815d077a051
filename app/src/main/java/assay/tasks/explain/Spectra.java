package assay.tasks.explain;

import assay.discover.atlas.Atlas;
import assay.discover.atlas.Screen;
import assay.engine.model.ChatModel;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.Explanation;
import assay.measure.judge.NullTheory;
import assay.measure.probe.SketchMap;
import java.util.List;
import java.util.stream.IntStream;

/// What the sketches of a whole atlas say of a target without a run: what its prompts could hold, and
/// what random ones are expected to close.
///
/// @param dictionary all of the atlas
record Spectra(ChatModel chat, Atlas atlas, Screen dictionary) {
    /// Of one target.
    ///
    /// @param sketch of the target
    /// @param most random prompts
    Explanation.Spectrum of(float[] sketch, Decomposer decomposer, int most, long seed) {
        float[][] rows = dictionary.sketches();
        NullTheory theory = NullTheory.of(rows, SketchMap.GROUPS, model(), seed);
        List<Integer> sizes = IntStream.rangeClosed(1, most).boxed().toList();
        return new Explanation.Spectrum(
                DenseShare.of(rows, sketch, SketchMap.GROUPS),
                atlas.energy(),
                atlas.exponent(),
                theory.of(sketch, amount(decomposer), sizes));
    }

    private NullTheory.Model model() {
        return new NullTheory.Model(chat.model().hidden(), chat.model().vocabulary());
    }

    /// Contexts that lists are fitted on for each one that a sketch has in all of its groups but one.
    private static double amount(Decomposer decomposer) {
        SplitStates fit = decomposer.fit();
        double seen = decomposer.search().foreign().size() * (SketchMap.GROUPS - 1.0) / SketchMap.GROUPS;
        return (fit.foreign().size() + fit.own().size()) / seen;
    }
}
