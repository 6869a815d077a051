package assay.show.report;

import assay.measure.judge.Chain;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Effort;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.HeatLine;
import assay.measure.judge.Explanation.Spectrum;
import assay.measure.judge.Explanation.SplitSize;
import assay.measure.judge.Explanation.Step;
import assay.show.page.JsonParts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An explanation as one JSON document for programs: what `assay explain --json` prints.
///
/// Keys come in a fixed order, those of the provenance sorted. Measured numbers have six significant
/// digits; one that was not measured, or is not finite, is `null`.
public final class JsonReport {
    /// Raised when a field changes its meaning or goes away; new fields do not raise it.
    public static final int SCHEMA_VERSION = 1;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonReport() {}

    /// Writes the document, indented, with a line break at its end.
    ///
    /// @param provenance where the numbers came from: text, numbers, booleans, lists and maps of these
    /// @param seconds what the run took
    public static String render(Explanation explanation, Map<String, Object> provenance, double seconds) {
        return render(explanation, Optional.empty(), provenance, seconds);
    }

    /// As above, with the way by a soft prompt if it was taken.
    public static String render(
            Explanation explanation, Optional<Chain> chain, Map<String, Object> provenance, double seconds) {
        ObjectNode root = NODES.objectNode();
        root.put("schema_version", SCHEMA_VERSION).put("command", "explain");
        root.putObject("model")
                .put("name", explanation.subject().modelName())
                .put("sha256", explanation.subject().modelSha256());
        root.putObject("target")
                .put("kind", explanation.subject().kind().name().toLowerCase(Locale.ROOT))
                .put("name", explanation.subject().name())
                .put("description", explanation.subject().description());
        root.put("unit", "nats/token");
        root.set("kl_base", JsonParts.number(explanation.divergence().foreign()));
        root.set("kl_base_own", JsonParts.number(explanation.divergence().own()));
        root.put("chosen_k", explanation.curve().chosen());
        ArrayNode curve = root.putArray("curve");
        explanation.curve().steps().forEach(step -> curve.add(step(step)));
        controls(root.putObject("ceiling"), root.putObject("controls"), explanation);
        mixture(root.putArray("mixture"), explanation);
        ArrayNode named = root.putArray("named");
        explanation
                .illustration()
                .named()
                .forEach(one ->
                        named.addObject().put("prompt", one.prompt()).set("weight", JsonParts.number(one.weight())));
        ObjectNode words = root.putObject("words");
        explanation.illustration().words().target().forEach(words.putArray("target")::add);
        explanation.illustration().words().lacking().forEach(words.putArray("lacking")::add);
        verdict(root.putArray("verdict"), explanation.verdict());
        chain.ifPresent(way -> DistilJson.chain(root, way));
        effort(root.putObject("effort"), explanation.effort());
        samples(root.putArray("samples"), explanation);
        ArrayNode heat = root.putArray("heat");
        explanation.illustration().heat().forEach(line -> heat.add(heat(line)));
        root.putObject("seconds").set("total", JsonParts.number(seconds));
        root.set("provenance", JsonParts.value(provenance));
        return JsonParts.print(root);
    }

    static ObjectNode step(Step step) {
        ObjectNode node = NODES.objectNode();
        node.put("k", step.k()).put("added", step.added());
        JsonParts.interval(node, "closed", "ci", step.closed());
        JsonParts.interval(node, "null", "null_ci", step.random());
        JsonParts.interval(node, "own", "own_ci", step.own());
        JsonParts.interval(node, "excess", "excess_ci", step.excess());
        node.set("search_closed", JsonParts.number(step.search()));
        node.set("abs_weights", JsonParts.number(step.absoluteWeights()));
        return node;
    }

    private static void controls(ObjectNode ceilings, ObjectNode others, Explanation explanation) {
        for (Control control : explanation.controls()) {
            String key = control.kind().key();
            if (control.kind().isCeiling()) {
                JsonParts.interval(ceilings, key, key + "_ci", control.closed());
                if (control.kind() == ControlKind.DIRECTIONS) {
                    ceilings.put(key + "_rank", control.k());
                }
                continue;
            }
            ObjectNode other = others.putObject(key);
            if (control.kind() == ControlKind.SINGLE) {
                other.put("prompt", explanation.bestSingle());
            }
            JsonParts.interval(other, "closed", "ci", control.closed());
        }
        Spectrum measured = explanation.illustration().spectrum();
        ObjectNode spectrum = others.putObject("spectrum");
        spectrum.set("dense_estimate", JsonParts.number(measured.denseEstimate()));
        spectrum.set("exponent", JsonParts.number(measured.exponent()));
        ArrayNode energy = spectrum.putArray("energy");
        measured.energy().forEach(share -> energy.add(JsonParts.number(share)));
    }

    static void mixture(ArrayNode nodes, Explanation explanation) {
        explanation.mixture().forEach(atom -> {
            ObjectNode node = nodes.addObject().put("prompt", atom.prompt());
            node.set("weight", JsonParts.number(atom.weight()));
            node.set("perplexity", JsonParts.number(atom.perplexity()));
            node.put("source", atom.source());
            node.set("closed_alone", JsonParts.number(atom.alone()));
        });
    }

    private static void effort(ObjectNode node, Effort effort) {
        node.put("atlas_prompts", effort.atlasPrompts())
                .put("candidates", effort.candidates())
                .put("null_prompts", effort.nullPrompts())
                .put("null_draws", effort.nullDraws())
                .put("seed", effort.seed());
        splits(node.putArray("splits"), effort.splits());
    }

    private static void samples(ArrayNode nodes, Explanation explanation) {
        explanation
                .illustration()
                .samples()
                .forEach(sample -> nodes.addObject()
                        .put("user", sample.user())
                        .put("base", sample.base())
                        .put("target", sample.target())
                        .put("mixture", sample.mixture()));
    }

    private static ObjectNode heat(HeatLine line) {
        ObjectNode node = NODES.objectNode().put("user", line.user()).put("contexts", line.contexts());
        ArrayNode tokens = node.putArray("tokens");
        ArrayNode base = node.putArray("kl_base");
        ArrayNode mixture = node.putArray("kl_mixture");
        line.tokens().forEach(token -> {
            tokens.add(token.text());
            base.add(JsonParts.number(token.base()));
            mixture.add(JsonParts.number(token.mixture()));
        });
        return node;
    }

    public static void verdict(ArrayNode nodes, List<Finding> findings) {
        findings.forEach(finding -> nodes.addObject()
                .put("claim", finding.claim().id())
                .put("holds", finding.holds().name().toLowerCase(Locale.ROOT))
                .put("because", finding.because()));
    }

    public static void splits(ArrayNode nodes, List<SplitSize> sizes) {
        sizes.forEach(size -> nodes.addObject()
                .put("split", size.split())
                .put("contexts", size.contexts())
                .put("turns", size.turns())
                .put("positions", size.positions()));
    }
}
