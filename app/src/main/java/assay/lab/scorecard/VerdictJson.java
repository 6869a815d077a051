package assay.lab.scorecard;

import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.lab.claims.StudyEvidence.Plan;
import assay.lab.claims.StudyEvidence.Predicate;
import assay.lab.claims.Verdicts;
import assay.measure.judge.Gates;
import assay.show.page.JsonParts;
import assay.show.report.JsonReport;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A judged study as one JSON document for programs: what `assay verdict --json` prints.
///
/// Two runs of one study give the same document apart from `seconds` and the times in `provenance`. What was not
/// measured, or is not finite, is `null`.
public final class VerdictJson {
    private VerdictJson() {}

    /// Writes the document, indented, with a line break at its end.
    public static String render(Verdicts verdicts, StudyRun run) {
        StudyEvidence evidence = verdicts.evidence();
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schema_version", JsonReport.SCHEMA_VERSION).put("command", "verdict");
        root.putObject("model")
                .put("name", run.model().name())
                .put("sha256", run.model().sha256());
        root.put("unit", "nats/token");
        study(root.putObject("study"), evidence.plan());
        ArrayNode claims = root.putArray("verdict");
        verdicts.claims().forEach(claim -> claim(claims.addObject(), claim));
        ArrayNode targets = root.putArray("targets");
        evidence.targets().forEach(target -> EvidenceJson.target(targets.addObject(), target, run.model()));
        ArrayNode distilled = root.putArray("distilled");
        evidence.distilled().forEach(one -> distilled(distilled.addObject(), one));
        EvidenceJson.reading(root.putObject("reading"), evidence.reading());
        ArrayNode predicates = root.putArray("predicates");
        evidence.predicates().forEach(predicate -> predicate(predicates.addObject(), predicate));
        ArrayNode failures = root.putArray("failures");
        evidence.failures()
                .forEach(failure ->
                        failures.addObject().put("what", failure.what()).put("why", failure.why()));
        root.putObject("seconds").set("total", JsonParts.number(run.seconds()));
        root.set("provenance", JsonParts.value(run.provenance()));
        return JsonParts.print(root);
    }

    private static void study(ObjectNode node, Plan plan) {
        node.put("name", plan.name())
                .put("sha256", plan.sha256())
                .put("quick", plan.quick())
                .put("planted", plan.planted());
        plan.seeds().forEach(node.putArray("seeds")::add);
        Gates gates = plan.gates();
        ObjectNode limits = node.putObject("gates");
        limits.set("closed", JsonParts.number(gates.closed()));
        limits.set("gain", JsonParts.number(gates.gain()));
        limits.set("recovery", JsonParts.number(gates.recovery()));
        limits.set("matching", JsonParts.number(gates.matching()));
        limits.set("edits", JsonParts.number(gates.edits()));
        limits.set("overlap", JsonParts.number(gates.overlap()));
        limits.set("fluent", JsonParts.number(gates.fluent()));
        ArrayNode predictions = node.putArray("predictions");
        plan.predictions()
                .forEach(prediction -> predictions
                        .addObject()
                        .put("claim", prediction.claim().id())
                        .put("holds", prediction.holds())
                        .put("why", prediction.why()));
    }

    private static void claim(ObjectNode node, ClaimVerdict claim) {
        node.put("claim", claim.claim().id())
                .put("statement", claim.claim().statement())
                .put("holds", claim.holds().name().toLowerCase(Locale.ROOT))
                .put("cause", claim.cause().name().toLowerCase(Locale.ROOT))
                .put("cause_in_words", claim.cause().words())
                .put("because", claim.because());
        ArrayNode evidence = node.putArray("evidence");
        claim.evidence()
                .forEach(figure -> evidence.addObject()
                        .put("name", figure.name())
                        .put("value", figure.value())
                        .put("gate", figure.gate())
                        .put("command", figure.command()));
    }

    private static void distilled(ObjectNode node, DistilEvidence one) {
        node.put("name", one.name())
                .put("kind", one.kind())
                .put("predicted", one.predicted())
                .put("seed", one.seed())
                .put("tokens", one.tokens());
        node.set("kl_base", JsonParts.number(one.klBase()));
        JsonParts.interval(node, "closed", "ci", one.closed());
        node.put("steps", one.training().steps());
        node.set("last_gain", JsonParts.number(one.training().lastGain()));
        node.set("best_prompt", JsonParts.number(one.training().bestPrompt()));
        node.set("hidden_cosine", JsonParts.number(one.training().hiddenCosine()));
    }

    private static void predicate(ObjectNode node, Predicate predicate) {
        StudyEvidence.Pools pools = predicate.pools();
        node.put("name", predicate.name()).put("contexts", predicate.contexts());
        node.set("skill_plain", JsonParts.number(predicate.skill().plain()));
        node.set("skill_predicate", JsonParts.number(predicate.skill().predicate()));
        node.set("kl_base", JsonParts.number(predicate.klBase()));
        node.set("kl_plain", JsonParts.number(predicate.klPlain()));
        node.put("atoms", pools.atoms());
        JsonParts.interval(node, "log_pool", "log_pool_ci", pools.logPool());
        JsonParts.interval(node, "null", "null_ci", pools.random());
        JsonParts.interval(node, "say_log", "say_log_ci", pools.sayLog());
        JsonParts.interval(node, "say_linear", "say_linear_ci", pools.sayLinear());
        JsonParts.interval(node, "oracle", "oracle_ci", pools.oracle());
        node.put("reached", pools.reached()).put("excluded", pools.excluded());
        node.set("effective_rank", JsonParts.number(predicate.effectiveRank()));
    }

    /// Adds texts in their order.
    static void texts(ArrayNode nodes, List<String> texts) {
        texts.forEach(nodes::add);
    }
}
