package assay.lab.verdict;

import assay.engine.model.ChatModel;
import assay.engine.text.Tokenizer;
import assay.measure.behaviour.HardPrompt;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// Prompts of random tokens: what a list would be worth if its words did not matter.
final class NoisePrompts {
    private static final int SHORTEST = 6;
    private static final int LONGEST = 14;

    private NoisePrompts() {}

    /// Prompts whose text survives the tokenizer, drawn evenly from the vocabulary.
    static List<HardPrompt> of(ChatModel chat, int count, long seed) {
        Tokenizer tokenizer = chat.tokenizer();
        SplittableRandom random = new SplittableRandom(seed);
        Set<String> texts = new LinkedHashSet<>();
        while (texts.size() < count) {
            int length = random.nextInt(SHORTEST, LONGEST + 1);
            int[] tokens = random.ints(length, 0, chat.model().vocabulary()).toArray();
            String text = tokenizer.decode(tokens).strip();
            if (!text.isBlank() && tokenizer.decode(tokenizer.encode(text)).equals(text)) {
                texts.add(text);
            }
        }
        List<HardPrompt> prompts = new ArrayList<>();
        texts.forEach(text -> prompts.add(HardPrompt.of(text, tokenizer)));
        return prompts;
    }
}
