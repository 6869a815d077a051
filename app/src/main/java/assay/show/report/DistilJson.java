package assay.show.report;

import assay.base.sparse.Interval;
import assay.measure.judge.Chain;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Atom;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.SplitSize;
import assay.measure.judge.Explanation.Step;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A distillation as one JSON document for programs: what `assay distil --json` and `assay bake --json` print.
public final class DistilJson {
    private DistilJson() {}

    /// Writes the document, indented, with a line break at its end.
    ///
    /// @param provenance where the numbers came from: text, numbers, booleans, lists and maps of these
    /// @param seconds what the run took
    /// @param command `distil` or `bake`
    public static String render(Distillation found, Map<String, Object> provenance, double seconds, String command) {
        Distillation.Subject subject = found.subject();
        return ReportShapes.JSON.document(
                command,
                provenance,
                new JsonReport.Head(
                        new JsonReport.Head.Model(subject.modelName(), subject.modelSha256()),
                        new JsonReport.Head.Target(
                                subject.teacherKind(), subject.teacher(), subject.teacherDescription()),
                        "nats/token"),
                new Found(
                        found.divergence().foreign(),
                        found.divergence().own(),
                        Whole.of(found),
                        new Effort(found.training().splits()),
                        List.of(found.verdict()),
                        new Seconds(found.training().seconds(), seconds)));
    }

    private record Found(
            double klBase, double klBaseOwn, Whole distil, Effort effort, List<Finding> verdict, Seconds seconds) {}

    private record Effort(List<SplitSize> splits) {}

    private record Seconds(double training, double total) {}

    /// What an explanation says of the distillation on its way.
    private record Brief(
            int tokens,
            String student,
            Interval closed,
            Interval own,
            String ended,
            int chosenStep,
            List<Distillation.Point> curve) {
        static Brief of(Distillation found) {
            return new Brief(
                    found.subject().tokens(),
                    found.subject().student(),
                    found.fidelity().foreign(),
                    found.fidelity().own(),
                    found.training().ended(),
                    found.training().chosenStep(),
                    found.training().curve());
        }
    }

    private record Whole(
            @JsonUnwrapped Brief brief,
            Interval untrained,
            Interval bestPrompt,
            Map<String, String> options,
            List<Distillation.Start> starts,
            List<Distillation.Length> sweep,
            List<Distillation.Remaining> remaining,
            List<Distillation.Layer> layers) {
        static Whole of(Distillation found) {
            Map<String, String> options = new LinkedHashMap<>();
            found.training().options().forEach(option -> options.put(option.name(), option.value()));
            return new Whole(
                    Brief.of(found),
                    found.fidelity().untrained(),
                    found.fidelity().bestPrompt(),
                    options,
                    found.training().starts(),
                    found.sweep(),
                    found.remains(),
                    found.mechanism());
        }
    }

    /// What the way by a soft prompt adds to an explanation's document.
    record Way(Brief distil, Links chain) {
        static Way of(Chain chain) {
            Explanation ofSoft = chain.ofSoft();
            return new Way(
                    Brief.of(chain.distillation()),
                    new Links(
                            chain.soft(),
                            chain.mixture(),
                            chain.mixtureFull(),
                            chain.direct(),
                            chain.nats(),
                            new SoftPrompt(
                                    ofSoft.divergence().foreign(),
                                    ofSoft.curve().chosen(),
                                    ofSoft.curve().steps(),
                                    ofSoft.mixture(),
                                    ofSoft.verdict())));
        }
    }

    private record Links(
            Interval adapterBySoft,
            Interval adapterByMixture,
            Interval adapterByLongestMixture,
            Interval adapterDirectly,
            Chain.Nats klFromAdapter,
            SoftPrompt softPrompt) {}

    private record SoftPrompt(
            double klBase, int chosenK, List<Step> curve, List<Atom> mixture, List<Finding> verdict) {}
}
