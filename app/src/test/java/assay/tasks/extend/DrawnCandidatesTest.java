package assay.tasks.extend;

import static org.assertj.core.api.Assertions.assertThat;

import assay.discover.atlas.Grammar;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Prompts drawn without end, on a tiny random model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DrawnCandidatesTest {
    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    private int asked;

    @BeforeAll
    void open() {
        chat = TinyModel.open("tied");
    }

    @AfterAll
    void close() {
        chat.close();
    }

    @Test
    void asManyAsWantedAreDifferentAndNew() {
        List<String> known =
                Grammar.draw(400, 7_919).stream().map(Grammar.Phrase::text).toList();
        try (DrawnCandidates candidates = drawn(400, known)) {
            List<Candidate> all = candidates.next(10_000);
            assertThat(texts(all)).hasSize(400).doesNotHaveDuplicates().doesNotContainAnyElementsOf(known);
            assertThat(all.stream().filter(one -> one.source().equals("sampled")))
                    .hasSizeBetween(8, 24);
            assertThat(all).allMatch(one -> one.source().matches("sampled|grammar:.+"));
            assertThat(candidates.done()).isEqualTo(candidates.total());
            assertThat(candidates.next(5)).isEmpty();
            assertThat(candidates.isDry()).isFalse();
        }
    }

    @Test
    void aResumedStreamGivesTheSameAsAnUnbrokenOneAndWritesNothingAgain() {
        List<String> known = List.of("Be kind.", "Be brief.");
        try (DrawnCandidates whole = drawn(600, known);
                DrawnCandidates first = drawn(600, known);
                DrawnCandidates second = drawn(600, known)) {
            asked = 0;
            List<String> all = texts(whole.next(600));
            int writings = asked;
            List<String> parts = new ArrayList<>(texts(first.next(311)));
            second.resume(first.position());
            parts.addAll(texts(second.next(600)));
            assertThat(parts).isEqualTo(all);
            assertThat(asked).isEqualTo(2 * writings).isPositive();
            assertThat(second.position().items()).isEqualTo(whole.position().items());
            assertThat(second.position().written()).isEqualTo(whole.position().written());
            assertThat(second.position().tally().summary())
                    .isEqualTo(whole.position().tally().summary());
        }
    }

    @Test
    void itEndsWhenTheGrammarsBringNothingNew() {
        try (DrawnCandidates candidates = drawn(30_000_000, List.of("Be kind."));
                DrawnCandidates resumed = drawn(30_000_000, List.of("Be kind."))) {
            candidates.resume(new Position(7, -1, new long[0], oneUsable()));
            assertThat(candidates.next(9)).isEmpty();
            assertThat(candidates.isDry()).isTrue();
            resumed.resume(candidates.position());
            assertThat(resumed.next(9)).isEmpty();
        }
    }

    @Test
    void unreadableLinesOfTheModelAreCounted() {
        try (DrawnCandidates candidates = new DrawnCandidates(
                50, 0, List.of("Be kind."), chat.tokenizer(), (_, _, _) -> List.of("$$"), () -> {})) {
            assertThat(candidates.next(50)).hasSize(50);
            assertThat(candidates.position().tally().dropped(Dropped.UNREADABLE))
                    .isPositive();
        }
    }

    private static Tally oneUsable() {
        Tally tally = new Tally();
        tally.countUsable();
        return tally;
    }

    private DrawnCandidates drawn(long count, List<String> known) {
        return new DrawnCandidates(count, 0, known, chat.tokenizer(), this::written, () -> {});
    }

    /// Every second line is one that came before.
    private List<String> written(List<String> examples, int count, long seed) {
        asked++;
        return IntStream.range(0, count)
                .mapToObj(i -> "Write a poem about " + (i % 2 == 0 ? "the sea" : "number " + seed % 1_000 + i) + ".")
                .toList();
    }

    private static List<String> texts(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::text).toList();
    }
}
