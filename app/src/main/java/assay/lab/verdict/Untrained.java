package assay.lab.verdict;

import assay.base.run.Stage;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.NearDuplicates;
import assay.engine.model.ChatModel;
import assay.lab.matching.Phrase;
import assay.lab.studyfile.StudyFile;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import assay.measure.probe.SketchMap;
import assay.tasks.session.FinishedParts;
import assay.tasks.session.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/// Lists found in the same way on a model of the same shape that never learnt anything: what they say is what the
/// method says by itself.
record Untrained(Session session, SharedContexts arena, ReadingLists lists, FinishedParts rows) {
    private static final long SEED = 5;
    /// User turns on which it is run.
    private static final int TURNS = 3;
    /// Prompts of the dictionary it is run under.
    private static final int PROMPTS = 40;

    /// Its lists by the name of the reading.
    record Kept(Map<String, List<Phrase>> lists) {}

    Map<String, List<Phrase>> lists(StudyFile.Tasks tasks) {
        return tasks.readings().isEmpty()
                ? Map.of()
                : rows.get("readings-untrained", Kept.class, () -> made(tasks)).lists();
    }

    private Kept made(StudyFile.Tasks tasks) {
        Map<String, List<Phrase>> made = new HashMap<>();
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel blank = session.chat().untrained(SEED);
                Stage stage = arena.job()
                        .stage(
                                "the same on an untrained model",
                                PROMPTS + tasks.readings().size())) {
            Runner runner = new Runner(blank);
            List<Context> contexts = arena.atlas().probe().contexts(Probe.Split.SEARCH, runner);
            contexts = contexts.subList(0, Math.min(TURNS, contexts.size()));
            Tensor base = runner.hidden(Behaviour.BASE, contexts);
            SketchMap map = SketchMap.make(base, blank.model().unembedding(), SEED);
            List<HardPrompt> prompts = new ArrayList<>();
            List<float[]> sketches = new ArrayList<>();
            for (Atlas.Entry entry : arena.screen().random(PROMPTS, SEED, Set.of())) {
                prompts.add(HardPrompt.of(entry.text(), blank.tokenizer()));
                sketches.add(sketch(runner, map, base, contexts, prompts.getLast()));
                stage.advance(1);
            }
            for (StudyFile.Reading reading : tasks.readings()) {
                HardPrompt target = HardPrompt.of(reading.prompt(), blank.tokenizer());
                float[] sketch = sketch(runner, map, base, contexts, target);
                List<HardPrompt> allowed = new ArrayList<>();
                List<float[]> theirs = new ArrayList<>();
                for (int i = 0; i < prompts.size(); i++) {
                    if (!NearDuplicates.paraphrasesOf(reading.prompt())
                            .test(prompts.get(i).text())) {
                        allowed.add(prompts.get(i));
                        theirs.add(sketches.get(i));
                    }
                }
                made.put(reading.name(), lists.among(allowed, theirs.toArray(float[][]::new), sketch));
                stage.advance(1);
            }
        }
        return new Kept(made);
    }

    private float[] sketch(Runner runner, SketchMap map, Tensor base, List<Context> contexts, HardPrompt prompt) {
        arena.job().check();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return map.sketch(runner.hidden(prompt, contexts).sub(base), contexts);
        }
    }
}
