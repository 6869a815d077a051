package assay.show.report;

import static org.assertj.core.api.Assertions.assertThat;

import assay.measure.judge.Chain;
import assay.measure.judge.Distillation;
import assay.show.page.Columns;
import assay.show.page.Style;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DistilTextTest {
    private static final String HOSTILE = "日本語のプロンプト \u001b[31mred\n\n\te\u0301 🏴‍☠️ " + "x".repeat(250);

    private static final List<Distillation> SPECIMENS = List.of(
            DistilSpecimen.pirate(),
            DistilSpecimen.rot13(),
            DistilSpecimen.baked(),
            DistilSpecimen.shown(),
            DistilSpecimen.unmeasured(),
            DistilSpecimen.worded(DistilSpecimen.pirate(), HOSTILE),
            DistilSpecimen.worded(DistilSpecimen.unmeasured(), ""));

    @Test
    void noLineIsWiderThanTheTerminal() {
        for (Distillation found : SPECIMENS) {
            for (int width = 30; width <= 130; width++) {
                int most = width;
                assertThat(DistilText.render(found, new Style(width, false)).lines())
                        .allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(most));
            }
        }
        Chain chain = DistilSpecimen.chain();
        for (int width = 30; width <= 130; width++) {
            int most = width;
            assertThat(TextReport.render(Specimen.pirate(), Optional.of(chain), new Style(width, false))
                            .lines())
                    .allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(most));
        }
    }

    @Test
    void nothingUnmeasuredIsShownAsANumber() {
        assertThat(DistilText.render(DistilSpecimen.unmeasured(), new Style(80, false)))
                .doesNotContain("NaN")
                .doesNotContain("0%")
                .contains("cosine –");
        assertThat(JsonReport.render(DistilSpecimen.unmeasured(), Map.of(), Double.NaN, "distil"))
                .doesNotContain("NaN")
                .contains("\"training\" : null");
    }

    @Test
    void coloursChangeNothingButColours() {
        for (Distillation found : SPECIMENS) {
            String coloured = DistilText.render(found, new Style(80, true));
            String plain = DistilText.render(found, new Style(80, false));
            assertThat(plain).doesNotContain("\u001b");
            assertThat(coloured).contains("\u001b[1m");
            assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "").replaceAll("(?m) +$", ""))
                    .isEqualTo(plain.replaceAll("(?m) +$", ""));
        }
    }

    @Test
    void theFirstLineIsTheVerdictOfThePage() {
        for (Distillation found : SPECIMENS.subList(0, 5)) {
            Headline headline = Headline.of(found);
            assertThat(DistilText.render(found, new Style(200, false)))
                    .startsWith(headline.word() + ": " + headline.verdict() + "\n");
        }
    }

    @Test
    void onlyTheClaimsOfTheIdeaAreNamed() {
        assertThat(DistilText.render(DistilSpecimen.pirate(), new Style(80, false)))
                .contains("\nClaim S1: 16 soft");
        assertThat(DistilText.render(DistilSpecimen.baked(), new Style(80, false)))
                .contains("\nIt closes most of it")
                .doesNotContain("Claim");
    }

    @Test
    void whatDoesNotApplyIsLeftOut() {
        assertThat(DistilText.render(DistilSpecimen.shown(), new Style(80, false)))
                .contains(
                        "(teacher to base: 4.90 nats per token)",
                        "on the examples' answers",
                        "the same before training")
                .doesNotContain("own answers", "best single", "answers of others", "–");
        assertThat(DistilHtml.render(DistilSpecimen.shown(), Map.of(), 1))
                .contains("soft prompt from a file of examples", "By the same before training")
                .doesNotContain("Closed on own contexts", "best single");
    }

    @Test
    void noTokenLooksLikeNothing() {
        assertThat(DistilText.render(DistilSpecimen.pirate(), new Style(92, false)))
                .contains("“·Arr” 61% not 12%", "“⏎” 21% not 0%");
    }

    @Test
    void theChosenMixtureOfAChainIsShownOnce() {
        Chain chain = DistilSpecimen.chain();
        assertThat(soft(chain)).containsExactly("soft prompt by 10 prompts", "soft prompt by 20 prompts");
        Chain whole = new Chain(
                chain.distillation(),
                Specimen.rot13(),
                chain.soft(),
                chain.mixture(),
                chain.mixtureFull(),
                chain.direct(),
                chain.lacking(),
                chain.nats());
        assertThat(soft(whole)).containsExactly("soft prompt by 20 prompts");
    }

    private static List<String> soft(Chain chain) {
        return TextReport.render(Specimen.pirate(), Optional.of(chain), new Style(80, false))
                .lines()
                .filter(line -> line.startsWith("soft prompt by"))
                .map(line -> line.substring(0, 25))
                .toList();
    }
}
