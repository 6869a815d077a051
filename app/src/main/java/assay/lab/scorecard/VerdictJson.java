package assay.lab.scorecard;

import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.lab.claims.StudyEvidence.Failure;
import assay.lab.claims.StudyEvidence.Plan;
import assay.lab.claims.StudyEvidence.Predicate;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Point;
import assay.lab.claims.Verdicts;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Outcome;
import assay.show.page.Json;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A judged study as one JSON document for programs: what `assay verdict --json` prints.
///
/// Two runs of one study give the same document apart from `seconds` and the times in `provenance`. What was not
/// measured, or is not finite, is `null`.
public final class VerdictJson {
    private static final Json JSON = new Json(EvidenceShapes.ALL);

    private VerdictJson() {}

    /// Writes the document, indented, with a line break at its end.
    public static String render(Verdicts verdicts, StudyRun run) {
        StudyEvidence evidence = verdicts.evidence();
        return JSON.document(
                "verdict",
                run.provenance(),
                new Head(run.model(), "nats/token", evidence.plan()),
                new Body(
                        verdicts.claims().stream().map(Ruled::of).toList(),
                        evidence.targets().stream()
                                .map(target -> Target.of(target, run.model()))
                                .toList(),
                        evidence.distilled(),
                        evidence.reading(),
                        evidence.predicates(),
                        evidence.failures(),
                        Map.of("total", run.seconds())));
    }

    private record Head(StudyRun.Model model, String unit, Plan study) {}

    private record Body(
            List<Ruled> verdict,
            List<Target> targets,
            List<DistilEvidence> distilled,
            ReadingEvidence reading,
            List<Predicate> predicates,
            List<Failure> failures,
            Map<String, Double> seconds) {}

    private record Ruled(
            Claim claim,
            String statement,
            Outcome holds,
            Cause cause,
            String causeInWords,
            String because,
            List<ClaimVerdict.Figure> evidence) {
        static Ruled of(ClaimVerdict one) {
            return new Ruled(
                    one.claim(),
                    one.claim().statement(),
                    one.holds(),
                    one.cause(),
                    one.cause().words(),
                    one.because(),
                    one.evidence());
        }
    }

    /// One target with one seed.
    private record Target(
            @JsonUnwrapped TargetEvidence evidence, int chosenK, RandomEqual randomEqual, List<Size> curve) {
        static Target of(TargetEvidence evidence, StudyRun.Model model) {
            return new Target(
                    evidence,
                    evidence.stability().chosen(),
                    StudyFacts.equal(evidence)
                            .map(equal -> new RandomEqual(equal.k(), equal.reached()))
                            .orElseGet(() -> new RandomEqual(null, false)),
                    evidence.curve().stream()
                            .map(point -> new Size(point, model.inSoftTokens(point.bits())))
                            .toList());
        }
    }

    /// How many random prompts equal the list.
    ///
    /// @param k null when it was not measured; with `reached` false it is the largest number measured
    private record RandomEqual(@Nullable Integer k, boolean reached) {}

    private record Size(@JsonUnwrapped Point point, double softTokens) {}
}
