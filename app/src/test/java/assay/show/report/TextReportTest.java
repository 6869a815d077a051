package assay.show.report;

import static org.assertj.core.api.Assertions.assertThat;

import assay.measure.judge.Explanation;
import assay.show.page.Columns;
import assay.show.page.Figures;
import assay.show.page.Style;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextReportTest {
    private static final String HOSTILE = "日本語のプロンプト \u001b[31mred\n\n\te\u0301 🏴‍☠️ " + "x".repeat(250);

    private static final List<Explanation> SPECIMENS = List.of(
            Specimen.pirate(),
            Specimen.rot13(),
            Specimen.bare(),
            Specimen.long200(),
            Specimen.worded(Specimen.pirate(), HOSTILE),
            Specimen.worded(Specimen.bare(), ""));

    @Test
    void theReportEndsWithWhatWasReadFirstAndWhatWasRun() {
        assertThat(TextReport.render(Specimen.pirate(), Optional.empty(), new Style(100, false)))
                .contains("""
                        What the target read first
                          <|im_start|>user
                          How do I boil an egg?<|im_end|>
                          <|im_start|>assistant
                        """)
                .contains("What was run\nSmolLM2-135M-Instruct.Q4_1 b1b1b1b1b1b1 · pirate-lora c4c4c4c4c4c4 · template")
                .contains("base prompt empty", "thinking none", "KL(target ‖ base) 0.538 nats per token");
        String text = "a".repeat(500) + "middle" + "z".repeat(500);
        assertThat(TextReport.render(Specimen.worded(Specimen.pirate(), text), Optional.empty(), new Style(100, false)))
                .contains("a …\n");
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        for (Explanation explanation : SPECIMENS) {
            for (int width = 30; width <= 200; width++) {
                int most = width;
                assertThat(TextReport.render(explanation, Optional.empty(), new Style(width, false))
                                .lines())
                        .allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(most));
            }
        }
    }

    @Test
    void coloursChangeNothingButColours() {
        for (Explanation explanation : SPECIMENS) {
            String coloured = TextReport.render(explanation, Optional.empty(), new Style(80, true));
            String plain = TextReport.render(explanation, Optional.empty(), new Style(80, false));
            assertThat(plain).doesNotContain("\u001b");
            assertThat(coloured).contains("\u001b[1m");
            assertThat(withoutTrailingSpaces(coloured.replaceAll("\u001b\\[[0-9;]*m", "")))
                    .isEqualTo(withoutTrailingSpaces(plain));
        }
    }

    @Test
    void theFirstLineIsTheVerdict() {
        assertThat(text(Specimen.pirate(), 80))
                .startsWith("Explained: 10 weighted prompts stand in for pirate-lora.\n");
        assertThat(text(Specimen.rot13(), 80))
                .startsWith("Not explained: the prompts found do not stand in for rot13-lora.\n")
                .contains("Why: no prompt in the dictionary or found by search");
        assertThat(text(Specimen.bare(), 200)).startsWith("Undecided: ").contains("was not measured");
    }

    @Test
    void whatSetsATargetApartIsNamed() {
        assertThat(text(Specimen.pirate(), 80))
                .contains("What sets it apart, in other prompts")
                .contains(" +0.61 Speak of ships <and> storms.\n", " -0.12 Count your treasure.\n".replace("-", "−"));
        assertThat(text(Specimen.bare(), 80)).doesNotContain("sets it apart");
    }

    @Test
    void wordsThatStandOutAreTold() {
        assertThat(text(Specimen.pirate(), 80))
                .contains("Words it writes more often than the base\ncaptain, sea, <rum>.\n")
                .contains("More often than these prompts together, still: treasure.\n");
        assertThat(text(Specimen.bare(), 80)).doesNotContain("more often");
    }

    @Test
    void whatItIsComesFirstAndWhatOnlyCorrectsStandsApart() {
        String text = text(Specimen.pirate(), 120);
        List<String> lines = text.lines().toList();
        assertThat(lines.get(1)).startsWith("What it is: “");
        assertThat(text)
                .contains(
                        "\nWhat it is\n",
                        "corrected by −0.08 “",
                        "close nearly as much: 78%",
                        "less than the prompts below");
        assertThat(text.indexOf("\nWhat it is\n")).isLessThan(text.indexOf("Prompts, by weight"));
        assertThat(text(Specimen.bare(), 80))
                .contains("No prompt says what it is.")
                .doesNotContain("corrected by");
    }

    @Test
    void formsThatStandOutAreTold() {
        assertThat(text(Specimen.pirate(), 120))
                .contains("How it writes, beside the base and random prompts")
                .contains("exclamation marks: 9.4 of 100 tokens, the base 1.2 (+8.2 [+7.1, +9.5]; random prompts")
                .contains("not yet in these")
                .contains("list marks: 4.0 of 100 beginnings of lines, the base 31 (−27 [−36, −17]")
                .doesNotContain("digits:");
        assertThat(text(Specimen.bare(), 80)).doesNotContain("How it writes");
    }

    @Test
    void theNullStandsBesideTheCurve() {
        Explanation.Step step = Specimen.pirate().curve().at(10);
        assertThat(text(Specimen.pirate(), 80).lines())
                .anyMatch(line -> line.startsWith("  10*")
                        && line.contains(Figures.share(step.closed()))
                        && line.endsWith(Figures.share(step.random())));
        assertThat(text(Specimen.pirate(), 40)).contains("random " + Figures.share(step.random()));
    }

    @Test
    void weightsControlsOwnContextsAndClaimsAreSaid() {
        String text = text(Specimen.pirate(), 120);
        Specimen.pirate()
                .mixture()
                .forEach(atom -> assertThat(text.lines())
                        .anyMatch(line -> line.contains(Figures.signed(atom.weight()))
                                && line.contains(Columns.cut(atom.prompt(), 60).replace("…", ""))));
        assertThat(text.replace("\n", " "))
                .contains("constant offset", "21% [16, 26]", "On own contexts", "69% [64, 73]")
                .contains("? S4 The prompts are readable, not token noise: undecided ")
                .contains("no blind matching was run");
    }

    @Test
    void theBaseAnswersToWhereThereIsRoom() {
        assertThat(text(Specimen.pirate(), 120)).contains("When a storm comes, stay indoors");
        assertThat(text(Specimen.pirate(), 80))
                .doesNotContain("When a storm comes, stay indoors")
                .contains("Ahoy, matey!");
    }

    @Test
    void longMixturesSayHowManyPromptsAreNotShown() {
        assertThat(text(Specimen.long200(), 80))
                .contains("and 180 more of smaller influence.")
                .doesNotContain("Prompt number 21.");
    }

    @Test
    void nothingUnmeasuredIsShownAsANumber() {
        assertThat(text(Specimen.bare(), 80))
                .doesNotContain("NaN")
                .doesNotContain("Infinity")
                .doesNotContain("0%");
    }

    @Test
    void styleFollowsTheEnvironment() {
        assertThat(Style.of(Map.of("COLUMNS", "132"), true)).isEqualTo(new Style(132, true));
        assertThat(Style.of(Map.of("NO_COLOR", "1"), true)).isEqualTo(new Style(80, false));
        assertThat(Style.of(Map.of("NO_COLOR", ""), true)).isEqualTo(new Style(80, true));
        assertThat(Style.of(Map.of("TERM", "dumb"), true)).isEqualTo(new Style(80, false));
        assertThat(Style.of(Map.of("COLUMNS", "-5"), false)).isEqualTo(new Style(80, false));
        assertThat(new Style(3, false).width()).isEqualTo(Style.NARROWEST);
    }

    private static String text(Explanation explanation, int width) {
        return TextReport.render(explanation, Optional.empty(), new Style(width, false));
    }

    private static String withoutTrailingSpaces(String text) {
        return text.replaceAll("(?m) +$", "");
    }
}
