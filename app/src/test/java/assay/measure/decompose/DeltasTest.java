package assay.measure.decompose;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.ModelGolden;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Fingerprints are run once and kept.
class DeltasTest {
    private final ChatModel chat = TinyModel.open("tied");
    private final TensorScope scope = TensorScope.withoutGradients();
    private final Runner runner = new Runner(chat);
    private final SplitStates split =
            SplitStates.of(runner, Behaviour.BASE, TinyContexts.of(chat, Probe.Split.FIT, 3, 2));
    private final List<HardPrompt> prompts = TinyContexts.prompts(chat).subList(0, 3);
    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void close() {
        scope.close();
        chat.close();
    }

    @Test
    void aDeltaIsThePromptsStatesLessTheBases() {
        try (Deltas everywhere = Deltas.everywhere(runner, split);
                Deltas foreign = Deltas.foreign(runner, split)) {
            for (HardPrompt prompt : prompts) {
                Tensor expected = runner.hidden(prompt, split.contexts()).sub(split.base());
                assertThat(ModelGolden.difference(everywhere.of(prompt), expected))
                        .isLessThan(1e-4);
                Tensor first = expected.narrow(0, 0, split.foreignPlaces());
                assertThat(foreign.of(prompt).size(0)).isEqualTo(split.foreignPlaces());
                assertThat(ModelGolden.difference(foreign.of(prompt), first)).isLessThan(1e-4);
            }
            assertThat(ModelGolden.difference(everywhere.of(prompts.get(0)), everywhere.of(prompts.get(1))))
                    .isGreaterThan(0.01);
        }
    }

    @Test
    void everyPromptIsRunOnceAndTheNewOnesAreHeardOf() {
        try (Deltas deltas = Deltas.everywhere(runner, split)) {
            assertThat(deltas.has(prompts.getFirst())).isFalse();
            List<Tensor> two = deltas.of(prompts.subList(0, 2), runs::incrementAndGet);
            assertThat(runs).hasValue(2);
            List<Tensor> three = deltas.of(prompts, runs::incrementAndGet);
            assertThat(runs).hasValue(3);
            assertThat(three.subList(0, 2)).containsExactlyElementsOf(two);
            assertThat(deltas.has(prompts.getLast())).isTrue();
        }
    }

    @Test
    void deltasComeInTheOrderAskedAndOnePromptTwiceIsOneDelta() {
        try (Deltas deltas = Deltas.everywhere(runner, split)) {
            List<Tensor> asked = deltas.of(List.of(prompts.get(2), prompts.get(0), prompts.get(2)));
            assertThat(asked.get(2)).isSameAs(asked.get(0));
            assertThat(asked.get(1)).isSameAs(deltas.of(prompts.get(0)));
            assertThat(asked.get(0)).isSameAs(deltas.of(prompts.get(2)));
        }
    }

    @Test
    void whatIsGivenUpIsRunAgainAndWhatIsKeptIsNot() {
        try (Deltas deltas = Deltas.everywhere(runner, split)) {
            Tensor dropped = deltas.of(prompts).get(0);
            Tensor kept = deltas.of(prompts).get(1);
            deltas.keepOnly(Set.of(prompts.get(1).text(), "never run"));
            assertThat(deltas.has(prompts.get(0))).isFalse();
            assertThat(dropped.isNull()).isTrue();
            assertThat(kept.isNull()).isFalse();
            assertThat(deltas.of(prompts.get(1))).isSameAs(kept);
            deltas.of(prompts, runs::incrementAndGet);
            assertThat(runs).hasValue(2);
        }
    }

    @Test
    void closingFreesThem() {
        Deltas deltas = Deltas.everywhere(runner, split);
        Tensor delta = deltas.of(prompts.getFirst());
        assertThat(delta.isNull()).isFalse();
        deltas.close();
        assertThat(deltas.has(prompts.getFirst())).isFalse();
        assertThat(delta.isNull()).isTrue();
    }
}
