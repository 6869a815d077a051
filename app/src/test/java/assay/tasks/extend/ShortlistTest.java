package assay.tasks.extend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Who stays on the list.
class ShortlistTest {
    @Test
    void theMostNovelStayInOrder() {
        Shortlist list = new Shortlist(2, List.of());
        list.offer(kept("low", 1, 1, 0, 0));
        list.offer(kept("high", 3, 0, 1, 0));
        list.offer(kept("middle", 2, 0, 0, 1));
        assertThat(list.kept()).extracting(Shortlist.Kept::text).containsExactly("high", "middle");
    }

    @Test
    void ofTwoThatAreNearlyTheSameTheMoreNovelStays() {
        Shortlist list = new Shortlist(9, List.of());
        list.offer(kept("first", 1, 10, 1, 0));
        assertThat(list.offer(kept("copy", 0.5, 10, 1.1f, 0))).isFalse();
        assertThat(list.offer(kept("better copy", 2, 10, 0.9f, 0))).isTrue();
        assertThat(list.offer(kept("opposite", 1, -10, -1, 0))).isTrue();
        assertThat(list.kept()).extracting(Shortlist.Kept::text).containsExactly("better copy", "opposite");
    }

    @Test
    void whatIsNoNumberIsNotTakenIn() {
        Shortlist list = new Shortlist(1, List.of());
        assertThat(list.offer(kept("nonsense", Double.NaN, 1, 0, 0))).isFalse();
        list.offer(kept("good", 1, 1, 0, 0));
        assertThat(list.offer(kept("nonsense", Double.NaN, 0, 1, 0))).isFalse();
        assertThat(list.offer(kept("no better", 1, 0, 1, 0))).isFalse();
    }

    private static Shortlist.Kept kept(String text, double novelty, float... sketch) {
        return Shortlist.Kept.of(new Candidate(text, "file", new int[] {1}), novelty, sketch);
    }
}
