package assay.measure.decompose;

import assay.engine.model.ChatModel;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Random contexts and a few prompts for a tiny random model, and a listener that remembers.
public final class TinyContexts {
    private TinyContexts() {}

    /// Eight short prompts.
    public static List<HardPrompt> prompts(ChatModel chat) {
        return Stream.of(
                        "Be sad.",
                        "Talk about rain.",
                        "Say no.",
                        "Count to ten.",
                        "Sell a boat.",
                        "Whisper.",
                        "Use long words.",
                        "You love trains.")
                .map(text -> HardPrompt.of(text, chat.tokenizer()))
                .toList();
    }

    /// Contexts of one split, of two to four places each.
    public static SplitContexts of(ChatModel chat, Probe.Split split, int foreign, int own) {
        SplittableRandom random = new SplittableRandom(split.name().hashCode());
        List<Context> contexts = new ArrayList<>();
        for (int i = 0; i < foreign + own; i++) {
            int places = 2 + i % 3;
            int[] user = random.ints(4, 40, 200).toArray();
            int[] read = random.ints(places, 40, 200).toArray();
            contexts.add(new Context(i % foreign, chat.slot().tail(user, read), places));
        }
        return new SplitContexts(contexts.subList(0, foreign), contexts.subList(foreign, foreign + own));
    }

    /// What a decomposer told.
    ///
    /// @param runs prompts run per split
    /// @param added every addition, as `k text weight`
    /// @param measured numbers of prompts about to be measured
    public record Heard(Map<Probe.Split, Integer> runs, List<String> added, List<Integer> measured)
            implements Decomposer.Listener {
        /// Nothing yet.
        public Heard() {
            this(Collections.synchronizedMap(new EnumMap<>(Probe.Split.class)), new ArrayList<>(), new ArrayList<>());
        }

        @Override
        public void ran(Probe.Split split) {
            runs.merge(split, 1, Integer::sum);
        }

        @Override
        public void added(int k, HardPrompt prompt, double weight) {
            added.add("%d %s %.2f".formatted(k, prompt.text(), weight));
        }

        @Override
        public void measuring(int prompts) {
            measured.add(prompts);
        }
    }
}
