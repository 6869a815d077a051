package assay.candidates;

import static org.assertj.core.api.Assertions.assertThat;

import assay.discover.Grammar;
import assay.model.ChatModel;
import assay.model.TinyModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Prompts drawn without end, on a tiny random model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DrawnCandidatesTest {
    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

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
            List<String> texts = texts(candidates.next(10_000));
            assertThat(texts).hasSize(400).doesNotHaveDuplicates().doesNotContainAnyElementsOf(known);
            assertThat(candidates.done()).isEqualTo(candidates.total());
            assertThat(candidates.next(5)).isEmpty();
            assertThat(candidates.isDry()).isFalse();
        }
    }

    @Test
    void aResumedStreamGivesTheSameAsAnUnbrokenOne() {
        List<String> known = List.of("Be kind.", "Be brief.");
        try (DrawnCandidates whole = drawn(150, known);
                DrawnCandidates first = drawn(150, known);
                DrawnCandidates second = drawn(150, known)) {
            List<String> all = texts(whole.next(150));
            List<String> parts = new ArrayList<>(texts(first.next(61)));
            second.resume(first.position());
            parts.addAll(texts(second.next(150)));
            assertThat(parts).isEqualTo(all);
            assertThat(second.position().items()).isEqualTo(whole.position().items());
        }
    }

    @Test
    void itEndsWhenTheGrammarsBringNothingNew() {
        List<String> known =
                Grammar.draw(60, 7_919).stream().map(Grammar.Phrase::text).toList();
        try (DrawnCandidates candidates = drawn(1, List.of("Be kind."))) {
            assertThat(candidates.next(9)).hasSize(1);
        }
        try (DrawnCandidates candidates = drawn(60, known)) {
            assertThat(candidates.next(100)).hasSizeLessThanOrEqualTo(60);
        }
    }

    private DrawnCandidates drawn(long count, List<String> known) {
        return new DrawnCandidates(count, 0, known, chat, () -> {});
    }

    private static List<String> texts(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::text).toList();
    }
}
