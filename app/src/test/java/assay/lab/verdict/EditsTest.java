package assay.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "You are a pirate. | pirate | cowboy | You are a cowboy.",
                "Pirate talk, pirate walk, PIRATE! | pirate | cowboy | Cowboy talk, cowboy walk, Cowboy!",
                "Two pirates. | pirate | cowboy | Two pirates.",
                "Speak French-Swiss. | French | Spanish | Speak Spanish-Swiss.",
                "Élan and élan | élan | zest | Zest and zest",
                "Cost: a | a | $1\\2 | Cost: $1\\2",
                "(a.b) | a.b | c | (c)",
                "axb | a.b | c | axb"
            })
    void wholeWordsAreReplacedAndKeepTheirCapital(String text, String from, String to, String expected) {
        assertThat(Edits.replaced(text, from, to)).isEqualTo(expected);
    }

    @Test
    void aShuffledSketchHasTheSameNumbersElsewhere() {
        float[] sketch = new float[300];
        for (int i = 0; i < sketch.length; i++) {
            sketch[i] = i;
        }
        float[] shuffled = ReadingLists.shuffled(sketch, 4);
        assertThat(sketch[299]).isEqualTo(299);
        assertThat(shuffled).isNotEqualTo(sketch).isEqualTo(ReadingLists.shuffled(sketch, 4));
        assertThat(shuffled).isNotEqualTo(ReadingLists.shuffled(sketch, 5));
        Arrays.sort(shuffled);
        assertThat(shuffled).isEqualTo(sketch);
    }
}
