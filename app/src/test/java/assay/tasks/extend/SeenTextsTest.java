package assay.tasks.extend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What the field of bits knows again.
class SeenTextsTest {
    @Test
    void everyTextThatWasSeenIsKnownAgain() {
        SeenTexts seen = new SeenTexts(20_000);
        IntStream.range(0, 20_000).forEach(i -> seen.add(SeenTexts.hash("Prompt " + i + ".")));
        assertThat(IntStream.range(0, 20_000).filter(i -> seen.add(SeenTexts.hash("Prompt " + i + "."))))
                .isEmpty();
    }

    @Test
    void hardlyAnyNewTextIsMistaken() {
        SeenTexts seen = new SeenTexts(100_000);
        long mistaken = IntStream.range(0, 100_000)
                .filter(i -> !seen.add(SeenTexts.hash("Prompt " + i + ".")))
                .count();
        assertThat(mistaken).isLessThan(8);
    }

    @Test
    void theFieldGrowsWithTheTextsUpToAGigabyte() {
        assertThat(SeenTexts.bits(1)).isEqualTo(1L << 16);
        assertThat(SeenTexts.bits(100_000)).isEqualTo(1L << 22);
        assertThat(SeenTexts.bits(1L << 26)).isEqualTo(1L << 29);
        assertThat(SeenTexts.bits(100_000_000)).isEqualTo(1L << 30);
        assertThat(SeenTexts.bits(1_000_000_000)).isEqualTo(1L << 33);
        assertThat(SeenTexts.bits(Long.MAX_VALUE)).isEqualTo(1L << 33);
    }
}
