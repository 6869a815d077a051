package assay.show.report;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Atom;
import assay.measure.judge.Explanation.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonReportTest {
    private static final Explanation PIRATE = Specimen.pirate();

    @Test
    void fieldsComeInTheOrderOfTheContract() {
        assertThat(json(PIRATE).propertyNames())
                .containsExactly(
                        "schema_version",
                        "command",
                        "model",
                        "target",
                        "unit",
                        "kl_base",
                        "kl_base_own",
                        "setup",
                        "chosen_k",
                        "curve",
                        "ceiling",
                        "controls",
                        "mixture",
                        "named",
                        "words",
                        "form",
                        "plain",
                        "first_lines",
                        "verdict",
                        "grade",
                        "lacking",
                        "effort",
                        "samples",
                        "heat",
                        "seconds",
                        "provenance");
        assertThat(json(PIRATE).path("setup").propertyNames())
                .containsExactly(
                        "target_sha256", "template_sha256", "base_prompt", "thinking", "dtype", "first_context");
        assertThat(json(PIRATE).path("named").path(0).path("prompt").asString())
                .isEqualTo("Speak of ships <and> storms.");
        assertThat(json(PIRATE).path("named").path(1).path("weight").asDouble()).isEqualTo(-0.12);
        assertThat(json(PIRATE).path("words").path("target").valueStream().map(JsonNode::asString))
                .containsExactly("captain", "sea", "<rum>");
        assertThat(json(PIRATE).path("words").path("lacking").valueStream().map(JsonNode::asString))
                .containsExactly("treasure");
        assertThat(json(PIRATE).path("plain").propertyNames()).containsExactly("prompts", "closed", "ci", "cost");
        assertThat(json(PIRATE).path("plain").path("prompts").path(2).propertyNames())
                .containsExactly("prompt", "weight", "closed_alone", "part");
        assertThat(json(PIRATE).path("first_lines")).hasSize(3);
        assertThat(json(PIRATE).path("form").path(0).propertyNames())
                .containsExactly(
                        "kind",
                        "tells",
                        "base",
                        "target",
                        "change",
                        "change_ci",
                        "random",
                        "random_ci",
                        "lacking",
                        "lacking_ci",
                        "nats");
        assertThat(json(PIRATE)
                        .path("form")
                        .valueStream()
                        .map(form -> form.path("kind").asString()
                                + form.path("tells").asBoolean()))
                .containsExactly("exclamation_markstrue", "list_markstrue", "digitsfalse");
        assertThat(json(PIRATE).path("curve").path(0).propertyNames())
                .containsExactly(
                        "k",
                        "added",
                        "closed",
                        "ci",
                        "null",
                        "null_ci",
                        "own",
                        "own_ci",
                        "excess",
                        "excess_ci",
                        "search_closed",
                        "abs_weights");
        assertThat(json(PIRATE).path("mixture").path(0).propertyNames())
                .containsExactly("prompt", "weight", "perplexity", "source", "closed_alone");
    }

    @Test
    void headFieldsSayWhatWasExplained() {
        JsonNode root = json(PIRATE);
        assertThat(root.path("schema_version").intValue()).isEqualTo(1);
        assertThat(root.path("command").stringValue()).isEqualTo("explain");
        assertThat(root.at("/model/name").stringValue())
                .isEqualTo(PIRATE.subject().modelName());
        assertThat(root.at("/model/sha256").stringValue())
                .isEqualTo(PIRATE.subject().modelSha256());
        assertThat(root.at("/target/kind").stringValue()).isEqualTo("lora");
        assertThat(root.at("/target/name").stringValue()).isEqualTo("pirate-lora");
        assertThat(root.path("unit").stringValue()).isEqualTo("nats/token");
        assertThat(root.path("kl_base").doubleValue()).isEqualTo(0.5381);
        assertThat(root.path("kl_base_own").doubleValue()).isEqualTo(0.7127);
        assertThat(root.path("chosen_k").intValue()).isEqualTo(10);
        assertThat(root.at("/seconds/total").doubleValue()).isEqualTo(12.3457);
    }

    @Test
    void everyStepOfTheCurveIsThere() {
        JsonNode curve = json(PIRATE).path("curve");
        List<Step> steps = PIRATE.curve().steps();
        assertThat(curve.size()).isEqualTo(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            JsonNode node = curve.path(i);
            assertThat(node.path("k").intValue()).isEqualTo(step.k());
            assertThat(node.path("added").stringValue()).isEqualTo(step.added());
            assertInterval(node.path("closed"), node.path("ci"), step.closed());
            assertInterval(node.path("null"), node.path("null_ci"), step.random());
            assertInterval(node.path("own"), node.path("own_ci"), step.own());
            assertInterval(node.path("excess"), node.path("excess_ci"), step.excess());
            assertNumber(node.path("search_closed"), step.search());
            assertNumber(node.path("abs_weights"), step.absoluteWeights());
        }
    }

    @Test
    void controlsAndCeilingsAreThere() {
        JsonNode root = json(PIRATE);
        JsonNode controls = root.path("controls");
        assertInterval(
                root.at("/ceiling/dense"),
                root.at("/ceiling/dense_ci"),
                Control.closed(PIRATE.controls(), ControlKind.DENSE));
        assertInterval(
                root.at("/ceiling/svd"),
                root.at("/ceiling/svd_ci"),
                Control.closed(PIRATE.controls(), ControlKind.DIRECTIONS));
        assertThat(root.at("/ceiling/svd_rank").intValue()).isEqualTo(20);
        assertThat(controls.at("/best_single/prompt").stringValue()).isEqualTo(PIRATE.bestSingle());
        assertInterval(
                controls.at("/best_single/closed"),
                controls.at("/best_single/ci"),
                Control.closed(PIRATE.controls(), ControlKind.SINGLE));
        assertInterval(
                controls.at("/constant_offset/closed"),
                controls.at("/constant_offset/ci"),
                Control.closed(PIRATE.controls(), ControlKind.CONSTANT));
        assertNumber(
                controls.at("/spectrum/dense_estimate"),
                PIRATE.illustration().spectrum().denseEstimate());
        assertNumber(
                controls.at("/spectrum/exponent"),
                PIRATE.illustration().spectrum().exponent());
        assertThat(controls.at("/spectrum/energy").size())
                .isEqualTo(PIRATE.illustration().spectrum().energy().size());
        assertNumber(
                controls.at("/spectrum/energy/99"),
                PIRATE.illustration().spectrum().energy().get(99));
    }

    @Test
    void mixtureVerdictEffortAndAnswersAreThere() {
        JsonNode root = json(PIRATE);
        for (int i = 0; i < PIRATE.mixture().size(); i++) {
            Atom atom = PIRATE.mixture().get(i);
            JsonNode node = root.path("mixture").path(i);
            assertThat(node.path("prompt").stringValue()).isEqualTo(atom.prompt());
            assertThat(node.path("source").stringValue()).isEqualTo(atom.source());
            assertNumber(node.path("weight"), atom.weight());
            assertNumber(node.path("perplexity"), atom.perplexity());
            assertNumber(node.path("closed_alone"), atom.alone());
        }
        assertThat(root.path("verdict")
                        .valueStream()
                        .map(node -> node.path("holds").stringValue()))
                .containsExactly("yes", "yes", "undecided", "no");
        assertThat(root.at("/verdict/0/claim").stringValue()).isEqualTo("S2");
        assertThat(root.at("/verdict/0/because").stringValue())
                .isEqualTo(PIRATE.verdict().getFirst().because());
        assertThat(root.at("/effort/atlas_prompts").intValue()).isEqualTo(20_481);
        assertThat(root.at("/effort/splits/4/contexts").stringValue()).isEqualTo("own");
        assertThat(root.at("/effort/splits/4/positions").intValue()).isEqualTo(1_013);
        assertThat(root.at("/samples/1/base").stringValue())
                .isEqualTo(PIRATE.illustration().samples().get(1).base());
        assertThat(root.at("/heat/0/tokens/5").stringValue()).isEqualTo("\n");
        assertThat(root.at("/heat/0/kl_base/0").doubleValue()).isEqualTo(4.21);
    }

    @Test
    void whatWasNotMeasuredIsNull() {
        String text = JsonReport.render(Specimen.bare(), Optional.empty(), Map.of("speed", Double.NaN), Double.NaN);
        assertThat(text).doesNotContain("NaN").doesNotContain("Infinity");
        JsonNode root = JsonMapper.shared().readTree(text);
        assertThat(root.at("/curve/0/closed").isNull()).isTrue();
        assertThat(root.at("/curve/0/ci/1").isNull()).isTrue();
        assertThat(root.at("/mixture/0/perplexity").isNull()).isTrue();
        assertThat(root.at("/seconds/total").isNull()).isTrue();
        assertThat(root.at("/provenance/speed").isNull()).isTrue();
        assertThat(root.path("samples").isEmpty()).isTrue();
    }

    @Test
    void provenanceKeepsEveryDigitAndSortsItsKeys() {
        Map<String, Object> backwards = new LinkedHashMap<>();
        backwards.put("z", Map.of("seed", 9_007_199_254_740_993L));
        backwards.put("a", List.of("x", 1, true));
        Map<String, Object> forwards = new LinkedHashMap<>();
        forwards.put("a", List.of("x", 1, true));
        forwards.put("z", Map.of("seed", 9_007_199_254_740_993L));
        String text = JsonReport.render(PIRATE, Optional.empty(), backwards, 1);
        assertThat(text)
                .isEqualTo(JsonReport.render(PIRATE, Optional.empty(), forwards, 1))
                .endsWith("}\n");
        assertThat(JsonMapper.shared().readTree(text).at("/provenance/z/seed").longValue())
                .isEqualTo(9_007_199_254_740_993L);
    }

    @Test
    void anyTextComesBackAsItWas() {
        String hostile = "</script> \"q\" \\ \u0000\u001b\n\u202e 🏴 שלום";
        JsonNode root = json(Specimen.worded(PIRATE, hostile));
        assertThat(root.at("/mixture/0/prompt").stringValue()).isEqualTo(hostile);
        assertThat(root.at("/heat/0/tokens/0").stringValue()).isEqualTo(hostile);
    }

    private static JsonNode json(Explanation explanation) {
        return JsonMapper.shared()
                .readTree(JsonReport.render(explanation, Optional.empty(), Specimen.provenance(), 12.345678));
    }

    private static void assertInterval(JsonNode value, JsonNode bounds, Interval interval) {
        assertNumber(value, interval.value());
        assertNumber(bounds.path(0), interval.low());
        assertNumber(bounds.path(1), interval.high());
        assertThat(bounds.size()).isEqualTo(2);
    }

    /// Six significant digits: off by at most half a unit of the sixth.
    private static void assertNumber(JsonNode node, double expected) {
        assertThat(node.isNumber()).isTrue();
        assertThat(Math.abs(node.doubleValue() - expected)).isLessThanOrEqualTo(5e-6 * Math.abs(expected));
        assertThat(node.asString()
                        .replaceAll("[-.]|^0\\.0*|E.*", "")
                        .replaceAll("^0+", "")
                        .length())
                .isLessThanOrEqualTo(6);
    }
}
