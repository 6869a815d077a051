package assay.tasks.distil;

import assay.engine.model.ChatModel;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The contexts of a distillation as token ids, so that anyone can check or repeat it with other software.
final class ContextsFile {
    private ContextsFile() {}

    static byte[] bytes(Curriculum curriculum, Distil.Options options, ChatModel chat) {
        Runner runner = new Runner(chat);
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("schema_version", 1)
                .put("model", chat.model().name())
                .put("tokens", options.form().length())
                .put("slot", options.form().slot())
                .put("turns_per_step", options.training().turnsPerStep());
        ArrayNode before = root.putArray("before");
        for (int token : chat.slot().prefix(new int[0])) {
            before.add(token);
        }
        ArrayNode contexts = root.putArray("contexts");
        Map<String, Integer> turns = new HashMap<>();
        for (Probe.Split split : Probe.Split.values()) {
            for (Probe probe : List.of(curriculum.foreign(), curriculum.own())) {
                for (Context context : probe.contexts(split, runner)) {
                    String user = probe.turns().get(context.turn()).user();
                    Integer turn = turns.computeIfAbsent(user, _ -> turns.size());
                    add(contexts, split, probe.name(), turn, context);
                }
            }
        }
        return JsonMapper.shared().writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    }

    private static void add(ArrayNode contexts, Probe.Split split, String kind, int turn, Context context) {
        ObjectNode node = contexts.addObject()
                .put("split", split.name().toLowerCase(Locale.ROOT))
                .put("turn", turn)
                .put("kind", kind)
                .put("places", context.places());
        ArrayNode tail = node.putArray("tail");
        for (int token : context.tail()) {
            tail.add(token);
        }
    }
}
