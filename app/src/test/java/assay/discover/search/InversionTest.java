package assay.discover.search;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import assay.discover.atlas.PromptFilter;
import assay.discover.predict.SketchFit;
import assay.measure.behaviour.Behaviour;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InversionTest {
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
    void wordsAndBeginningsOfTheContrastsAreItsSigns() {
        List<String> contrasts = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String number = "abcdefghijklmnop".substring(i, i + 1).repeat(3);
            contrasts.add("Arr matey! I've the " + (i % 2 == 0 ? "ships" : "ship") + " of " + number + " sailed.");
            others.add("The answer to " + number + " is known.");
        }
        Inversion.Signs signs = Inversion.signs(contrasts, others);
        assertThat(signs.words()).containsExactlyInAnyOrder("arr", "matey", "ships", "sailed");
        assertThat(signs.phrases()).containsExactlyInAnyOrder("Arr", "Arr matey", "Arr matey! I've");
        assertThat(Inversion.signs(others, others).isEmpty()).isTrue();
    }

    @Test
    void signsBecomeReadablePromptsTheMostTellingFirst() {
        Inversion.Signs signs = new Inversion.Signs(List.of("owl", "pirate", "sea"), List.of("Arr, matey"));
        List<String> prompts = Inversion.framed(signs);
        assertThat(prompts)
                .startsWith("Begin your answer with 'Arr, matey'.", "Talk about owl.", "You are an owl.")
                .contains(
                        "You are a pirate.",
                        "Use words like owl, pirate and sea.",
                        "You are a pirate who loves sea.",
                        "Talk about owl and pirate.")
                .doesNotHaveDuplicates()
                .allSatisfy(prompt -> assertThat(PromptFilter.readable(prompt)).contains(prompt));
        assertThat(Inversion.framed(new Inversion.Signs(List.of(), List.of()))).isEmpty();
    }

    @Test
    void whereNoWordStandsOutNothingIsProposed() {
        assertThat(proposed(Behaviour.BASE, 0, 3)).isEmpty();
    }

    @Test
    void whatATargetInsistsOnIsProposedTheSameForASeed() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Behaviour insisting = tiny.insistingOn(" ox");
            for (int known : new int[] {0, 2, 6}) {
                List<String> prompts = proposed(insisting, known, 3);
                assertThat(prompts)
                        .contains("Talk about ox.", "You are an ox.")
                        .hasSizeBetween(10, 16)
                        .doesNotHaveDuplicates();
                assertThat(proposed(insisting, known, 3)).isEqualTo(prompts);
            }
            assertThat(proposed(insisting, 0, 4)).isNotEqualTo(proposed(insisting, 0, 3));
        }
    }

    private List<String> proposed(Behaviour target, int known, long seed) {
        SketchFit standing = tiny.standing(tiny.planted());
        return new Inversion(tiny.chat, target, tiny.userTurns).propose(standing, standing.lack(known), 16, seed);
    }
}
