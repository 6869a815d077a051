package assay.show.report;

import assay.measure.form.FormChange;
import assay.measure.judge.Chain;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.HeatToken;
import assay.measure.judge.PlainList;
import assay.show.page.Json;
import assay.show.page.Json.Fields;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Explanations and distillations as JSON documents for programs: what `assay explain --json`, `assay distil --json`
/// and `assay bake --json` print.
///
/// Keys come in a fixed order, those of the provenance sorted. Measured numbers have six significant
/// digits; one that was not measured, or is not finite, is `null`.
public final class JsonReport {
    private static final Json JSON = new Json(Map.of(
            Explanation.Step.class, Step.class,
            Explanation.Atom.class, Atom.class,
            FormChange.class, Form.class,
            PlainList.Prompt.class, PlainPrompt.class,
            Distillation.Point.class, Point.class,
            Distillation.Remaining.class, Remaining.class));

    private JsonReport() {}

    /// Writes an explanation, indented, with a line break at its end.
    ///
    /// @param chain the way by a soft prompt, if it was taken
    /// @param provenance where the numbers came from: text, numbers, booleans, lists and maps of these
    /// @param seconds what the run took
    public static String render(
            Explanation explanation, Optional<Chain> chain, Map<String, Object> provenance, double seconds) {
        Explanation.Subject subject = explanation.subject();
        Explanation.Illustration illustration = explanation.illustration();
        Fields target = target(subject.kind(), subject.name(), subject.description());
        subject.against().ifPresent(other -> target.with("against", other));
        Fields fields = head(subject.modelName(), subject.modelSha256(), target, explanation.divergence())
                .with("setup", subject.setup())
                .with("chosen_k", explanation.curve().chosen())
                .with("curve", explanation.curve().steps())
                .with("ceiling", ceilings(explanation.controls()))
                .with("controls", others(explanation))
                .with("mixture", explanation.mixture())
                .with("named", illustration.named())
                .with("words", illustration.words())
                .with("form", illustration.form())
                .with("plain", illustration.plain())
                .with("first_lines", FirstLines.of(explanation).all())
                .with("verdict", explanation.verdict())
                .with("grade", Headline.of(explanation).word());
        explanation.comparison().noise().ifPresent(noise -> fields.with("noise", noise));
        fields.with("lacking", explanation.comparison().lacking());
        explanation.comparison().atLength().ifPresent(found -> fields.with("long", found));
        chain.ifPresent(way -> fields.with("distil", brief(way.distillation())).with("chain", links(way)));
        fields.with("effort", explanation.effort())
                .with("samples", illustration.samples())
                .with("heat", illustration.heat().stream().map(JsonReport::heat).toList())
                .with("seconds", new Fields().with("total", seconds));
        return JSON.document("explain", provenance, fields);
    }

    /// Writes a distillation.
    ///
    /// @param command `distil` or `bake`
    public static String render(Distillation found, Map<String, Object> provenance, double seconds, String command) {
        Distillation.Subject subject = found.subject();
        Fields options = new Fields();
        found.training().options().forEach(option -> options.with(option.name(), option.value()));
        Fields distil = brief(found)
                .with("untrained", found.fidelity().untrained())
                .with("best_prompt", found.fidelity().bestPrompt())
                .with("options", options)
                .with("starts", found.training().starts())
                .with("sweep", found.sweep())
                .with("remaining", found.remains())
                .with("layers", found.mechanism());
        Fields target = target(subject.teacherKind(), subject.teacher(), subject.teacherDescription());
        Fields fields = head(subject.modelName(), subject.modelSha256(), target, found.divergence())
                .with("setup", subject.setup())
                .with("distil", distil)
                .with("effort", new Fields().with("splits", found.training().splits()))
                .with("verdict", List.of(found.verdict()))
                .with(
                        "seconds",
                        new Fields()
                                .with("training", found.training().seconds())
                                .with("total", seconds));
        return JSON.document(command, provenance, fields);
    }

