package assay.probe;

import static org.assertj.core.api.Assertions.assertThat;

import assay.behaviour.Behaviour;
import assay.behaviour.Context;
import assay.behaviour.HardPrompt;
import assay.behaviour.Mixture;
import assay.behaviour.Runner;
import assay.model.ChatModel;
import assay.model.TinyModel;
import assay.tensor.TensorScope;
import assay.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListSet;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class SketcherTest {
    @Test
    void sketchesAreThoseOfTheMapOnTheSearchSplit() {
        try (ChatModel chat = TinyModel.open("untied-bf16");
                TensorScope _ = TensorScope.withoutGradients()) {
            Runner runner = new Runner(chat);
            Probe probe = new Probe("foreign", turns());
            List<Context> contexts = probe.contexts(Probe.Split.SEARCH, runner);
            Tensor base = runner.hidden(Behaviour.BASE, contexts);
            SketchMap map = SketchMap.make(base, chat.model().unembedding(), 3);
            HardPrompt prompt = HardPrompt.of("Be sad.", chat.tokenizer());
            List<Behaviour> behaviours =
                    List.of(prompt, Behaviour.BASE, new Mixture("half", List.of(new Mixture.Weighted(prompt, 0.5))));
            Set<Integer> done = new ConcurrentSkipListSet<>();
            try (Sketcher sketcher = new Sketcher(runner, probe, map)) {
                float[][] sketches = sketcher.sketches(behaviours, done::add);
                float[] whole = map.sketch(runner.hidden(prompt, contexts).sub(base), contexts);
                float[] half = new float[SketchMap.SIZE];
                for (int i = 0; i < half.length; i++) {
                    half[i] = whole[i] / 2;
                }
                assertThat(sketches[0]).containsExactly(whole, Offset.offset(1e-4f));
                assertThat(sketches[1]).containsExactly(new float[SketchMap.SIZE], Offset.offset(1e-4f));
                assertThat(sketches[2]).containsExactly(half, Offset.offset(1e-4f));
                assertThat(largest(whole)).isGreaterThan(0.05);
                assertThat(done).containsExactly(0, 1, 2);
            }
        }
    }

    @Test
    void expectedNumbersAreProbabilitiesSummedOverAllPlaces() {
        try (ChatModel chat = TinyModel.open("untied-bf16");
                TensorScope _ = TensorScope.withoutGradients()) {
            Runner runner = new Runner(chat);
            Probe probe = new Probe("foreign", turns());
            List<Context> contexts = probe.contexts(Probe.Split.SEARCH, runner);
            Tensor base = runner.hidden(Behaviour.BASE, contexts);
            HardPrompt prompt = HardPrompt.of("Be sad.", chat.tokenizer());
            Tensor logits =
                    torch.linear(runner.hidden(prompt, contexts), chat.model().unembedding());
            float[] direct = Torch.toFloats(torch.softmax(logits, -1).sum(0));
            SketchMap map = SketchMap.make(base, chat.model().unembedding(), 3);
            try (Sketcher sketcher = new Sketcher(runner, probe, map)) {
                double[][] expected = sketcher.expected(List.of(prompt, Behaviour.BASE));
                for (int token = 0; token < direct.length; token++) {
                    assertThat(expected[0][token]).isCloseTo(direct[token], Offset.offset(1e-3));
                }
                assertThat(expected[1]).isNotEqualTo(expected[0]);
                assertThat(Arrays.stream(expected[1]).sum()).isCloseTo((double) base.size(0), Offset.offset(1e-2));
            }
        }
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static List<Probe.Turn> turns() {
        SplittableRandom random = new SplittableRandom(8);
        List<Probe.Turn> turns = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Probe.Split split = i % 3 == 0 ? Probe.Split.FIT : Probe.Split.SEARCH;
            turns.add(new Probe.Turn(
                    "Turn number " + i + "?", split, "", random.ints(5, 40, 200).toArray()));
        }
        return turns;
    }
}
