package assay.discover.search;

import assay.base.tensor.SideBySide;
import assay.discover.atlas.Atlas;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Fluency;
import assay.measure.behaviour.HardPrompt;
import java.util.SplittableRandom;

/// How naturally the prompts of a dictionary read to the model, measured once.
final class PerplexityLimit {
    /// Prompts that are looked at.
    private static final int READ = 100;

    private static final double MOST = 0.9;

    private final ChatModel chat;
    private final Atlas atlas;
    private double perplexity = Double.NaN;

    PerplexityLimit(ChatModel chat, Atlas atlas) {
        this.chat = chat;
        this.atlas = atlas;
    }

    /// The perplexity nine in ten prompts stay below.
    synchronized double perplexity() {
        if (Double.isNaN(perplexity)) {
            perplexity = SideBySide.one(this::measured);
        }
        return perplexity;
    }

    private double measured() {
        double[] perplexities = new SplittableRandom(0)
                .ints(READ, 0, atlas.entries().size())
                .mapToDouble(i ->
                        Fluency.perplexity(HardPrompt.of(atlas.entries().get(i).text(), chat.tokenizer()), chat))
                .sorted()
                .toArray();
        return perplexities[(int) (MOST * READ)];
    }
}
