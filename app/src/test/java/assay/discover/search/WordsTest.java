package assay.discover.search;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import assay.discover.atlas.PromptFilter;
import assay.discover.predict.SketchFit;
import assay.measure.behaviour.Behaviour;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WordsTest {
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
    void whatTheTargetWritesMoreOftenIsPutIntoPrompts() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            for (int known : new int[] {0, 2, 6}) {
                assertThat(proposed(tiny.insistingOn(" oxen"), known, 16))
                        .contains("You are an oxen.", "Talk about oxen.")
                        .hasSizeBetween(9, 16)
                        .doesNotHaveDuplicates()
                        .anyMatch(prompt -> prompt.contains("oxen")
                                && Frames.around(List.of("oxen")).stream().noneMatch(prompt::equals))
                        .allSatisfy(prompt ->
                                assertThat(PromptFilter.readable(prompt)).contains(prompt));
            }
        }
    }

    @Test
    void whereNothingIsLackingNothingIsProposed() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            assertThat(proposed(Behaviour.BASE, 0, 16)).isEmpty();
        }
    }

    @Test
    void whatEveryPromptBringsIsNotTelling() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Behaviour target = tiny.insistingOn(" oxen");
            double[] usual = tiny.sketcher.expected(List.of(target))[0];
            assertThat(proposed(target, usual, 0, 16)).isEmpty();
        }
    }

    @Test
    void contentWordsOfAPromptAreExchangedTheMostTellingFirst() {
        Keyness.Telling honey = new Keyness.Telling("honey", "honey", 0);
        Keyness.Telling bees = new Keyness.Telling("bees", "bee", 1);
        assertThat(Words.exchanged(List.of("Compare everything to cats.", "You are sad."), List.of(honey, bees)))
                .containsExactly(
                        "Compare everything to honey.",
                        "You are honey.",
                        "Compare everything to bees.",
                        "You are bee.");
        assertThat(Words.exchanged(List.of("Answer me."), List.of(honey))).isEmpty();
        assertThat(Words.exchanged(List.of("Be sad."), List.of())).isEmpty();
    }

    private List<String> proposed(Behaviour target, int known, int count) {
        return proposed(target, new double[tiny.chat.tokenizer().vocabularySize()], known, count);
    }

    private List<String> proposed(Behaviour target, double[] usual, int known, int count) {
        SketchFit standing = tiny.standing(tiny.planted());
        return new Words(tiny.chat, new SearchTarget(target, new float[0], _ -> false), tiny.sketcher, () -> usual)
                .propose(standing, standing.lack(known), count, 3);
    }
}
