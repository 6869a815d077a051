package assay.study;

import assay.behaviour.Fluency;
import assay.behaviour.HardPrompt;
import assay.discover.Atlas;
import assay.model.ChatModel;
import assay.tensor.SideBySide;
import java.util.SplittableRandom;

/// How naturally the prompts of a dictionary read to the model, measured once.
final class Naturalness {
    /// Prompts that are looked at.
    private static final int READ = 100;

    private static final double MOST = 0.9;

    private final ChatModel chat;
    private final Atlas atlas;
    private double perplexity = Double.NaN;

    Naturalness(ChatModel chat, Atlas atlas) {
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
