package assay.show.report;

import assay.measure.judge.Chain;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.show.page.JsonParts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A distillation as one JSON document for programs: what `assay distil --json` and `assay bake --json` print.
public final class DistilJson {
    private DistilJson() {}

    /// Writes the document, indented, with a line break at its end.
    ///
    /// @param provenance where the numbers came from: text, numbers, booleans, lists and maps of these
    /// @param seconds what the run took
    /// @param command `distil` or `bake`
    public static String render(Distillation found, Map<String, Object> provenance, double seconds, String command) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schema_version", JsonReport.SCHEMA_VERSION).put("command", command);
        root.putObject("model")
                .put("name", found.subject().modelName())
                .put("sha256", found.subject().modelSha256());
        root.putObject("target")
                .put("kind", found.subject().teacherKind().name().toLowerCase(Locale.ROOT))
                .put("name", found.subject().teacher())
                .put("description", found.subject().teacherDescription());
        root.put("unit", "nats/token");
        root.set("kl_base", JsonParts.number(found.divergence().foreign()));
        root.set("kl_base_own", JsonParts.number(found.divergence().own()));
        whole(root.putObject("distil"), found);
        JsonReport.splits(
                root.putObject("effort").putArray("splits"), found.training().splits());
        JsonReport.verdict(root.putArray("verdict"), List.of(found.verdict()));
        ObjectNode time = root.putObject("seconds");
        time.set("training", JsonParts.number(found.training().seconds()));
        time.set("total", JsonParts.number(seconds));
        root.set("provenance", JsonParts.value(provenance));
        return JsonParts.print(root);
    }

    private static void whole(ObjectNode node, Distillation found) {
        brief(node, found);
        JsonParts.interval(node, "untrained", "untrained_ci", found.fidelity().untrained());
        JsonParts.interval(
                node, "best_prompt", "best_prompt_ci", found.fidelity().bestPrompt());
        ObjectNode options = node.putObject("options");
        found.training().options().forEach(option -> options.put(option.name(), option.value()));
        ArrayNode starts = node.putArray("starts");
        found.training().starts().forEach(start -> {
            ObjectNode one = starts.addObject().put("kind", start.kind()).put("text", start.text());
            one.set("before", JsonParts.number(start.before()));
            one.set("after", JsonParts.number(start.after()));
            one.put("chosen", start.chosen());
        });
        ArrayNode sweep = node.putArray("sweep");
        found.sweep().forEach(length -> {
            ObjectNode one = sweep.addObject().put("tokens", length.tokens());
            JsonParts.interval(one, "closed", "ci", length.closed());
            JsonParts.interval(one, "own", "own_ci", length.own());
            one.set("seconds", JsonParts.number(length.seconds()));
        });
        remaining(node.putArray("remaining"), found.remains());
        ArrayNode layers = node.putArray("layers");
        found.mechanism().forEach(layer -> {
            ObjectNode one = layers.addObject().put("layer", layer.layer());
            one.set("cosine", JsonParts.number(layer.cosine()));
            one.set("random", JsonParts.number(layer.random()));
        });
    }

    /// What an explanation says of the distillation on its way.
    private static void brief(ObjectNode node, Distillation found) {
        node.put("tokens", found.subject().tokens())
                .put("student", found.subject().student());
        JsonParts.interval(node, "closed", "ci", found.fidelity().foreign());
        JsonParts.interval(node, "own", "own_ci", found.fidelity().own());
        node.put("ended", found.training().ended())
                .put("chosen_step", found.training().chosenStep());
        ArrayNode curve = node.putArray("curve");
        found.training().curve().forEach(point -> {
            ObjectNode one = curve.addObject().put("step", point.step());
            one.set("seconds", JsonParts.number(point.seconds()));
            one.set("search_closed", JsonParts.number(point.closed()));
            one.set("fit_kl", JsonParts.number(point.fit()));
        });
    }

    private static void remaining(ArrayNode nodes, List<Distillation.Remaining> places) {
        places.forEach(place -> {
            ObjectNode one = nodes.addObject()
                    .put("user", place.user())
                    .put("contexts", place.contexts())
                    .put("before", place.before());
            one.set("kl_base", JsonParts.number(place.base()));
            one.set("kl_student", JsonParts.number(place.student()));
            ArrayNode wanted = one.putArray("wanted");
            place.wanted().forEach(token -> {
                ObjectNode entry = wanted.addObject().put("token", token.token());
                entry.set("teacher", JsonParts.number(token.teacher()));
                entry.set("student", JsonParts.number(token.student()));
            });
        });
    }

    /// Adds the way by a soft prompt to an explanation's document.
    static void chain(ObjectNode root, Chain chain) {
        brief(root.putObject("distil"), chain.distillation());
        ObjectNode node = root.putObject("chain");
        JsonParts.interval(node, "adapter_by_soft", "adapter_by_soft_ci", chain.soft());
        JsonParts.interval(node, "adapter_by_mixture", "adapter_by_mixture_ci", chain.mixture());
        JsonParts.interval(node, "adapter_by_longest_mixture", "adapter_by_longest_mixture_ci", chain.mixtureFull());
        JsonParts.interval(node, "adapter_directly", "adapter_directly_ci", chain.direct());
        ObjectNode nats = node.putObject("kl_from_adapter");
        nats.set("base", JsonParts.number(chain.nats().base()));
        nats.set("soft", JsonParts.number(chain.nats().soft()));
        nats.set("mixture", JsonParts.number(chain.nats().mixture()));
        nats.set("direct", JsonParts.number(chain.nats().direct()));
        Explanation ofSoft = chain.ofSoft();
        ObjectNode soft = node.putObject("soft_prompt");
        soft.set("kl_base", JsonParts.number(ofSoft.divergence().foreign()));
        soft.put("chosen_k", ofSoft.curve().chosen());
        ArrayNode curve = soft.putArray("curve");
        ofSoft.curve().steps().forEach(step -> curve.add(JsonReport.step(step)));
        JsonReport.mixture(soft.putArray("mixture"), ofSoft);
        JsonReport.verdict(soft.putArray("verdict"), ofSoft.verdict());
    }
}
