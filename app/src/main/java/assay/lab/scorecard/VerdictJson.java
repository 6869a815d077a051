package assay.lab.scorecard;

import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.Verdicts;
import assay.show.page.Json;
import assay.show.page.Json.Fields;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A judged study as one JSON document for programs: what `assay verdict --json` prints.
///
/// Two runs of one study give the same document apart from `seconds` and the times in `provenance`. What was not
/// measured, or is not finite, is `null`.
public final class VerdictJson {
    /// Where the document does not follow the records: other names, fields of a part that stand in the whole, and
    /// answers that are worked out.
    private static final Json JSON = new Json(Map.ofEntries(
            Map.entry(StudyRun.Model.class, Model.class),
            Map.entry(StudyEvidence.Plan.class, Plan.class),
            Map.entry(StudyEvidence.DistilEvidence.class, Distilled.class),
            Map.entry(StudyEvidence.Predicate.class, Predicate.class),
            Map.entry(StudyEvidence.Pools.class, Random.class),
            Map.entry(TargetEvidence.class, OneTarget.class),
            Map.entry(TargetEvidence.Target.class, Subject.class),
            Map.entry(TargetEvidence.Kl.class, Kl.class),
            Map.entry(TargetEvidence.Point.class, Random.class),
            Map.entry(TargetEvidence.Atom.class, Atom.class),
            Map.entry(TargetEvidence.Stability.class, Stability.class),
            Map.entry(ReadingEvidence.Edit.class, Edit.class),
            Map.entry(ReadingEvidence.Composition.class, Composition.class)));

    private VerdictJson() {}

    /// Writes the document, indented, with a line break at its end.
    public static String render(Verdicts verdicts, StudyRun run) {
        StudyEvidence evidence = verdicts.evidence();
        Fields fields = new Fields()
                .with("model", run.model())
                .with("unit", "nats/token")
                .with("study", evidence.plan())
                .with(
                        "verdict",
                        verdicts.claims().stream().map(VerdictJson::ruled).toList())
                .with(
                        "targets",
                        evidence.targets().stream()
                                .map(target -> Whole.of(target, run.model()))
                                .toList())
                .with("distilled", evidence.distilled())
                .with("reading", evidence.reading())
                .with("predicates", evidence.predicates())
                .with("failures", evidence.failures())
                .with("seconds", new Fields().with("total", run.seconds()));
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

    /// One target with one seed.
    ///
    /// @param randomEqual how many random prompts equal the list; null when that was not measured, the largest
    /// number measured when none does
    private record Whole(@JsonUnwrapped TargetEvidence evidence, int chosenK, Fields randomEqual, List<Size> curve) {
        static Whole of(TargetEvidence evidence, StudyRun.Model model) {
            Optional<StudyFacts.Equal> equal = StudyFacts.equal(evidence);
            return new Whole(
                    evidence,
                    evidence.stability().chosen(),
                    new Fields()
                            .with("k", equal.map(StudyFacts.Equal::k).orElse(null))
                            .with("reached", equal.isPresent() && equal.get().reached()),
                    evidence.curve().stream()
                            .map(point -> new Size(point, model.inSoftTokens(point.bits())))
                            .toList());
        }
    }

    private record Size(@JsonUnwrapped TargetEvidence.Point point, double softTokens) {}

    @JsonIgnoreProperties("width")
    interface Model {}

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

    /// Its curve is written with what its lists would cost in soft tokens.
    @JsonIgnoreProperties("curve")
    interface OneTarget {
        @JsonUnwrapped
        Object target();

        @JsonUnwrapped
        Object kl();

        @JsonProperty("mixture")
        Object atoms();
    }

    interface Subject {
        @JsonProperty("is_null")
        boolean isNull();
    }

    interface Kl {
        @JsonProperty("kl_base")
        Object foreign();

        @JsonProperty("kl_base_own")
        Object own();

        @JsonProperty("kl_reverse")
        Object reverse();

        @JsonProperty("kl_reverse_base")
        Object reverseBase();
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
