package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VisibleTest {
    @Test
    void noCharacterReachesTheTerminalThatItObeys() {
        IntStream.range(0, 0x10000)
                .filter(c -> !Character.isSurrogate((char) c))
                .forEach(c -> {
                    String shown = Visible.text("a" + (char) c + "b");
                    boolean obeyed = (c < 32 && c != '\n' && c != '\t') || (c >= 127 && c < 160);
                    assertThat(shown.startsWith("a\\u"))
                            .isEqualTo(
                                    obeyed || "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069".indexOf(c) >= 0);
                });
        assertThat(Visible.text("\u001b[2J\u009b31m\u202eevil\r")).isEqualTo("\\u001b[2J\\u009b31m\\u202eevil\\u000d");
    }

    @Test
    void textInAllScriptsAndPairsIsUntouched() {
        String text = "Größe\t模型 🏴‍☠️ שלום\nمرحبا";
        assertThat(Visible.text(text)).isEqualTo(text);
        assertThat(Visible.text("half \ud83c pair")).isEqualTo("half \\ud83c pair");
    }

    @Test
    void aLineIsOneAndShortAndSaysAllThatWasSaidInMore() {
        assertThat(Visible.line("one\n\ttwo\u2028three\r\n")).isEqualTo("one\\n\\ttwo\\u2028three");
        assertThat(Visible.line("a".repeat(50_000) + "end"))
                .hasSizeLessThan(2_010)
                .startsWith("aaa")
                .endsWith("aend");
        assertThat(Visible.line("")).isEmpty();
    }
}
