package assay.measure.form;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// How much more or less of one kind of form a target writes than the base: expected per place where it can be met,
/// exact at the contexts, with 95 % intervals over them.
///
/// @param kind of form
/// @param base expected of the base
/// @param target expected of the target
/// @param change target less base, on the same contexts
/// @param random the null: the same change under random prompts, their mean between the least and the largest
/// @param lacking target less mixture; NaN where there is none
/// @param nats least part of KL(target ‖ base) that this difference alone holds, per token
public record FormChange(
        FormKind kind, double base, double target, Interval change, Interval random, Interval lacking, double nats) {
    /// What a change must hold to be spoken of, nats per token.
    private static final double LEAST = 0.002;
    /// Expected below which a thing is taken to be as good as never written.
    private static final double NEVER = 1e-6;

    /// Behaviours read on the same contexts.
    ///
    /// @param mixture what stands for the target; nothing if there is none
    public record Readings(FormReading target, FormReading base, List<FormReading> mixture) {}

    /// Every kind of form, those that tell first, each part by what it holds.
    ///
    /// @param random what random prompts change at one place, `[prompt][kind]`
    public static List<FormChange> of(Readings readings, List<double[]> random, Bootstrap bootstrap) {
        return Arrays.stream(FormKind.values())
                .map(kind -> of(kind, readings, random, bootstrap))
                .sorted(Comparator.comparing((FormChange change) -> !change.tells())
                        .thenComparingDouble(change -> -change.nats()))
                .toList();
    }

    private static FormChange of(FormKind kind, Readings readings, List<double[]> random, Bootstrap bootstrap) {
        int[] all = readings.base().all();
        double base = readings.base().at(kind, all);
        double target = readings.target().at(kind, all);
        return new FormChange(
                kind,
                base,
                target,
                above(kind, readings.target(), readings.base(), bootstrap),
                range(kind, random),
                readings.mixture().stream()
                        .map(mixture -> above(kind, readings.target(), mixture, bootstrap))
                        .findFirst()
                        .orElse(Interval.NONE),
                readings.base().share(kind) * held(target, base));
    }

    private static Interval above(FormKind kind, FormReading one, FormReading other, Bootstrap bootstrap) {
        return bootstrap.of(one.tokens().length, contexts -> one.at(kind, contexts) - other.at(kind, contexts));
    }

    private static Interval range(FormKind kind, List<double[]> random) {
        double[] changes =
                random.stream().mapToDouble(one -> one[kind.number()]).sorted().toArray();
        return changes.length == 0
                ? Interval.NONE
                : new Interval(Arrays.stream(changes).sum() / changes.length, changes[0], changes[changes.length - 1]);
    }

    /// The divergence of two coins: by the inequality of sums of logarithms, never more than that of the behaviours.
    private static double held(double target, double base) {
        return part(target, base) + part(1 - target, 1 - base);
    }

    private static double part(double here, double there) {
        double some = Math.max(here, NEVER);
        return some * Math.log(some / Math.max(there, NEVER));
    }

    /// Whether it is told of: the whole interval lies farther from 0 than any random prompt goes in its direction.
    public boolean tells() {
        boolean isRise = change.low() > Math.max(0, random.high());
        boolean isFall = change.high() < Math.min(0, random.low());
        return (isRise || isFall) && nats >= LEAST;
    }

    /// Whether the target writes more of it than the base.
    public boolean rises() {
        return change.value() > 0;
    }
}
