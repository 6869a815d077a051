package assay.discover.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearDuplicatesTest {
    private static List<String> texts(int count, long seed) {
        return Grammar.draw(count, seed).stream().map(Grammar.Phrase::text).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "You are a wise old owl.|you are a WISE old owl!",
                "You are a wise old owl.|You are  a wise, old owl",
                "Answer with three short rhymes about cats.|Answer with three short rhymes about the cats.",
                "Explain everything with metaphors about cooking.|Explain everything with a metaphor about cooking.",
                "Never mention the weather in your answers.|Never mention the weather in your answer."
            })
    void nearCopiesAreLeftOut(String first, String second) {
        assertThat(without(List.of(first, second))).containsExactly(first);
        assertThat(without(List.of(second, first))).containsExactly(second);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "You are a nurse.|Act as a nurse.",
                "Answer in Greek.|Answer in Latin.",
                "Always use the word moon.|Never use the word moon.",
                "Explain everything with metaphors about cooking.|Explain everything with metaphors about gardening.",
                "You are a doctor who loves chess.|You are a lawyer who loves chess."
            })
    void differentPromptsAreKept(String first, String second) {
        assertThat(without(List.of(first, second))).containsExactly(first, second);
    }

    @Test
    void theIndexFindsWhatComparingAllPairsFinds() {
        List<String> prompts = new ArrayList<>();
        for (String text : texts(120, 1)) {
            prompts.add(text);
            prompts.add(text.replaceFirst(" ", " really "));
            prompts.add(text.replace(" the ", " a "));
        }
        List<String> expected = new ArrayList<>();
        for (String prompt : prompts) {
            if (expected.stream()
                    .noneMatch(kept -> NearDuplicates.likeness(kept, prompt) >= NearDuplicates.THRESHOLD)) {
                expected.add(prompt);
            }
        }
        assertThat(without(prompts)).isEqualTo(expected).hasSizeLessThan(prompts.size());
    }

    @Test
    void plantedCopiesAreFoundAmongManyPrompts() {
        List<String> prompts = without(texts(2_000, 3));
        NearDuplicates seen = new NearDuplicates();
        assertThat(prompts).allMatch(seen::keep);
        assertThat(prompts)
                .noneMatch(prompt -> seen.keep(prompt.toUpperCase(Locale.ROOT).replace(".", " !")));
    }

    @Test
    void whatIsKeptHoldsNoNearCopiesAndKeepsItsOrder() {
        List<String> prompts = texts(3_000, 5);
        List<String> kept = without(prompts);
        assertThat(without(kept)).isEqualTo(kept);
        assertThat(prompts).containsSubsequence(kept);
    }

    @Test
    void overlapIsSymmetricBetweenZeroAndOneAndOneForItself() {
        List<String> prompts = texts(60, 2);
        for (String a : prompts) {
            assertThat(NearDuplicates.overlap(a, a)).isEqualTo(1);
            for (String b : prompts) {
                assertThat(NearDuplicates.overlap(a, b)).isBetween(0.0, 1.0).isEqualTo(NearDuplicates.overlap(b, a));
            }
        }
    }

    @Test
    void overlapCountsStemmedContentWords() {
        assertThat(NearDuplicates.overlap("Answer in Greek.", "Always respond in Greek!"))
                .isEqualTo(1);
        assertThat(NearDuplicates.overlap("You are a singing nurse.", "Act as a nurse who sings."))
                .isEqualTo(1);
        assertThat(NearDuplicates.overlap("You are a singing nurse.", "You are a nurse."))
                .isEqualTo(0.5);
        assertThat(NearDuplicates.overlap("You are a tired nurse who loves tea.", "You are a tired judge."))
                .isCloseTo(0.2, within(1e-12));
        assertThat(NearDuplicates.overlap("You are a nurse.", "Write a poem.")).isZero();
        assertThat(NearDuplicates.overlap("Use rhymes.", "Never use rhymes.")).isLessThan(1);
    }

    @Test
    void promptsWithoutWordsAreOneAndTheSame() {
        assertThat(without(List.of("...", "!?", "Answer.", "Speak."))).containsExactly("...", "Answer.", "Speak.");
        assertThat(NearDuplicates.overlap("", "!")).isEqualTo(1);
        assertThat(NearDuplicates.overlap("", "cat")).isZero();
    }

    @Test
    void textWithoutSpacesIsComparedByPairsOfCharacters() {
        assertThat(NearDuplicates.overlap("请始终用中文回答所有的问题。", "请始终用中文回答所有问题。")).isBetween(0.6, 0.99);
        assertThat(NearDuplicates.overlap("请始终用中文回答所有的问题。", "你是一位老师。")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "rhyme,rhymes",
        "rhyme,rhyming",
        "rhyme,rhymed",
        "run,running",
        "story,stories",
        "kiss,kisses",
        "box,boxes",
        "teacher,teachers",
        "quick,quickly",
        "happy,happily",
        "sing,sings",
        "watch,watches",
        "make,making",
        "nurse,nurse's"
    })
    void formsOfAWordShareAStem(String word, String form) {
        assertThat(ContentWords.stem(form)).isEqualTo(ContentWords.stem(word));
    }

    @ParameterizedTest
    @CsvSource({"sing,sin", "glass,gas", "bus,bug", "thing,think", "red,ring", "fly,flea"})
    void differentWordsKeepDifferentStems(String word, String other) {
        assertThat(ContentWords.stem(word)).isNotEqualTo(ContentWords.stem(other));
    }

    /// Processor time, since other work on the machine says nothing about ours. The aim is two seconds; comparing all
    /// pairs takes far longer than the bound.
    @Test
    void tenThousandPromptsTakeSeconds() {
        List<String> prompts = texts(10_000, 6);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        assertThat(without(prompts)).hasSizeGreaterThan(9_900);
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    /// The prompts without near copies of earlier ones.
    static List<String> without(List<String> prompts) {
        NearDuplicates seen = new NearDuplicates();
        return prompts.stream().filter(seen::keep).toList();
    }
}
