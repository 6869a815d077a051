package assay.discover.search;

import static org.assertj.core.api.Assertions.assertThat;

import assay.discover.atlas.PromptFilter;
import assay.discover.atlas.PromptSampler;
import assay.discover.predict.SketchFit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What holds of proposals whatever a model writes, on a tiny random model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrategiesTest {
    @SuppressWarnings("NullAway.Init")
    private TinySearch tiny;

    @SuppressWarnings("NullAway.Init")
    private SketchFit standing;

    @SuppressWarnings("NullAway.Init")
    private SketchFit.Lack lack;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        tiny = TinySearch.open(folder);
        standing = tiny.standing(tiny.planted());
        lack = standing.lack(1);
    }

    @AfterAll
    void close() {
        tiny.close();
    }

    @Test
    void phrasesOfTheGrammarsDependOnTheSeedAlone() {
        assertDrawn(new Grammars(), 30);
        assertThat(propose(new Grammars(), 30, 1)).hasSize(30).doesNotHaveDuplicates();
    }

    @Test
    void pairsDependOnTheSeedAlone() {
        assertDrawn(new Pairs(), 20);
        assertThat(propose(new Pairs(), 20, 1)).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void aPairSaysWhatBothSay() {
        float[] sketch = {1, 0};
        SketchFit both = new SketchFit(
                sketch,
                Stream.of("You are a robot.", "You are sad.", "Rhyme.")
                        .map(text -> new SketchFit.Atom(text, "test", sketch))
                        .toList());
        assertThat(new Pairs().propose(both, both.lack(0), 100, 1))
                .containsExactlyInAnyOrder(
                        "You are a robot and sad.",
                        "You are sad and a robot.",
                        "You are a robot. Rhyme.",
                        "Rhyme. You are a robot.",
                        "You are sad. Rhyme.",
                        "Rhyme. You are sad.");
    }

    @Test
    void sampledLinesDependOnTheSeedAndBeginAsPromptsDo() {
        Sampler blind = new Sampler(tiny.chat, false);
        assertDrawn(blind, 12);
        assertThat(propose(blind, 12, 1))
                .hasSize(12)
                .allSatisfy(line -> assertThat(PromptSampler.openings()).anyMatch(line::startsWith));
    }

    @Test
    void rewrittenLinesDependOnTheSeedAndBeginAsNearPromptsDo() {
        Sampler rewrites = new Sampler(tiny.chat, true);
        List<String> near = standing.alike(lack, 24).stream()
                .map(atom -> Sampler.opening(atom.text()))
                .toList();
        assertDrawn(rewrites, 12);
        assertThat(propose(rewrites, 12, 1))
                .hasSize(12)
                .allSatisfy(line -> assertThat(near).anyMatch(line::startsWith));
    }

    @Test
    void theFirstWordsOfAPromptAreItsOpening() {
        assertThat(Sampler.opening("You are a sad robot.")).isEqualTo("You are a");
        assertThat(Sampler.opening("Talk about the rain.")).isEqualTo("Talk about");
        assertThat(Sampler.opening("Whisper.")).isEqualTo("Whisper.");
    }

    @Test
    void guidedLinesAreReadableAndTheSameForASeed() {
        Guided guided = new Guided(tiny.chat, tiny.scout());
        SketchFit words = words();
        List<String> lines = guided.propose(words, words.lack(1), 20, 1);
        assertThat(guided.propose(words, words.lack(1), 20, 1)).isEqualTo(lines);
        assertThat(lines)
                .doesNotHaveDuplicates()
                .allSatisfy(line -> assertThat(PromptFilter.readable(line)).contains(line));
    }

    @Test
    void swapsAreTheSameEveryTimeAndGainMoreThanTheirStart() {
        Swaps swaps = new Swaps(tiny.chat, tiny.scout());
        SketchFit words = words();
        List<String> texts = swaps.propose(words, words.lack(1), 60, 1);
        assertThat(swaps.propose(words, words.lack(1), 60, 1)).isEqualTo(texts);
        assertThat(texts)
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allSatisfy(text -> assertThat(text).matches("(We|Go)( (is|in|be|by|an|as|ox|oxen?)){2} \\w+\\."));
        double best = max(texts, words.lack(1));
        assertThat(best)
                .isGreaterThan(
                        max(words.atoms().stream().map(SketchFit.Atom::text).toList(), words.lack(1)));
    }

    @Test
    void theBeginningOfALongerWordIsNotSwapped() {
        List<String> texts = List.of("We isle in Ystad.", "Go bylaw an ox.");
        float[][] sketches =
                tiny.sketcher.sketches(texts.stream().map(tiny::prompt).toList(), _ -> {});
        SketchFit lengthy = new SketchFit(
                tiny.sketcher.sketches(List.of(tiny.planted()), _ -> {})[0],
                List.of(
                        new SketchFit.Atom(texts.get(0), "test", sketches[0]),
                        new SketchFit.Atom(texts.get(1), "test", sketches[1])));
        assertThat(new Swaps(tiny.chat, tiny.scout()).propose(lengthy, lengthy.lack(1), 60, 1))
                .isNotEmpty()
                .allSatisfy(text -> assertThat(text).matches("We isle .*|Go bylaw .*"));
    }

    @Test
    void withoutAWordToSwapNothingIsProposed() {
        SketchFit bare = new SketchFit(
                tiny.sketcher.sketches(List.of(tiny.planted()), _ -> {})[0],
                List.of(new SketchFit.Atom("Xyz.", "test", tiny.atoms.getFirst().sketch())));
        assertThat(new Swaps(tiny.chat, tiny.scout()).propose(bare, bare.lack(0), 60, 1))
                .isEmpty();
    }

    private double max(List<String> texts, SketchFit.Lack what) {
        return java.util.Arrays.stream(tiny.scout().gains(texts, what)).max().orElseThrow();
    }

    /// The planted target beside two prompts of words the model has tokens for.
    private SketchFit words() {
        List<String> texts = List.of("We be in Ystad.", "Go by an Ochre.");
        float[][] sketches =
                tiny.sketcher.sketches(texts.stream().map(tiny::prompt).toList(), _ -> {});
        float[] target = tiny.sketcher.sketches(List.of(tiny.planted()), _ -> {})[0];
        return new SketchFit(
                target,
                List.of(
                        new SketchFit.Atom(texts.get(0), "test", sketches[0]),
                        new SketchFit.Atom(texts.get(1), "test", sketches[1])));
    }

    private void assertDrawn(Strategy strategy, int count) {
        List<String> texts = propose(strategy, count, 1);
        assertThat(texts).isNotEmpty();
        assertThat(propose(strategy, count, 1)).isEqualTo(texts);
        assertThat(propose(strategy, count, 2)).isNotEqualTo(texts);
    }

    private List<String> propose(Strategy strategy, int count, long seed) {
        return strategy.propose(standing, lack, count, seed);
    }
}
