package assay.lab.predicates;

import static org.assertj.core.api.Assertions.assertThat;

import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Context;
import assay.measure.decompose.SplitContexts;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Contexts where a predicate shows.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpecialContextsTest {
    private static final PredicateOptions.Special SIZES = new PredicateOptions.Special(1, 3, 2, 2, 4, 6);
    private static final List<String> WRITERS = List.of("Say no.", "Whisper.");

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

    private SpecialContexts contexts(List<String> writers, long seed) {
        return new SpecialContexts(chat, TinyPredicate.RAIN, SIZES, writers, seed);
    }

    /// Tails of all splits, in the order in which they were written.
    private static List<List<Integer>> tails(SpecialContexts contexts, boolean foreign) {
        List<List<Integer>> tails = new ArrayList<>();
        for (Probe.Split split : Probe.Split.values()) {
            SplitContexts of = contexts.of(split);
            for (Context context : foreign ? of.foreign() : of.own()) {
                tails.add(Arrays.stream(context.tail()).boxed().toList());
            }
        }
        return tails;
    }

    @Test
    void everySplitHasItsOwnTurnsBehindEveryStart() {
        SpecialContexts contexts = contexts(WRITERS, 1);
        List<Integer> turns = new ArrayList<>();
        for (Probe.Split split : Probe.Split.values()) {
            SplitContexts of = contexts.of(split);
            assertThat(of.foreign()).hasSameSizeAs(of.own());
            assertThat(of.foreign())
                    .extracting(Context::turn)
                    .isEqualTo(of.own().stream().map(Context::turn).toList());
            of.foreign().forEach(context -> turns.add(context.turn()));
        }
        assertThat(turns).containsExactly(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5).hasSize(12);
        assertThat(contexts.of(Probe.Split.FIT).foreign()).hasSize(6);
    }

    @Test
    void aContextReadsTheTurnTheStartAndAllOfTheAnswerButItsLastToken() {
        SpecialContexts contexts = contexts(WRITERS, 1);
        int[] user = chat.tokenizer().encode("Well?");
        int[] start = chat.tokenizer().encode("It is");
        int[] expected = chat.slot().tail(user, start);
        Context context = contexts.of(Probe.Split.FIT).foreign().getFirst();
        assertThat(Arrays.copyOf(context.tail(), expected.length)).isEqualTo(expected);
        assertThat(context.tail()).hasSize(expected.length + context.places() - 1);
        assertThat(context.places()).isBetween(1, SIZES.tokens());
    }

    @Test
    void answeredContextsComparePlacesOfTheAnswerOnly() {
        int[] user = {5, 6};
        int[] start = {7};
        Context context = SpecialContexts.answered(chat, 3, user, start, new int[] {8, 9, 10});
        assertThat(context.turn()).isEqualTo(3);
        assertThat(context.places()).isEqualTo(3);
        assertThat(context.tail()).isEqualTo(chat.slot().tail(user, new int[] {7, 8, 9}));
        Context single = SpecialContexts.answered(chat, 3, user, start, new int[] {8});
        assertThat(single.tail()).isEqualTo(chat.slot().tail(user, start));
    }

    @Test
    void writersTakeTurns() {
        List<List<Integer>> one = tails(contexts(WRITERS, 1), true);
        List<List<Integer>> other = tails(contexts(List.of("Say no.", "Use very long words."), 1), true);
        int changed = 0;
        for (int i = 0; i < one.size(); i++) {
            if (i % 4 == 3) {
                changed += one.get(i).equals(other.get(i)) ? 0 : 1;
            } else {
                assertThat(other.get(i)).isEqualTo(one.get(i));
            }
        }
        assertThat(changed).isPositive();
    }

    @Test
    void ownAnswersDoNotDependOnForeignWritersAndASeedWritesOneSetOfAnswers() {
        SpecialContexts once = contexts(WRITERS, 1);
        assertThat(tails(contexts(List.of(), 1), false)).isEqualTo(tails(once, false));
        assertThat(tails(contexts(WRITERS, 1), true)).isEqualTo(tails(once, true));
        assertThat(tails(contexts(WRITERS, 2), true)).isNotEqualTo(tails(once, true));
        assertThat(tails(once, false)).isNotEqualTo(tails(once, true));
    }
}
