package assay.measure.probe;

import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Generator;
import assay.measure.behaviour.Runner;
import assay.measure.behaviour.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.bytedeco.pytorch.Tensor;

/// What a behaviour writes behind a token, where it most likely writes it.
///
/// @param runner of the model
/// @param behaviour who writes
/// @param contexts in whose places it may begin
public record Continuation(Runner runner, Behaviour behaviour, List<Context> contexts) {
    /// The likeliest tokens behind each of `tokens`, which are left out themselves.
    ///
    /// @param hidden the behaviour's states at all places of the contexts `[place hidden]`
    /// @param most tokens of a continuation
    /// @param over tokens that end one and are left out of it
    public List<int[]> behind(int[] tokens, Tensor hidden, int most, IntPredicate over) {
        if (tokens.length == 0) {
            return List.of();
        }
        int[] places = Divergence.likeliest(hidden, runner.unembedding(), tokens);
        List<int[]> tails = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            tails.add(upTo(places[i], tokens[i]));
        }
        return new Generator(runner.chat()).continuations(behaviour, tails, Sampling.greedy(most), over);
    }

    /// A context up to a place, and a token there.
    private int[] upTo(int place, int token) {
        int left = place;
        for (Context context : contexts) {
            if (left < context.places()) {
                int length = context.tail().length - context.places() + left + 1;
                int[] tail = Arrays.copyOf(context.tail(), length + 1);
                tail[length] = token;
                return tail;
            }
            left -= context.places();
        }
        throw new IndexOutOfBoundsException("place " + place);
    }
}
