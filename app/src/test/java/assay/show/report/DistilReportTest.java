package assay.show.report;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import assay.measure.judge.Chain;
import assay.measure.judge.Claim;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.SplitSize;
import assay.measure.judge.Lacking;
import assay.measure.judge.Outcome;
import assay.show.page.Columns;
import assay.show.page.Style;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A distillation and a chain as text, JSON and page. The figures are invented.
class DistilReportTest {
    private static final Interval CLOSED = new Interval(0.91, 0.89, 0.93);

    @Test
    void theTerminalSaysWhatWasReachedAndWhatWasNot() {
        String text = DistilText.render(distilled(), new Style(80, false));
        assertThat(text)
                .contains("16 soft tokens in the system slot")
                .contains("91% [89, 93]")
                .contains("explained")
                .contains("all steps done")
                .contains("“·ahoy” 61% not 12%")
                .contains("cosine 0.30 over all blocks");
        assertThat(text.lines().mapToInt(Columns::width).max().orElse(0)).isLessThanOrEqualTo(92);
    }

    @Test
    void narrowTerminalsAreNotOverrun() {
        String text = DistilText.render(distilled(), new Style(40, false));
        assertThat(text.lines().mapToInt(Columns::width).max().orElse(0)).isLessThanOrEqualTo(40);
    }

    @Test
    void jsonHoldsTheCurveTheStartsAndTheRest() {
        JsonNode root =
                JsonMapper.shared().readTree(JsonReport.render(distilled(), Map.of("seed", 3L), 12.5, "distil"));
        assertThat(root.path("command").stringValue()).isEqualTo("distil");
        JsonNode distil = root.path("distil");
        assertThat(distil.path("tokens").intValue()).isEqualTo(16);
        assertThat(distil.path("closed").doubleValue()).isEqualTo(0.91);
        assertThat(distil.path("curve").path(1).path("search_closed").doubleValue())
                .isEqualTo(0.92);
        assertThat(distil.path("curve").path(0).path("fit_kl").isNull()).isTrue();
        assertThat(distil.path("best_prompt").isNull()).isTrue();
        assertThat(distil.path("starts").path(0).path("chosen").booleanValue()).isTrue();
        assertThat(distil.path("remaining")
                        .path(0)
                        .path("wanted")
                        .path(0)
                        .path("teacher")
                        .doubleValue())
                .isEqualTo(0.61);
        assertThat(distil.path("layers")).hasSize(2);
        assertThat(root.path("effort").path("splits")).hasSize(1);
        assertThat(root.path("provenance").path("seed").longValue()).isEqualTo(3);
    }

    @Test
    void anExplanationShowsTheChainOnlyWhenThereIsOne() {
        Explanation pirate = Specimen.pirate();
        Chain chain = new Chain(
                distilled(),
                pirate,
                CLOSED,
                CLOSED,
                CLOSED,
                CLOSED,
                Lacking.NONE,
                new Chain.Nats(0.5, 0.05, 0.1, 0.12));
        Style style = new Style(80, false);
        assertThat(TextReport.render(pirate, Optional.of(chain), style))
                .startsWith(TextReport.render(pirate, Optional.empty(), style))
                .contains("By way of a soft prompt of 16 tokens")
                .contains("0.0500");
        JsonNode with = JsonMapper.shared().readTree(JsonReport.render(pirate, Optional.of(chain), Map.of(), 1));
        assertThat(with.path("distil").path("closed").doubleValue()).isEqualTo(0.91);
        assertThat(with.path("chain").path("kl_from_adapter").path("soft").doubleValue())
                .isEqualTo(0.05);
        assertThat(with.path("chain").path("soft_prompt").path("curve"))
                .hasSize(pirate.curve().steps().size());
        JsonNode without = JsonMapper.shared().readTree(JsonReport.render(pirate, Optional.empty(), Map.of(), 1));
        assertThat(without.has("chain") || without.has("distil")).isFalse();
        assertThat(HtmlReport.render(pirate, Optional.of(chain), Map.of(), 1))
                .contains("By way of a soft prompt of 16 tokens")
                .contains("Adapter by prompts directly");
        assertThat(HtmlReport.render(pirate, Optional.empty(), Map.of(), 1)).doesNotContain("By way of a soft prompt");
    }

    private static Distillation distilled() {
        return new Distillation(
                new Distillation.Subject(
                        "smollm2-135m",
                        "abc",
                        Explanation.Kind.LORA,
                        "pirate",
                        "r=8 on <q> & v",
                        "16 soft tokens in the system slot",
                        16,
                        Specimen.setup("<|im_start|>user\n")),
                new Explanation.Divergence(0.5, 0.6),
                new Distillation.Fidelity(CLOSED, CLOSED, new Interval(0.7, 0.6, 0.8), Specimen.UNMEASURED),
                new Distillation.Training(
                        List.of(
                                new Distillation.Start("explained", "Act as a <pirate>.", 0.7, 0.75, true),
                                new Distillation.Start("random", "", 0.0, 0.6, false)),
                        List.of(
                                new Distillation.Point(0, 0, 0.7, Double.NaN),
                                new Distillation.Point(160, 170, 0.92, 0.04)),
                        List.of(new Distillation.Setting("steps", "160")),
                        List.of(new SplitSize("fit", "own", 288, 4_500)),
                        170,
                        "all steps done",
                        160),
                List.of(),
                List.of(new Distillation.Remaining(
                        "How are you?",
                        "own",
                        "Well,",
                        2.5,
                        1.5,
                        List.of(new Distillation.Wanted(" ahoy", 0.61, 0.12)))),
                List.of(new Distillation.Layer(0, 0.2, 0.01), new Distillation.Layer(1, 0.4, 0.02)),
                new Finding(Claim.S1, Outcome.UNDECIDED, "the interval straddles the gate."));
    }
}
