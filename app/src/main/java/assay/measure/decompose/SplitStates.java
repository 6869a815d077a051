package assay.measure.decompose;

import assay.base.sparse.Permutation;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Divergence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.Tensor;

/// One split of the probe: its foreign contexts, then its own ones, with the hidden states of base and
/// target on them.
///
/// @param foreign contexts whose answers the base or other prompts wrote
/// @param own contexts whose answers the target wrote
/// @param plain h₀ `[place hidden]`, from which what a prompt does is measured
/// @param base what the target is compared with `[place hidden]`: h₀, or another behaviour's states
/// @param target h_t `[place hidden]`
public record SplitStates(List<Context> foreign, List<Context> own, Tensor plain, Tensor base, Tensor target) {
    /// Compares with the model's base.
    public SplitStates(List<Context> foreign, List<Context> own, Tensor base, Tensor target) {
        this(foreign, own, base, base, target);
    }

    /// Runs base and target on the contexts; the tensors belong to the caller's scope.
    public static SplitStates of(Runner runner, Behaviour target, SplitContexts contexts) {
        return of(runner, target, Behaviour.BASE, contexts);
    }

    /// The same with another behaviour in the base's place.
    ///
    /// @param ground what the target is compared with
    static SplitStates of(Runner runner, Behaviour target, Behaviour ground, SplitContexts contexts) {
        List<Context> all = new ArrayList<>(contexts.foreign());
        all.addAll(contexts.own());
        Tensor plain = runner.hidden(Behaviour.BASE, all);
        Tensor base = ground.equals(Behaviour.BASE) ? plain : runner.hidden(ground, all);
        return new SplitStates(contexts.foreign(), contexts.own(), plain, base, runner.hidden(target, all));
    }

    /// The same contexts and base with another target; its tensor belongs to the caller's scope.
    public SplitStates towards(Runner runner, Behaviour other) {
        return new SplitStates(foreign, own, plain, base, runner.hidden(other, contexts()));
    }

    /// The same contexts and base with a target whose differences from the base stand at other places, drawn at
    /// random: what is the same everywhere stays, and nothing a prompt could know of a context does.
    SplitStates shuffled(long seed) {
        int places = Math.toIntExact(base.size(0));
        long[] order = Arrays.stream(Permutation.of(places, new SplittableRandom(seed)))
                .asLongStream()
                .toArray();
        try (TensorScope scope = new TensorScope()) {
            Tensor moved = target.sub(base).index_select(0, Torch.longs(order, places));
            return new SplitStates(foreign, own, plain, base, scope.keep(base.add(moved)));
        }
    }

    /// Foreign contexts first, then own ones.
    public List<Context> contexts() {
        List<Context> all = new ArrayList<>(foreign);
        all.addAll(own);
        return all;
    }

    /// Places of the foreign contexts; the own ones follow them.
    public int foreignPlaces() {
        return places(foreign);
    }

    static int places(List<Context> contexts) {
        return contexts.stream().mapToInt(Context::places).sum();
    }

    /// h_mix = h_base + Σ wᵢ·deltaᵢ `[place hidden]`, owned by the caller's scope.
    ///
    /// Deltas over fewer places (foreign contexts only) give a mixture over those.
    public Tensor mixed(List<Tensor> deltas, double[] weights) {
        try (TensorScope scope = new TensorScope()) {
            Tensor mixed = deltas.isEmpty()
                    ? base.clone()
                    : base.narrow(0, 0, deltas.getFirst().size(0)).clone();
            for (int i = 0; i < weights.length; i++) {
                mixed.add_(deltas.get(i), new org.bytedeco.pytorch.Scalar(weights[i]));
            }
            return scope.keep(mixed);
        }
    }

    /// KL(target ‖ model) summed over each turn's places, nats.
    ///
    /// @param foreign one sum per foreign context
    /// @param own one sum per own context; empty where the model was run on foreign contexts only
    public record TurnSums(double[] foreign, double[] own) {
        /// Nats per token over all places.
        public double total() {
            return Arrays.stream(foreign).sum() + Arrays.stream(own).sum();
        }
    }

    /// Exact KL to the target of several models at once, each `[place hidden]` over all places or over the
    /// foreign ones.
    public List<TurnSums> divergences(List<Tensor> models, Unembedding unembedding) {
        if (models.isEmpty()) {
            return List.of();
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor reference = target.narrow(0, 0, models.getFirst().size(0));
            return Divergence.kl(reference, models, unembedding).stream()
                    .map(this::sums)
                    .toList();
        }
    }

    /// Exact KL to the target of many mixtures of the same few deltas, which cover all places or the foreign ones.
    ///
    /// @param weights one row per mixture, a number for every delta
    public List<TurnSums> divergences(List<Tensor> deltas, List<double[]> weights, Unembedding unembedding) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            long places = deltas.isEmpty() ? base.size(0) : deltas.getFirst().size(0);
            List<Tensor> parts = new ArrayList<>(List.of(base.narrow(0, 0, places)));
            parts.addAll(deltas);
            List<double[]> withBase = weights.stream()
                    .map(row -> DoubleStream.concat(DoubleStream.of(1), Arrays.stream(row))
                            .toArray())
                    .toList();
            return Divergence.ofMixtures(target.narrow(0, 0, places), parts, withBase, unembedding).stream()
                    .map(this::sums)
                    .toList();
        }
    }

    /// KL at every place, in the order of [#contexts].
    public double[] perPlace(Tensor model, Unembedding unembedding) {
        return Divergence.kl(target.narrow(0, 0, model.size(0)), model, unembedding);
    }

    /// Sums of values at every place over each turn's places.
    public TurnSums sums(double[] perPlace) {
        int border = foreignPlaces();
        double[] rest = Arrays.copyOfRange(perPlace, border, perPlace.length);
        return new TurnSums(
                Divergence.perTurn(perPlace, foreign),
                rest.length == 0 ? new double[0] : Divergence.perTurn(rest, own));
    }
}
