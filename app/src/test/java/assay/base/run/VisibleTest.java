package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VisibleTest {
    private static String printed(String text) {
        StringWriter into = new StringWriter();
        try (PrintWriter out = new PrintWriter(new Visible(into))) {
            out.print(text);
        }
        return into.toString();
    }

    @Test
    void noCharacterReachesTheTerminalThatItObeys() {
        IntStream.range(0, 0x10000)
                .filter(c -> !Character.isSurrogate((char) c))
                .forEach(c -> {
                    String shown = printed("a" + (char) c + "b");
                    boolean obeyed = (c < 32 && c != '\n' && c != '\t') || (c >= 127 && c < 160);
                    assertThat(shown.startsWith("a\\u"))
                            .isEqualTo(
                                    obeyed || "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069".indexOf(c) >= 0);
                });
        assertThat(printed("\u001b[2J\u009b31m\u202eevil\r")).isEqualTo("\\u001b[2J\\u009b31m\\u202eevil\\u000d");
    }

    @Test
    void textInAllScriptsAndPairsIsUntouched() {
        String text = "Größe\t模型 🏴‍☠️ שלום\nمرحبا";
        assertThat(printed(text)).isEqualTo(text);
        assertThat(printed("half \ud83c pair")).isEqualTo("half \\ud83c pair");
    }

    @Test
    void aLineIsOneAndShort() {
        assertThat(Visible.line("one\ntwo")).isEqualTo("one");
        assertThat(Visible.line("a".repeat(50_000) + "end"))
                .hasSizeLessThan(2_010)
                .startsWith("aaa")
                .endsWith("aend");
        assertThat(Visible.line("")).isEmpty();
    }
}
