package assay.measure.probe;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListSet;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SketcherTest {
    private final ChatModel chat = TinyModel.open("untied-bf16");
    private final TensorScope scope = TensorScope.withoutGradients();
    private final Runner runner = new Runner(chat);
    private final Probe probe = new Probe("foreign", turns());
    private final List<Context> contexts = probe.contexts(Probe.Split.SEARCH, runner);
    private final Tensor base = runner.hidden(Behaviour.BASE, contexts);
    private final Unembedding unembedding = chat.model().unembedding();
    private final SketchMap map = SketchMap.make(base, unembedding, 3);
    private final HardPrompt sad = HardPrompt.of("Be sad.", chat.tokenizer());
    private final Sketcher sketcher = new Sketcher(runner, probe, map);

    @AfterEach
    void close() {
        sketcher.close();
        scope.close();
        chat.close();
    }

    @Test
    void sketchesAreThoseOfTheMapOnTheSearchSplit() {
        List<Behaviour> behaviours =
                List.of(sad, Behaviour.BASE, new Mixture("half", List.of(new Mixture.Weighted(sad, 0.5))));
        Set<Integer> done = new ConcurrentSkipListSet<>();
        float[][] sketches = sketcher.sketches(behaviours, done::add);
        float[] whole = map.sketch(runner.hidden(sad, contexts).sub(base), contexts);
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

    @Test
    void expectedNumbersAreProbabilitiesSummedOverAllPlaces() {
        Tensor logits = unembedding.logits(runner.hidden(sad, contexts));
        float[] direct = Torch.toFloats(torch.softmax(logits, -1).sum(0));
        double[][] expected = sketcher.expected(List.of(sad, Behaviour.BASE));
        for (int token = 0; token < direct.length; token++) {
            assertThat(expected[0][token]).isCloseTo(direct[token], Offset.offset(1e-3));
        }
        assertThat(expected[1]).isNotEqualTo(expected[0]);
        assertThat(Arrays.stream(expected[1]).sum()).isCloseTo((double) base.size(0), Offset.offset(1e-2));
    }

    @Test
    void aContinuationBeginsWhereItsTokenIsLikeliest() {
        Mixture target = new Mixture("twice", List.of(new Mixture.Weighted(sad, 2)));
        float[][] chances = Torch.toRows(torch.log_softmax(unembedding.logits(runner.hidden(target, contexts)), -1));
        int[] tokens = {3, 41, 100};
        List<int[]> found = sketcher.continued(target, tokens, 3, _ -> false);
        for (int i = 0; i < tokens.length; i++) {
            int place = 0;
            for (int other = 1; other < chances.length; other++) {
                place = chances[other][tokens[i]] > chances[place][tokens[i]] ? other : place;
            }
            assertThat(found.get(i)).containsExactly(written(target, place, tokens[i]));
        }
        int first = found.getFirst()[0];
        assertThat(sketcher.continued(target, tokens, 3, token -> token == first)
                        .getFirst())
                .isEmpty();
        assertThat(sketcher.continued(target, new int[0], 3, _ -> false)).isEmpty();
    }

    /// Three likeliest tokens, each by a pass of its own over all that stands before it.
    private int[] written(Behaviour target, int place, int token) {
        int left = place;
        int row = 0;
        while (left >= contexts.get(row).places()) {
            left -= contexts.get(row++).places();
        }
        Context context = contexts.get(row);
        int[] tail = Arrays.copyOf(context.tail(), context.tail().length - context.places() + left + 2);
        tail[tail.length - 1] = token;
        int[] written = new int[3];
        for (int i = 0; i < 3; i++) {
            Tensor hidden = runner.hidden(target, List.of(new Context(0, tail, 1)));
            written[i] =
                    Math.toIntExact(runner.unembedding().logits(hidden).argmax().item_long());
            tail = Arrays.copyOf(tail, tail.length + 1);
            tail[tail.length - 1] = written[i];
        }
        return written;
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
