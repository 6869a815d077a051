package assay.lab.scorecard;

import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Point;
import assay.show.page.JsonParts;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a study measured of lists of prompts, and whether they can be read, as JSON.
final class EvidenceJson {
    private EvidenceJson() {}

    /// One target with one seed.
    static void target(ObjectNode node, TargetEvidence target, StudyRun.Model model) {
        node.put("name", target.target().name())
                .put("kind", target.target().kind().toString())
                .put("text", target.target().text())
                .put("is_null", target.target().isNull())
                .put("seed", target.seed());
        node.set("kl_base", JsonParts.number(target.kl().foreign()));
        node.set("kl_base_own", JsonParts.number(target.kl().own()));
        node.set("kl_reverse", JsonParts.number(target.kl().reverse()));
        node.set("kl_reverse_base", JsonParts.number(target.kl().reverseBase()));
        node.put("chosen_k", target.stability().chosen());
        equal(node, StudyFacts.equal(target));
        ArrayNode curve = node.putArray("curve");
        target.curve().forEach(point -> point(curve.addObject(), point, model));
        ArrayNode controls = node.putArray("controls");
        target.controls().forEach(control -> {
            ObjectNode one =
                    controls.addObject().put("name", control.kind().toString()).put("k", control.k());
            JsonParts.interval(one, "closed", "ci", control.closed());
        });
        search(node.putObject("search"), target.search());
        ArrayNode mixture = node.putArray("mixture");
        target.atoms().forEach(atom -> {
            ObjectNode one = mixture.addObject().put("prompt", atom.text());
            one.set("weight", JsonParts.number(atom.weight()));
            one.set("perplexity", JsonParts.number(atom.perplexity()));
            one.put("source", atom.source());
        });
        stability(node.putObject("stability"), target.stability());
    }

    /// Blind matching, edits, compositions, overlaps.
    static void reading(ObjectNode node, ReadingEvidence reading) {
        node.put("reader", reading.reader());
        ArrayNode matching = node.putArray("matching");
        reading.matching().forEach(one -> {
            ObjectNode entry = matching.addObject()
                    .put("texts", one.texts())
                    .put("is_null", one.isNull())
                    .put("cases", one.cases());
            JsonParts.interval(entry, "right", "ci", one.right());
            entry.set("chance", JsonParts.number(one.chance()));
            entry.put("at_chance", one.atChance());
            VerdictJson.texts(entry.putArray("misses"), one.misses());
        });
        ArrayNode edits = node.putArray("edits");
        reading.edits().forEach(edit -> {
            ObjectNode entry = edits.addObject()
                    .put("target", edit.target())
                    .put("edit", edit.edit())
                    .put("towards", edit.towards());
            entry.set("before", JsonParts.number(edit.before()));
            entry.set("after", JsonParts.number(edit.after()));
            entry.put("changed", edit.changed()).put("right", edit.right());
        });
        ArrayNode compositions = node.putArray("compositions");
        reading.compositions().forEach(one -> {
            ObjectNode entry = compositions.addObject().put("text", one.text());
            VerdictJson.texts(entry.putArray("parts"), one.parts());
            VerdictJson.texts(entry.putArray("named"), one.named());
            entry.set("closed", JsonParts.number(one.closed()));
            VerdictJson.texts(entry.putArray("prompts"), one.atoms());
            entry.put("separate", one.separate());
        });
        node.set("agreement", JsonParts.number(reading.agreement()));
        node.set("wayward", JsonParts.number(reading.wayward()));
    }

    /// `k` is null when it was not measured; with `reached` false it is the largest number measured.
    private static void equal(ObjectNode node, Optional<StudyFacts.Equal> equal) {
        ObjectNode entry = node.putObject("random_equal");
        equal.ifPresentOrElse(
                found -> entry.put("k", found.k()).put("reached", found.reached()),
                () -> entry.putNull("k").put("reached", false));
    }

    private static void point(ObjectNode node, Point point, StudyRun.Model model) {
        node.put("k", point.k());
        JsonParts.interval(node, "closed", "ci", point.closed());
        JsonParts.interval(node, "null", "null_ci", point.random());
        JsonParts.interval(node, "own", "own_ci", point.own());
        JsonParts.interval(node, "excess", "excess_ci", point.excess());
        node.set("bits", JsonParts.number(point.bits()));
        node.set("soft_tokens", JsonParts.number(model.inSoftTokens(point.bits())));
        node.set("abs_weights", JsonParts.number(point.absoluteWeights()));
    }

    private static void search(ObjectNode node, TargetEvidence.Search search) {
        node.put("runs", search.runs());
        JsonParts.interval(node, "random", "random_ci", search.random());
        JsonParts.interval(node, "dictionary", "dictionary_ci", search.dictionary());
        JsonParts.interval(node, "searched", "searched_ci", search.searched());
        JsonParts.interval(node, "gain", "gain_ci", search.gain());
        node.set("recovered", JsonParts.number(search.recovered()));
        search.named().forEach(node.putArray("named")::add);
    }

    private static void stability(ObjectNode node, TargetEvidence.Stability stability) {
        node.set("halves", JsonParts.number(stability.halves()));
        node.set("dictionaries", JsonParts.number(stability.dictionaries()));
        node.set("condition", JsonParts.number(stability.condition()));
        node.set("fluent", JsonParts.number(stability.fluent()));
    }
}
