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
    void aBillionTextsTakeNoMoreThanTheMost() {
        assertThat(new SeenTexts(1_000_000_000_000L).add(SeenTexts.hash("Be kind.")))
                .isTrue();
    }
}
