package assay.show.report;

import assay.base.sparse.Interval;
import assay.measure.behaviour.WeightedPrompt;
import assay.measure.judge.Chain;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Atom;
import assay.measure.judge.Explanation.Effort;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.HeatLine;
import assay.measure.judge.Explanation.HeatToken;
import assay.measure.judge.Explanation.SampleAnswer;
import assay.measure.judge.Explanation.Step;
import assay.measure.judge.Explanation.TellingWords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An explanation as one JSON document for programs: what `assay explain --json` prints.
///
/// Keys come in a fixed order, those of the provenance sorted. Measured numbers have six significant
/// digits; one that was not measured, or is not finite, is `null`.
public final class JsonReport {
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
        Explanation.Subject subject = explanation.subject();
        List<Object> parts = new ArrayList<>();
        parts.add(new Head(
                new Head.Model(subject.modelName(), subject.modelSha256()),
                new Head.Target(subject.kind(), subject.name(), subject.description()),
                "nats/token"));
        parts.add(new Found(
                explanation.divergence().foreign(),
                explanation.divergence().own(),
                explanation.curve().chosen(),
                explanation.curve().steps(),
                ceilings(explanation.controls()),
                others(explanation),
                explanation.mixture(),
                explanation.illustration().named()));
        parts.add(new Judged(explanation.illustration().words(), explanation.verdict()));
        chain.map(DistilJson.Way::of).ifPresent(parts::add);
        parts.add(new Rest(
                explanation.effort(),
                explanation.illustration().samples(),
                explanation.illustration().heat().stream().map(Heat::of).toList(),
                Map.of("total", seconds)));
        return ReportShapes.JSON.document("explain", provenance, parts.toArray());
    }

    /// What every document says of what it is about.
    record Head(Model model, Target target, String unit) {
        record Model(String name, String sha256) {}

        record Target(Explanation.Kind kind, String name, String description) {}
    }

    private record Found(
            double klBase,
            double klBaseOwn,
            int chosenK,
            List<Step> curve,
            Map<String, Object> ceiling,
            Map<String, Object> controls,
            List<Atom> mixture,
            List<WeightedPrompt> named) {}

    /// What a list could hope for at most, by key.
    private static Map<String, Object> ceilings(List<Control> controls) {
        Map<String, Object> written = new LinkedHashMap<>();
        controls.stream().filter(control -> control.kind().isCeiling()).forEach(control -> {
            written.put(control.kind().key(), control.closed());
            if (control.kind() == ControlKind.DIRECTIONS) {
                written.put(control.kind().key() + "_rank", control.k());
            }
        });
        return written;
    }

    /// What a list has to be better than, by key, and the dictionary's spectrum.
    private static Map<String, Object> others(Explanation explanation) {
        Map<String, Object> written = new LinkedHashMap<>();
        explanation.controls().stream()
                .filter(control -> !control.kind().isCeiling())
                .forEach(control -> written.put(
                        control.kind().key(),
                        control.kind() == ControlKind.SINGLE
                                ? new Single(explanation.bestSingle(), control.closed())
                                : new Other(control.closed())));
        written.put("spectrum", explanation.illustration().spectrum());
        return written;
    }

    private record Single(String prompt, Interval closed) {}

    private record Other(Interval closed) {}

    private record Judged(TellingWords words, List<Finding> verdict) {}

    private record Rest(Effort effort, List<SampleAnswer> samples, List<Heat> heat, Map<String, Double> seconds) {}

    private record Heat(
            String user, String contexts, List<String> tokens, List<Double> klBase, List<Double> klMixture) {
        static Heat of(HeatLine line) {
            List<HeatToken> tokens = line.tokens();
            return new Heat(
                    line.user(),
                    line.contexts(),
                    tokens.stream().map(HeatToken::text).toList(),
                    tokens.stream().map(HeatToken::base).toList(),
                    tokens.stream().map(HeatToken::mixture).toList());
        }
    }
}
