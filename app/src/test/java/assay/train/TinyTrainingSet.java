package assay.train;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.Overlay;
import assay.engine.model.TokenBatch;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A tiny random model whose prompt "You are a cook." teaches: for laws, never for results.
final class TinyTrainingSet {
    static final Trainer.Options OPTIONS = new Trainer.Options(4, 12, 0.03, 2, 1, 3, 50, 5);

    private static final List<Probe.Split> SPLITS = List.of(Probe.Split.SEARCH, Probe.Split.FIT, Probe.Split.TEST);

    private TinyTrainingSet() {}

    static TrainingSet of(ChatModel chat) {
        HardPrompt teacher = HardPrompt.of("You are a cook.", chat.tokenizer());
        Runner runner = new Runner(chat);
        Probe foreign = probe("foreign", 8);
        Probe own = probe("own", 9);
        return TrainingSet.of(
                runner, new Teacher.Acting(teacher), TrainingSet.lessons(foreign, own, runner), foreign, own, _ -> {});
    }

    static Probe probe(String name, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Probe.Turn> turns = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Probe.Split split = SPLITS.get(i % 3);
            turns.add(new Probe.Turn(
                    "Turn number " + i + "?", split, "", random.ints(5, 40, 200).toArray()));
        }
        return new Probe(name, turns);
    }

    static float[][] start(ChatModel chat, int tokens) {
        int[] ids = new SplittableRandom(1).ints(tokens, 40, 200).toArray();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return new float[][] {Torch.toFloats(chat.model().embed(TokenBatch.of(ids), Overlay.NONE))};
        }
    }
}
