package assay.discover.atlas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptFilterTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "You are a helpful assistant.",
                "Answer in French!",
                "Can you speak like a wise old owl?",
                "You are a doctor. What would you tell the patient?",
                "Never use the word and.",
                "Write like someone from the 1960s.",
                "Be very, very polite (even to strangers).",
                "请始终用中文回答所有的问题。",
                "¿Puedes hablar siempre en verso? Hazlo ahora.",
                "हमेशा हिंदी में जवाब दो।",
                "Make a list of causes and a list of rules."
            })
    void readablePromptsStayAsTheyAre(String line) {
        assertThat(PromptFilter.readable(line)).contains(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Be nice.",
                "you are a helpful assistant.",
                "- You are a helpful assistant.",
                "1. You are a helpful assistant.",
                "(a) You are a helpful assistant.",
                "You are a \"helpful\" assistant.",
                "You are a “helpful” assistant.",
                "You are a **helpful** assistant.",
                "# You are a helpful assistant.",
                "You are `helpful` today.",
                "Go to www.example.com for help.",
                "Go to https://example.org for help.",
                "Write to someone at example.com today.",
                "You are helpful.<|im_end|>",
                "You are a [profession] from Rome.",
                "User: tell me about the weather.",
                "System prompt: you are a helpful assistant.",
                "What is the capital of France?",
                "How do I bake bread at home?",
                "You are a good good assistant.",
                "You are a cat and you are a cat and you are a cat.",
                "Help people who help people with people.",
                "You are a doctor, who is a doctor, who is a doctor, who is a doctor.",
                "Answer with 12345 and 67890 and 2468.",
                "You are a doctor who helps people with",
                "Always write about your",
                "You are a doctor who,",
                "You should always tell the.",
                "You are a helpful assistant...",
                "You are helpful , as always.",
                "You are a helpful (and kind assistant.",
                "You are a helpful) and (kind assistant.",
                "You are a helpful\u0000 assistant.",
                "You are a happy \uD83D\uDE00 assistant.",
                "You are a \uD83D assistant today.",
                "You are a supercalifragilisticexpialidocious assistant.",
                "............",
                "            ",
                ""
            })
    void unreadableLinesAreDropped(String line) {
        assertThat(PromptFilter.readable(line)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'  You are \t a  cat. '|You are a cat.",
                "You are a wise old owl|You are a wise old owl.",
                "You are a doctor. You help people with their|You are a doctor.",
                "You are a doctor! You help|You are a doctor!",
                "Don’t use long words|Don't use long words."
            })
    void smallFaultsArePutRight(String line, String prompt) {
        assertThat(PromptFilter.readable(line)).contains(prompt);
    }

    @Test
    void filteringTwiceChangesNothing() {
        String once = PromptFilter.readable("  You are\u00a0a wise   old owl ").orElseThrow();
        assertThat(PromptFilter.readable(once)).contains(once);
    }

    @Test
    void lengthBoundsAreInclusive() {
        String shortest = "Be a big cat";
        assertThat(PromptFilter.readable("Act a cat ok")).contains("Act a cat ok.");
        assertThat(PromptFilter.readable("Be my cats.")).isEmpty();
        assertThat(PromptFilter.readable(shortest)).contains(shortest + ".");
        String words =
                "Alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo sierrax";
        assertThat(words).hasSize(PromptFilter.LONGEST - 1);
        assertThat(PromptFilter.readable(words)).contains(words + ".");
        assertThat(PromptFilter.readable(words + "n")).isEmpty();
    }

    @Test
    void hugeLinesAreDroppedAtOnce() {
        assertThat(PromptFilter.readable("You are a cat ".repeat(1_000_000))).isEmpty();
    }
}
