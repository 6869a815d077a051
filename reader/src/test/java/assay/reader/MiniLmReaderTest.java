package assay.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.lab.matching.BlindMatching;
import assay.lab.matching.MatchCase;
import assay.lab.matching.Phrase;
import assay.lab.matching.Proportion;
import assay.lab.matching.Reader;
import assay.lab.matching.Readers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MiniLmReaderTest {
    private static final List<MatchCase> CASES = cases();
    private static final Reader READER = Readers.all(corpus()).get(1);

    @Test
    void theToolFindsItThroughTheServiceLoader() {
        assertThat(READER.name()).isEqualTo("minilm");
    }

    @Test
    void aTextIsLikeItselfAndAnEmptyOneLikeNothing() {
        double[][] alike = READER.similarities(
                List.of("You are a pirate.", " "), List.of("You are a pirate.", "Reply in German.", ""));
        assertThat(alike[0][0]).isCloseTo(1, within(1e-6));
        assertThat(alike[0][1]).isLessThan(0.3);
        assertThat(alike[0][2]).isZero();
        assertThat(alike[1]).containsExactly(0, 0, 0);
    }

    @Test
    void aParaphraseIsMuchMoreAlikeThanAStranger() {
        double[] alike = READER.similarities(
                        List.of("You are a sad robot."), List.of("A depressed machine.", "Use bullet points."))[0];
        assertThat(alike[0]).isGreaterThan(alike[1] + 0.3);
    }

    /// Measured when this was written: see docs/decisions/0016-readers.md.
    @Test
    void handWrittenParaphrasesAreMatched() {
        BlindMatching matching = BlindMatching.of(READER, CASES);
        assertThat(matching.right().hits()).isGreaterThanOrEqualTo(34);
        assertThat(BlindMatching.of(READER, MatchCase.deranged(CASES, 1)).pValue())
                .isGreaterThanOrEqualTo(Proportion.LEVEL);
    }

    private static List<String> corpus() {
        List<String> corpus = new ArrayList<>();
        for (MatchCase one : CASES) {
            corpus.add(one.description());
            one.phrases().forEach(phrase -> corpus.add(phrase.text()));
        }
        return corpus;
    }

    /// The made-up cases of the tool's own tests.
    private static List<MatchCase> cases() {
        List<MatchCase> cases = new ArrayList<>();
        for (String block : read().split("\n\\s*\n", -1)) {
            List<String> lines =
                    block.lines().filter(line -> !line.startsWith("#")).toList();
            if (!lines.isEmpty()) {
                String[] title = lines.getFirst().substring(2).split(": ", 2);
                cases.add(new MatchCase(
                        title[0],
                        title[1],
                        lines.stream().skip(1).map(MiniLmReaderTest::phrase).toList()));
            }
        }
        return cases;
    }

    private static Phrase phrase(String line) {
        String[] parts = line.split(" ", 2);
        return new Phrase(parts[1], Double.parseDouble(parts[0]));
    }

    private static String read() {
        Path file = Path.of("../app/src/test/resources/reading/cases.txt");
        try {
            return Files.readString(file);
        } catch (IOException missing) {
            throw new java.io.UncheckedIOException(file + ": expected the tool's made-up cases", missing);
        }
    }
}
