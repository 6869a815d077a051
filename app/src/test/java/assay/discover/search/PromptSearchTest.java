package assay.discover.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.predict.SketchFit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Laws of the search, on a tiny random model.
class PromptSearchTest {
    private static final PromptSearch.Options SMALL = new PromptSearch.Options(7, 3, 25, 600, 1, 0);

    @SuppressWarnings("NullAway.Init")
    private TinySearch tiny;

    @SuppressWarnings("NullAway.Init")
    private SketchFit start;

    private final Heard heard = new Heard(new AtomicInteger(), new ArrayList<>(), new ArrayList<>());

    /// @param runs prompts run
    /// @param rounds prompts found in each round
    /// @param standings atoms known after each round
    private record Heard(AtomicInteger runs, List<Integer> rounds, List<Integer> standings)
            implements PromptSearch.Listener {
        @Override
        public void round(List<PromptSearch.Found> found, SketchFit standing, int screened) {
            assertThat(screened).isGreaterThanOrEqualTo(found.size());
            rounds.add(found.size());
            standings.add(standing.atoms().size());
        }

        @Override
        public void ran() {
            runs.incrementAndGet();
        }
    }

    /// Proposes the same every time.
    private record Same(List<String> texts) implements Strategy {
        @Override
        public List<String> propose(SketchFit standing, SketchFit.Lack lack, int count, long seed) {
            return texts;
        }
    }

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        tiny = TinySearch.open(folder);
        start = tiny.standing(tiny.prompt("You are a sad cook and talk of rain."));
    }

    @AfterEach
    void close() {
        tiny.close();
    }

    @Test
    void asManyPromptsAreRunAsWereAskedForAndEachIsRunOnce() {
        List<PromptSearch.Found> found = search(new Grammars(), _ -> false, SMALL);
        assertThat(found).hasSize(7);
        assertThat(heard.runs()).hasValue(7);
        assertThat(heard.rounds().stream().mapToInt(count -> count))
                .hasSizeGreaterThan(2)
                .allMatch(n -> n <= 3);
        assertThat(heard.standings()).last().isEqualTo(47);
        assertThat(texts(found)).doesNotHaveDuplicates();
        List<String> known = start.atoms().stream().map(SketchFit.Atom::text).toList();
        assertThat(Collections.disjoint(known, texts(found))).isTrue();
    }

    @Test
    void whatIsFoundCarriesItsExactSketchAndGain() {
        PromptSearch.Options oneRound = new PromptSearch.Options(2, 2, 25, 600, 1, 0);
        for (PromptSearch.Found found : search(new Grammars(), _ -> false, oneRound)) {
            float[] sketch =
                    tiny.sketcher.sketches(List.of(tiny.prompt(found.atom().text())), _ -> {})[0];
            assertThat(found.atom().sketch()).containsExactly(sketch, Offset.offset(1e-5f));
            assertThat(found.atom().source()).isEqualTo("search:grammar");
            assertThat(found.gain()).isBetween(0.0, 1.0);
            assertThat(found.predicted()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void everyTextFoundSurvivesTheTokenizer() {
        for (PromptSearch.Found found : search(new Grammars(), _ -> false, SMALL)) {
            String text = found.atom().text();
            assertThat(tiny.chat.tokenizer().decode(tiny.chat.tokenizer().encode(text)))
                    .isEqualTo(text);
        }
    }

    @Test
    void forbiddenPromptsAreNeverRun() {
        Predicate<String> forbidden = text -> text.contains("e");
        Strategy strategy =
                new Same(List.of("You are a cook.", "Talk about the rain.", "Sing a song.", "Mumble a lot."));
        assertThat(texts(search(strategy, forbidden, SMALL))).containsExactly("Sing a song.");
        assertThat(heard.runs()).hasValue(1);
    }

    @Test
    void whatIsNoPromptOrKnownOrANearCopyIsNotRun() {
        String known = start.atoms().getFirst().text();
        Strategy strategy =
                new Same(List.of(known, "http://a.b", "You are a wise old owl.", "You are the wise old owl."));
        assertThat(texts(search(strategy, _ -> false, SMALL)))
                .hasSize(1)
                .first()
                .asString()
                .endsWith("wise old owl.");
    }

    @Test
    void promptsThatReadUnnaturallyAreNotRun() {
        PromptSearch search = new PromptSearch(tiny.chat, tiny.scout(), tiny.sketcher, rows -> rows, 1, heard);
        assertThat(search.run(start, Map.of("grammar", new Grammars()), _ -> false, SMALL))
                .isEmpty();
    }

    @Test
    void noRoundBeginsOnceTimeIsOver() {
        assertThat(search(new Grammars(), _ -> false, new PromptSearch.Options(7, 3, 25, 0, 1, 0)))
                .isEmpty();
        assertThat(heard.runs()).hasValue(0);
    }

    @Test
    void whatWasRunIsPredictedBetterAfterwards() {
        Strategy strategy = new Same(List.of("Sing a song of the sea."));
        double before = off("Sing a song of the sea.");
        List<PromptSearch.Found> found = search(strategy, _ -> false, SMALL);
        assertThat(texts(found)).containsExactly("Sing a song of the sea.");
        double after = off("Sing a song of the sea.");
        assertThat(after).isLessThan(0.7 * before);
        assertThat(tiny.scout()
                        .sight(List.of("Sing a song of the sea."), start.lack(0))
                        .getFirst()
                        .gain())
                .isNotCloseTo(found.getFirst().predicted(), within(1e-9));
    }

    @Test
    void theSameSeedFindsTheSame(@TempDir Path second) throws IOException {
        List<String> once = texts(search(new Grammars(), _ -> false, SMALL));
        close();
        open(second);
        assertThat(texts(search(new Grammars(), _ -> false, SMALL))).isEqualTo(once);
    }

    /// Squared distance between a prompt's sketch and its prediction.
    private double off(String text) {
        float[] exact = tiny.sketcher.sketches(List.of(tiny.prompt(text)), _ -> {})[0];
        float[][] reading = tiny.reader.read(List.of(tiny.prompt(text).tokens()));
        double sum = 0;
        try (TensorScope _ = TensorScope.withoutGradients()) {
            float[] guess = Torch.toFloats(tiny.predictor.guess(reading).sketches());
            for (int i = 0; i < exact.length; i++) {
                sum += (exact[i] - guess[i]) * (double) (exact[i] - guess[i]);
            }
        }
        return sum;
    }

    private List<PromptSearch.Found> search(
            Strategy strategy, Predicate<String> forbidden, PromptSearch.Options options) {
        return new PromptSearch(tiny.chat, tiny.scout(), tiny.sketcher, rows -> rows, 1e9, heard)
                .run(start, Map.of("grammar", strategy), forbidden, options);
    }

    private static List<String> texts(List<PromptSearch.Found> found) {
        return found.stream().map(one -> one.atom().text()).toList();
    }
}
