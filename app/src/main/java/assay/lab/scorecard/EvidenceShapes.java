package assay.lab.scorecard;

import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.TargetEvidence;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;

/// Where the document of a study does not follow the records of its evidence: other names, fields of a part that
/// stand in the whole, and answers that are worked out.
final class EvidenceShapes {
    static final Map<Class<?>, Class<?>> ALL = Map.ofEntries(
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
            Map.entry(ReadingEvidence.Composition.class, Composition.class));

    private EvidenceShapes() {}

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
