package assay.report;

import assay.judge.Explanation;
import assay.judge.Explanation.Controls;
import assay.judge.Explanation.Effort;
import assay.judge.Explanation.HeatLine;
import assay.judge.Explanation.Step;
import assay.sparse.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An explanation as one JSON document for programs: what `assay explain --json` prints.
///
/// Keys come in a fixed order, those of the provenance sorted. Measured numbers have six significant digits;
/// one that
/// was not
/// measured, or is not finite, is `null`.
public final class JsonReport {
    /// Raised when a field changes its meaning or goes away; new fields do not raise it.
    static final int SCHEMA_VERSION = 1;

    private static final MathContext SIX_DIGITS = new MathContext(6);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonReport() {}

    /// Writes the document, indented, with a line break at its end.
    ///
    /// @param provenance where the numbers came from: text, numbers, booleans, lists and maps of these
    /// @param seconds what the run took
    public static String render(Explanation explanation, Map<String, Object> provenance, double seconds) {
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
        root.set("kl_base", number(explanation.divergence().foreign()));
        root.set("kl_base_own", number(explanation.divergence().own()));
        root.put("chosen_k", explanation.curve().chosen());
        ArrayNode curve = root.putArray("curve");
        explanation.curve().steps().forEach(step -> curve.add(step(step)));
        ceiling(root.putObject("ceiling"), explanation.controls());
        controls(root.putObject("controls"), explanation.controls());
        mixture(root.putArray("mixture"), explanation);
        verdict(root.putArray("verdict"), explanation);
        effort(root.putObject("effort"), explanation.effort());
        samples(root.putArray("samples"), explanation);
        ArrayNode heat = root.putArray("heat");
        explanation.illustration().heat().forEach(line -> heat.add(heat(line)));
        root.putObject("seconds").set("total", number(seconds));
        root.set("provenance", value(provenance));
        return print(root);
    }

    private static ObjectNode step(Step step) {
        ObjectNode node = NODES.objectNode();
        node.put("k", step.k()).put("added", step.added());
        interval(node, "closed", "ci", step.closed());
        interval(node, "null", "null_ci", step.random());
        interval(node, "own", "own_ci", step.own());
        interval(node, "excess", "excess_ci", step.excess());
        node.set("search_closed", number(step.search()));
        node.set("abs_weights", number(step.absoluteWeights()));
        return node;
    }

    private static void ceiling(ObjectNode node, Controls controls) {
        interval(node, "dense", "dense_ci", controls.dense());
        interval(node, "svd", "svd_ci", controls.rank());
        node.put("svd_rank", controls.rankK());
    }

    private static void controls(ObjectNode node, Controls controls) {
        ObjectNode single = node.putObject("best_single").put("prompt", controls.bestSinglePrompt());
        interval(single, "closed", "ci", controls.bestSingle());
        interval(node.putObject("constant_offset"), "closed", "ci", controls.constantOffset());
        ObjectNode spectrum = node.putObject("spectrum");
        spectrum.set("dense_estimate", number(controls.spectrum().denseEstimate()));
        spectrum.set("exponent", number(controls.spectrum().exponent()));
        ArrayNode energy = spectrum.putArray("energy");
        controls.spectrum().energy().forEach(share -> energy.add(number(share)));
    }

    private static void mixture(ArrayNode nodes, Explanation explanation) {
        explanation.mixture().forEach(atom -> {
            ObjectNode node = nodes.addObject().put("prompt", atom.prompt());
            node.set("weight", number(atom.weight()));
            node.set("perplexity", number(atom.perplexity()));
            node.put("source", atom.source());
            node.set("closed_alone", number(atom.alone()));
        });
    }

    private static void verdict(ArrayNode nodes, Explanation explanation) {
        explanation
                .verdict()
                .forEach(finding -> nodes.addObject()
                        .put("claim", finding.claim())
                        .put("holds", finding.holds().name().toLowerCase(Locale.ROOT))
                        .put("because", finding.because()));
    }

    private static void effort(ObjectNode node, Effort effort) {
        node.put("atlas_prompts", effort.atlasPrompts())
                .put("candidates", effort.candidates())
                .put("null_prompts", effort.nullPrompts())
                .put("null_draws", effort.nullDraws())
                .put("seed", effort.seed());
        ArrayNode splits = node.putArray("splits");
        effort.splits()
                .forEach(size -> splits.addObject()
                        .put("split", size.split())
                        .put("contexts", size.contexts())
                        .put("turns", size.turns())
                        .put("positions", size.positions()));
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
            base.add(number(token.base()));
            mixture.add(number(token.mixture()));
        });
        return node;
    }

    private static void interval(ObjectNode node, String valueKey, String boundsKey, Interval interval) {
        node.set(valueKey, number(interval.value()));
        node.putArray(boundsKey).add(number(interval.low())).add(number(interval.high()));
    }

    private static JsonNode number(double value) {
        return Double.isFinite(value)
                ? NODES.numberNode(new BigDecimal(value).round(SIX_DIGITS).doubleValue())
                : NODES.nullNode();
    }

    /// Provenance values keep all their digits: seeds and sizes must come back exactly.
    private static JsonNode value(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case Map<?, ?> map -> object(map);
            case Iterable<?> items -> {
                ArrayNode array = NODES.arrayNode();
                items.forEach(item -> array.add(value(item)));
                yield array;
            }
            case Boolean truth -> NODES.booleanNode(truth);
            case Integer whole -> NODES.numberNode(whole);
            case Long whole -> NODES.numberNode(whole);
            case Number number ->
                Double.isFinite(number.doubleValue()) ? NODES.numberNode(number.doubleValue()) : NODES.nullNode();
            default -> NODES.stringNode(value.toString());
        };
    }

    private static ObjectNode object(Map<?, ?> map) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value(value)));
        ObjectNode node = NODES.objectNode();
        sorted.forEach(node::set);
        return node;
    }

    private static String print(ObjectNode root) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(indenter);
        return JsonMapper.shared().writer().with(printer).writeValueAsString(root) + "\n";
    }
}
