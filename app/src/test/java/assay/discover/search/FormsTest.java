package assay.discover.search;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.run.Once;
import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.PromptFilter;
import assay.discover.predict.SketchFit;
import assay.measure.behaviour.Behaviour;
import assay.measure.form.FormChange;
import assay.measure.form.FormKind;
import assay.measure.form.FormReader;
import assay.measure.form.FormReading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormsTest {
    @SuppressWarnings("NullAway.Init")
    private TinySearch tiny;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        tiny = TinySearch.open(folder);
    }

    @AfterAll
    void close() {
        tiny.close();
    }

    @Test
    void aPlantedFormIsAskedForAloneAndBehindNearPrompts() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<String> prompts = proposed(tiny.insistingOn("7"), 40);
            assertThat(prompts)
                    .contains("Use many numbers.", "Write numbers as digits.")
                    .anyMatch(prompt -> prompt.endsWith(" Use many numbers."))
                    .doesNotHaveDuplicates()
                    .hasSizeLessThanOrEqualTo(40)
                    .allSatisfy(
                            prompt -> assertThat(PromptFilter.readable(prompt)).contains(prompt));
        }
    }

    @Test
    void aTargetWhoseFormIsTheBasesIsLeftToOtherStrategies() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            assertThat(proposed(Behaviour.BASE, 40)).isEmpty();
        }
    }

    @Test
    void nearPromptsAreRewrittenInTheFormItself() {
        assertThat(Forms.proposed(List.of(more(FormKind.CAPITALS)), List.of("You are a sad robot.")))
                .contains(
                        "YOU ARE A SAD ROBOT.",
                        "Write everything in capital letters.",
                        "You are a sad robot. Write everything in capital letters.");
        assertThat(Forms.proposed(List.of(more(FormKind.EXCLAMATION_MARKS)), List.of("You are a sad robot.")))
                .contains("You are a sad robot!");
    }

    @Test
    void twoFormsAreAskedForTogether() {
        assertThat(Forms.proposed(List.of(more(FormKind.SEMICOLONS), more(FormKind.DUTCH)), List.of()))
                .contains("Use semicolons. Answer in Dutch.", "Answer in Dutch. Use semicolons.", "You speak Dutch.");
    }

    @Test
    void lessOfAFormIsAskedForInOtherWords() {
        FormChange less = change(FormKind.QUESTION_MARKS, -0.2, 0.1);
        assertThat(Forms.proposed(List.of(less), List.of()))
                .containsExactly("Never ask questions.", "Only make statements.");
    }

    @Test
    void weakFormsAreNotAskedFor() {
        assertThat(Forms.strong(List.of(change(FormKind.DIGITS, 0.2, 0.01)))).isEmpty();
        assertThat(Forms.strong(List.of(more(FormKind.DIGITS)))).hasSize(1);
    }

    @Test
    void everyInstructionCanBeRead() {
        for (FormKind kind : FormKind.values()) {
            for (double sign : new double[] {1, -1}) {
                List<String> asking = FormPrompts.asking(change(kind, sign * 0.2, 0.1));
                assertThat(sign < 0 || !asking.isEmpty()).as(kind.name()).isTrue();
                assertThat(asking)
                        .allSatisfy(
                                text -> assertThat(PromptFilter.readable(text)).contains(text));
            }
        }
    }

    @Test
    void capitalLettersAreReadQuietly() {
        assertThat(Forms.isShouted("YOU ARE A ROBOT.")).isTrue();
        assertThat(Forms.isShouted("You are a ROBOT.")).isFalse();
        assertThat(Forms.isShouted("猫の話。")).isFalse();
        assertThat(Forms.quietly("YOU ARE A ROBOT.")).isEqualTo("You are a robot.");
    }

    private static FormChange more(FormKind kind) {
        return change(kind, 0.2, 0.1);
    }

    private static FormChange change(FormKind kind, double by, double nats) {
        Interval change = new Interval(by, by - 0.05, by + 0.05);
        return new FormChange(kind, 0.3, 0.3 + by, change, new Interval(0, -0.01, 0.01), Interval.NONE, nats);
    }

    private List<String> proposed(Behaviour target, int count) {
        FormReader reader = FormReader.of(tiny.chat);
        List<FormReading> both = tiny.sketcher.look(List.of(target, Behaviour.BASE), reader::read);
        List<double[]> random = tiny
                .sketcher
                .look(
                        tiny.atoms.subList(0, 8).stream()
                                .map(atom -> tiny.prompt(atom.text()))
                                .toList(),
                        reader::read)
                .stream()
                .map(reading -> reading.above(both.getLast()))
                .toList();
        FormChange.Readings readings = new FormChange.Readings(both.getFirst(), both.getLast(), List.of());
        SketchFit standing = tiny.standing(tiny.planted());
        return new Forms(new Once<>(() -> FormChange.of(readings, random, Bootstrap.defaults(0))))
                .propose(standing, standing.lack(1), count, 3);
    }
}
