package assay.tasks.distil;

import assay.engine.model.ChatModel;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import assay.show.page.Json.Fields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The contexts of a distillation as token ids, so that anyone can check or repeat it with other software.
final class ContextsFile {
    private ContextsFile() {}

    static byte[] bytes(Curriculum curriculum, Distil.Options options, ChatModel chat) {
        Runner runner = new Runner(chat);
        List<Fields> contexts = new ArrayList<>();
        Map<String, Integer> turns = new HashMap<>();
        for (Probe.Split split : Probe.Split.values()) {
            for (Probe probe : List.of(curriculum.foreign(), curriculum.own())) {
                for (Context context : probe.contexts(split, runner)) {
                    String user = probe.turns().get(context.turn()).user();
                    contexts.add(new Fields()
                            .with("split", split.name().toLowerCase(Locale.ROOT))
                            .with("turn", turns.computeIfAbsent(user, _ -> turns.size()))
                            .with("kind", probe.name())
                            .with("places", context.places())
                            .with("tail", context.tail()));
                }
            }
        }
        Fields root = new Fields()
                .with("schema_version", 1)
                .with("model", chat.model().name())
                .with("tokens", options.form().length())
                .with("slot", options.form().slot())
                .with("turns_per_step", options.training().turnsPerStep())
                .with("before", chat.slot().before())
                .with("contexts", contexts);
        return JsonMapper.shared().writeValueAsBytes(root);
    }
}
