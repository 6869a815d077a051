package assay.measure.judge;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Divergence;
import assay.measure.probe.LongTalk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.bytedeco.pytorch.Tensor;

/// What a list closes in longer talk than it was fitted on: by position in the answer and by turn of
/// the conversation.
///
/// @param sides answers the base wrote (`foreign`), and answers the target wrote (`own`)
public record AtLength(List<Side> sides) {
    /// Last positions of the groups of positions, counted from 1.
    private static final int[] ENDS = {16, 32, 64, 128};

    private static final List<String> POSITIONS = List.of("1–16", "17–32", "33–64", "65–128");

    /// Keeps its own copy.
    public AtLength {
        sides = List.copyOf(sides);
    }

    /// One kind of contexts.
    public record Side(String contexts, List<Bucket> buckets) {}

    /// Some places.
    ///
    /// @param by `all`, `position` or `turn`
    /// @param part which of them
    /// @param tokens how many places
    /// @param klBase KL(target ‖ base) there, nats per token
    /// @param closed by the list there, with an interval over conversations
    public record Bucket(String by, String part, int tokens, double klBase, Interval closed) {}

    /// Measures a list on one side.
    ///
    /// @param base what the target is compared with
    /// @param list the mixture over that base
    public static Side side(
            String name,
            Runner runner,
            Behaviour target,
            Behaviour base,
            Behaviour list,
            LongTalk talk,
            Bootstrap over) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Context> contexts = talk.contexts();
            Tensor states = runner.hidden(target, contexts);
            List<Tensor> models = List.of(runner.hidden(base, contexts), runner.hidden(list, contexts));
            List<double[]> left = Divergence.kl(states, models, runner.unembedding());
            return new Side(name, new Places(talk, left.getFirst(), left.getLast(), over).buckets());
        }
    }

    /// Every place of a talk.
    private record Places(LongTalk talk, double[] base, double[] list, Bootstrap over) {
        List<Bucket> buckets() {
            List<Bucket> buckets = new ArrayList<>(List.of(bucket("all", "all", _ -> true, _ -> true)));
            for (int i = 0; i < ENDS.length; i++) {
                int least = i == 0 ? 1 : ENDS[i - 1] + 1;
                int most = ENDS[i];
                buckets.add(bucket(
                        "position", POSITIONS.get(i), _ -> true, position -> position >= least && position <= most));
            }
            talk.turns().stream()
                    .distinct()
                    .sorted()
                    .forEach(turn -> buckets.add(bucket(
                            "turn",
                            String.valueOf(turn),
                            context -> talk.turns().get(context).equals(turn),
                            _ -> true)));
            return buckets.stream().filter(bucket -> bucket.tokens() > 0).toList();
        }

        private Bucket bucket(String by, String part, IntPredicate context, IntPredicate position) {
            List<Context> contexts = talk.contexts();
            int conversations =
                    1 + contexts.stream().mapToInt(Context::turn).max().orElse(0);
            double[] whole = new double[conversations];
            double[] left = new double[conversations];
            int tokens = 0;
            int place = 0;
            for (int i = 0; i < contexts.size(); i++) {
                for (int at = 1; at <= contexts.get(i).places(); at++, place++) {
                    if (context.test(i) && position.test(at)) {
                        whole[contexts.get(i).turn()] += base[place];
                        left[contexts.get(i).turn()] += list[place];
                        tokens++;
                    }
                }
            }
            Interval closed = over.closed(left, whole);
            return new Bucket(by, part, tokens, Arrays.stream(whole).sum() / tokens, closed);
        }
    }
}
