package assay.measure.judge;

import static assay.measure.judge.TinyTarget.OTHERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.Bootstrap;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.probe.LongTalk;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Planted targets of a tiny random model in longer talk.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AtLengthTest {
    private static final List<List<String>> TALK = List.of(List.of("A?", "And B?"), List.of("D?", "E?"), List.of("F?"));

    @SuppressWarnings("NullAway.Init")
    private TinyTarget tiny;

    @BeforeAll
    void open() {
        tiny = TinyTarget.open();
    }

    @AfterAll
    void close() {
        tiny.close();
    }

    @Test
    void theTruthClosesEverythingEverywhereAndTheBaseNothing() {
        for (AtLength.Bucket bucket : side(tiny.planted(0.7, 0.5)).buckets()) {
            assertThat(bucket.closed().value()).isCloseTo(1, within(1e-3));
            assertThat(bucket.klBase()).isPositive();
        }
        for (AtLength.Bucket bucket : side(Behaviour.BASE).buckets()) {
            assertThat(bucket.closed().value()).isCloseTo(0, within(1e-9));
        }
    }

    @Test
    void positionsAndTurnsEachHoldAllPlaces() {
        AtLength.Side side = side(new Mixture(
                "other", List.of(new Mixture.Weighted(tiny.prompts(OTHERS).getFirst(), 0.3))));
        int all = side.buckets().getFirst().tokens();
        for (String by : List.of("position", "turn")) {
            List<AtLength.Bucket> parts = side.buckets().stream()
                    .filter(bucket -> bucket.by().equals(by))
                    .toList();
            assertThat(parts.stream().mapToInt(AtLength.Bucket::tokens).sum()).isEqualTo(all);
            double nats = parts.stream()
                    .mapToDouble(bucket -> bucket.klBase() * bucket.tokens())
                    .sum();
            assertThat(nats / all).isCloseTo(side.buckets().getFirst().klBase(), within(1e-9));
        }
        assertThat(side.buckets())
                .extracting(AtLength.Bucket::part)
                .containsSubsequence("all", "1–16", "17–32", "1", "2");
    }

    private AtLength.Side side(Behaviour list) {
        Behaviour target = tiny.planted(0.7, 0.5);
        LongTalk talk = LongTalk.of(tiny.chat(), target, TALK, 24, 3);
        return AtLength.side("own", new Runner(tiny.chat()), target, Behaviour.BASE, list, talk, Bootstrap.defaults(0));
    }
}
