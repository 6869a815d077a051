package assay.lab.scorecard;

import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.RivalEvidence;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.Verdicts;
import assay.show.page.Json;
import assay.show.page.Json.Fields;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;
import java.util.Optional;

/// A judged study as one JSON document for programs: what `assay verdict --json` prints.
///
/// Two runs of one study give the same document apart from `seconds` and the times in `provenance`. What was not
/// measured, or is not finite, is `null`.
public final class VerdictJson {
    /// Where the document does not follow the records: other names, fields of a part that stand in the whole, and
    /// answers that are worked out.
    private static final Json JSON = new Json(Map.of(
            StudyEvidence.Plan.class, Plan.class,
            StudyEvidence.DistilEvidence.class, Distilled.class,
            StudyEvidence.Predicate.class, Predicate.class,
            StudyEvidence.Pools.class, Random.class,
            TargetEvidence.Point.class, Random.class,
            TargetEvidence.Atom.class, Atom.class,
            TargetEvidence.Stability.class, Stability.class,
            RivalEvidence.class, Rival.class,
            ReadingEvidence.Edit.class, Edit.class,
            ReadingEvidence.Composition.class, Composition.class));

    private VerdictJson() {}

    /// Writes the document, indented, with a line break at its end.
    public static String render(Verdicts verdicts, StudyRun run) {
        StudyEvidence evidence = verdicts.evidence();
        Fields model = new Fields()
                .with("name", run.model().name())
                .with("sha256", run.model().sha256());
        Fields fields = new Fields()
                .with("model", model)
                .with("unit", "nats/token")
                .with("study", evidence.plan())
                .with(
                        "verdict",
                        verdicts.claims().stream().map(VerdictJson::ruled).toList())
                .with(
                        "targets",
                        evidence.targets().stream()
                                .map(one -> target(one, run.model()))
                                .toList())
                .with("distilled", evidence.distilled())
                .with("reading", evidence.reading())
                .with("predicates", evidence.predicates())
                .with("failures", evidence.failures())
                .with("seconds", new Fields().with("total", run.seconds()));
        if (!evidence.rivals().isEmpty()) {
            fields.with("rivals", evidence.rivals());
        }
        if (!evidence.ceilings().isEmpty()) {
            double gate = evidence.plan().gates().closed();
            fields.with(
                    "second_runs",
                    evidence.ceilings().stream()
                            .map(one -> CeilingSection.document(one, gate))
                            .toList());
        }
        return JSON.document("verdict", run.provenance(), fields);
    }

    private static Fields ruled(ClaimVerdict one) {
        return new Fields()
                .with("claim", one.claim())
                .with("statement", one.claim().statement())
                .with("holds", one.holds())
                .with("cause", one.cause())
                .with("cause_in_words", one.cause().words())
                .with("because", one.because())
                .with("evidence", one.evidence());
    }

    /// One target with one seed; its curve is written with what its lists would cost in soft tokens.
    private static Fields target(TargetEvidence one, StudyRun.Model model) {
        Optional<StudyFacts.Equal> equal = StudyFacts.equal(one);
        Fields randomEqual = new Fields()
                .with("k", equal.map(StudyFacts.Equal::k).orElse(null))
                .with("reached", equal.isPresent() && equal.get().reached());
        return new Fields()
                .with("name", one.target().name())
                .with("kind", one.target().kind())
                .with("text", one.target().text())
                .with("is_null", one.target().isNull())
                .with("seed", one.seed())
                .with("kl_base", one.kl().foreign())
                .with("kl_base_own", one.kl().own())
                .with("kl_reverse", one.kl().reverse())
                .with("kl_reverse_base", one.kl().reverseBase())
                .with("lacking", one.kl().lacking())
                .with("controls", one.controls())
                .with("search", one.search())
                .with("mixture", one.atoms())
                .with("stability", one.stability())
                .with("chosen_k", one.stability().chosen())
                .with("random_equal", randomEqual)
                .with(
                        "curve",
                        one.curve().stream().map(point -> sized(point, model)).toList());
    }

    private static Size sized(TargetEvidence.Point point, StudyRun.Model model) {
        return new Size(point, model.inSoftTokens(point.bits()));
    }

    private record Size(@JsonUnwrapped TargetEvidence.Point point, double softTokens) {}

    @JsonIgnoreProperties("command")
    @JsonPropertyOrder({"name", "sha256", "quick", "planted"})
    interface Plan {}

    interface Distilled {
        @JsonUnwrapped
        Object training();
    }

    interface Predicate {
        @JsonUnwrapped(prefix = "skill_")
        Object skill();

        @JsonUnwrapped
        Object pools();
    }

    /// Figures beside those of as many random prompts.
    interface Random {
        @JsonProperty("null")
        Object random();

        @JsonProperty("abs_weights")
        Object absoluteWeights();
    }

    /// A row about two shares: each has bounds of its own.
    interface Rival {
        @JsonProperty("named")
        Object right();
    }

    interface Atom {
        @JsonProperty("prompt")
        Object text();
    }

    @JsonIgnoreProperties("chosen")
    interface Stability {}

    interface Edit {
        @JsonProperty
        boolean right();
    }

    interface Composition {
        @JsonProperty("prompts")
        Object atoms();

        @JsonProperty
        boolean separate();
    }
}
