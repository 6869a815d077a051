package assay.discover.atlas;

import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import assay.measure.probe.SketchMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A small atlas of a tiny random model: the whole pipeline in a second, for laws and leaks, never for
/// results.
public final class TinyAtlas {
    private static final List<String> PROMPTS = List.of(
            "Answer in rhyme.",
            "You are a cook.",
            "Be sad.",
            "Count to ten.",
            "Talk about rain.",
            "Say no.",
            "You love trains.",
            "Write a list.",
            "Use long words.",
            "Ask a question.",
            "Sell a boat.",
            "Whisper.");

    private static final List<Probe.Split> SPLITS = List.of(Probe.Split.SEARCH, Probe.Split.FIT, Probe.Split.TEST);

    private TinyAtlas() {}

    /// The atlas of a model.
    public static Atlas of(ChatModel chat) {
        Probe probe = new Probe("foreign", turns());
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Runner runner = new Runner(chat);
            SketchMap map = SketchMap.make(
                    runner.hidden(Behaviour.BASE, probe.contexts(Probe.Split.SEARCH, runner)),
                    chat.model().unembedding(),
                    3);
            List<Atlas.Entry> entries = PROMPTS.stream()
                    .map(text -> new Atlas.Entry(text, "grammar:test"))
                    .toList();
            Map<String, String> header =
                    Map.of(Atlas.MODEL_NAME, chat.model().name(), Atlas.MODEL_SHA256, chat.sha256());
            Atlas planned = new Atlas(header, probe, map, entries, QuantisedRows.none(SketchMap.SIZE));
            return AtlasBuilder.withSpectrum(new AtlasBuilder(chat).extended(planned, 100));
        }
    }

    private static List<Probe.Turn> turns() {
        SplittableRandom random = new SplittableRandom(8);
        List<Probe.Turn> turns = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Probe.Split split = SPLITS.get(i % 3);
            turns.add(new Probe.Turn(
                    "Turn number " + i + "?", split, "", random.ints(5, 40, 200).toArray()));
        }
        return turns;
    }
}
