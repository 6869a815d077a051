package assay.show.report;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import assay.measure.behaviour.WeightedPrompt;
import assay.measure.form.FormChange;
import assay.measure.form.FormKind;
import assay.measure.judge.PlainList;
import assay.measure.judge.PlainList.Part;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FirstLinesTest {
    private static final List<WeightedPrompt> APART = List.of(
            new WeightedPrompt("Speak of goats.", 0.4),
            new WeightedPrompt("Never speak.", -0.3),
            new WeightedPrompt("Count your sheep.", 0.2));

    @Test
    void theSentenceIsMadeOfTheStrongestPromptAndWordsAndForms() {
        PlainList plain = plain(
                new PlainList.Prompt("You are a shepherd.", 0.4, 0.6, Part.WHAT_IT_IS),
                new PlainList.Prompt("Speak of wool.", 0.3, 0.4, Part.WHAT_IT_IS),
                new PlainList.Prompt("Be brief.", -0.2, 0.01, Part.CORRECTION));
        FirstLines lines = FirstLines.of(
                plain,
                APART,
                List.of("sheep", "wool", "dog", "hill", "grass", "rain"),
                Stream.of(FormKind.SEMICOLONS, FormKind.DIGITS, FormKind.DUTCH)
                        .map(kind -> change(kind, kind == FormKind.DIGITS ? -0.1 : 0.1))
                        .toList());
        assertThat(lines.all())
                .containsExactly(
                        "What it is: “You are a shepherd”; it writes of sheep, wool, dog, hill, grass; more semicolons,"
                                + " less digits.",
                        "Speak of wool.",
                        "Speak of goats.");
    }

    @Test
    void whereNoPromptSaysItThoseThatSetItApartDo() {
        assertThat(FirstLines.of(PlainList.NONE, APART, List.of(), List.of()).all())
                .containsExactly("What it is: “Speak of goats”.", "Count your sheep.");
        assertThat(FirstLines.of(PlainList.NONE, List.of(), List.of("sheep"), List.of())
                        .all())
                .containsExactly("No prompt says what it is; it writes of sheep.");
    }

    private static PlainList plain(PlainList.Prompt... prompts) {
        return new PlainList(List.of(prompts), Interval.NONE, 0);
    }

    private static FormChange change(FormKind kind, double by) {
        Interval change = new Interval(by, by - 0.01, by + 0.01);
        return new FormChange(kind, 0.2, 0.2 + by, change, new Interval(0, -0.01, 0.01), Interval.NONE, 0.1);
    }
}
