package assay.discover.atlas;

import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.text.BasePrompt;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// An atlas as it would be over another base (docs/decisions/0027-base-prompt.md).
///
/// A sketch is linear in what a prompt changes, `h(prompt) − h(base)`. So another base is run once on the contexts of
/// the sketches, and its own sketch, from the empty base, is taken from every other.
final class MovedAtlas {
    private MovedAtlas() {}

    /// @param atlas made over an empty system message, as all are
    /// @param chat open, over any base
    static Atlas over(Atlas atlas, ChatModel chat) {
        BasePrompt base = chat.slot().basePrompt();
        if (base.equals(BasePrompt.usual())) {
            return atlas;
        }
        float[] moved = sketch(atlas, chat);
        float[][] rows = atlas.sketches().decoded();
        for (float[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] -= moved[i];
            }
        }
        return AtlasBuilder.withSpectrum(atlas.with(QuantisedRows.of(rows), base.written()));
    }

    /// What the other base changes.
    private static float[] sketch(Atlas atlas, ChatModel chat) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Runner runner = new Runner(chat);
            List<Context> contexts = atlas.probe().contexts(Probe.Split.SEARCH, runner);
            Runner usual = new Runner(chat.over(BasePrompt.usual()));
            Tensor there = runner.hidden(Behaviour.BASE, contexts);
            Tensor here = usual.hidden(Behaviour.BASE, atlas.probe().contexts(Probe.Split.SEARCH, usual));
            return atlas.map().sketch(there.sub(here), contexts);
        }
    }
}