    /// What both say of what they are about.
    private static Fields head(String modelName, String modelSha256, Fields target, Explanation.Divergence distance) {
        return new Fields()
                .with("model", new Fields().with("name", modelName).with("sha256", modelSha256))
                .with("target", target)
                .with("unit", "nats/token")
                .with("kl_base", distance.foreign())
                .with("kl_base_own", distance.own());
    }

    private static Fields target(Explanation.Kind kind, String name, String description) {
        return new Fields().with("kind", kind).with("name", name).with("description", description);
    }

    /// What a list could hope for at most, by key.
    private static Fields ceilings(List<Control> controls) {
        Fields written = new Fields();
        controls.stream().filter(control -> control.kind().isCeiling()).forEach(control -> {
            written.with(control.kind().key(), control.closed());
            if (control.kind() == ControlKind.DIRECTIONS) {
                written.with(control.kind().key() + "_rank", control.k());
            }
        });
        return written;
    }

    /// What a list has to be better than, by key, and the dictionary's spectrum.
    private static Fields others(Explanation explanation) {
        Fields written = new Fields();
        explanation.controls().stream()
                .filter(control -> !control.kind().isCeiling())
                .forEach(control -> {
                    Fields other = new Fields();
                    if (control.kind() == ControlKind.SINGLE) {
                        other.with("prompt", explanation.bestSingle());
                    }
                    written.with(control.kind().key(), other.with("closed", control.closed()));
                });
        return written.with("spectrum", explanation.illustration().spectrum());
    }

    private static Fields heat(Explanation.HeatLine line) {
        return new Fields()
                .with("user", line.user())
                .with("contexts", line.contexts())
                .with("tokens", each(line, HeatToken::text))
                .with("kl_base", each(line, HeatToken::base))
                .with("kl_mixture", each(line, HeatToken::mixture));
    }

    private static <T> List<T> each(Explanation.HeatLine line, Function<HeatToken, T> part) {
        return line.tokens().stream().map(part).toList();
    }

    /// What an explanation says of the distillation on its way.
    private static Fields brief(Distillation found) {
        return new Fields()
                .with("tokens", found.subject().tokens())
                .with("student", found.subject().student())
                .with("closed", found.fidelity().foreign())
                .with("own", found.fidelity().own())
                .with("ended", found.training().ended())
                .with("chosen_step", found.training().chosenStep())
                .with("curve", found.training().curve());
    }

    /// What each step of the way by a soft prompt keeps.
    private static Fields links(Chain chain) {
        Explanation ofSoft = chain.ofSoft();
        Fields softPrompt = new Fields()
                .with("kl_base", ofSoft.divergence().foreign())
                .with("chosen_k", ofSoft.curve().chosen())
                .with("curve", ofSoft.curve().steps())
                .with("mixture", ofSoft.mixture())
                .with("verdict", ofSoft.verdict());
        return new Fields()
                .with("adapter_by_soft", chain.soft())
                .with("adapter_by_mixture", chain.mixture())
                .with("adapter_by_longest_mixture", chain.mixtureFull())
                .with("adapter_directly", chain.direct())
                .with("kl_from_adapter", chain.nats())
                .with("lacking", chain.lacking())
                .with("soft_prompt", softPrompt);
    }

    @JsonPropertyOrder({"k", "added", "closed", "null"})
    interface Step {
        @JsonProperty("null")
        Object random();

        @JsonProperty("search_closed")
        Object search();

        @JsonProperty("abs_weights")
        Object absoluteWeights();
    }

    interface Atom {
        @JsonProperty("closed_alone")
        Object alone();
    }

    @JsonPropertyOrder({"kind", "tells"})
    interface Form {
        @JsonProperty
        Object tells();
    }

    interface PlainPrompt {
        @JsonProperty("closed_alone")
        Object alone();
    }

    interface Point {
        @JsonProperty("search_closed")
        Object closed();

        @JsonProperty("fit_kl")
        Object fit();
    }

    interface Remaining {
        @JsonProperty("kl_base")
        Object base();

        @JsonProperty("kl_student")
        Object student();
    }
}
