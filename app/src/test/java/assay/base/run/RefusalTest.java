package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefusalTest {
    @Test
    void whatDoesNotShowIsSpeltOutAndSoToldFromWhatDoes() {
        assertThat(Refusal.line("x", "a\tb", "why?\n\u001b[31m\u0000\u2028\u202eé模🏴\ud800", "in \u0085", "Go."))
                .isEqualTo(
                        "x: expected a\\tb, found why?\\n\\u001b[31m\\u0000\\u2028\\u202eé模🏴\\ud800 (in \\u0085). Go.");
    }

    @Test
    void aRefusalIsShownAsItIs() {
        String line = Refusal.line("x", "a", "\u001b\n\r\u2029", "here", "Go.");
        assertThat(Visible.line(line)).isEqualTo(line).doesNotContain("?");
    }

    @Test
    void aLongTextIsCutBetweenLettersNotWithinOne() {
        String flags = "a" + "🏴".repeat(1_000);
        assertThat(Refusal.line("x", "a", flags, "here", "Go."))
                .contains("🏴… (here)")
                .doesNotContain("\\ud");
        assertThat(Refusal.name("b" + flags)).endsWith("🏴…").doesNotContain("\ud83c…");
        assertThat(Visible.line(flags + flags)).doesNotContain("\\ud");
    }
}
