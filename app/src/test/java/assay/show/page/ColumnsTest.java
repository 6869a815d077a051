package assay.show.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    private static final List<String> PIECES = List.of(
            "a", "word", "日本語", "e\u0301", "🏴‍☠️", " ", "  ", "שלום", "\n", "x".repeat(50), "中".repeat(30), "❤\ufe0f");

    @Test
    void eastAsianLettersTakeTwoCellsAndMarksNone() {
        assertThat(Columns.width("abc")).isEqualTo(3);
        assertThat(Columns.width("日本")).isEqualTo(4);
        assertThat(Columns.width("e\u0301")).isEqualTo(1);
        assertThat(Columns.width("🙂")).isEqualTo(2);
        assertThat(Columns.width("a\u200bb")).isEqualTo(2);
    }

    @Test
    void noWrappedLineIsTooWideAndNoLetterIsLost() {
        Random random = new Random(11);
        for (int trial = 0; trial < 2_000; trial++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i >= 0; i--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            int width = 2 + random.nextInt(40);
            List<String> lines = Columns.wrap(text.toString(), width);
            assertThat(lines).allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(width));
            assertThat(String.join("", lines).replaceAll("\\s", ""))
                    .isEqualTo(text.toString().replaceAll("\\s", ""));
        }
    }

    @Test
    void cutTextFitsAndSaysSo() {
        assertThat(Columns.cut("short", 5)).isEqualTo("short");
        assertThat(Columns.cut("a longer text", 6)).isEqualTo("a lon…");
        assertThat(Columns.width(Columns.cut("日本語のプロンプト", 6))).isLessThanOrEqualTo(6);
    }

    @Test
    void nothingHiddenReachesTheTerminal() {
        assertThat(Columns.visible("a\u001b[31mb\u0007\n\tc\u202e\u009b")).isEqualTo("a␛[31mb␇↵␉c⟨U+202E⟩\ufffd");
        assertThat(Columns.visible("\ud800")).isEqualTo("\ufffd");
        assertThat(Columns.visibleLines("a\r\nb\tc")).isEqualTo("a\nb    c");
    }

    @Test
    void barsFillInEighths() {
        assertThat(Columns.bar(0, 4)).isEqualTo("    ");
        assertThat(Columns.bar(0.5, 4)).isEqualTo("██  ");
        assertThat(Columns.bar(0.53125, 4)).isEqualTo("██▏ ");
        assertThat(Columns.bar(7, 4)).isEqualTo("████");
        assertThat(Columns.bar(Double.NaN, 4)).isEqualTo("    ");
        assertThat(Columns.bar(-0.4, 4)).isEqualTo("    ");
    }

    @Test
    void columnsStayAlignedAndSayWhenTheyAreShortened() {
        List<String> rows = Columns.beside(List.of("one two three four", "日本"), 5, 3);
        assertThat(rows).containsExactly("one   │ 日本 ", "two   │      ", "…     │      ");
    }
}
