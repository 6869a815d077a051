package assay.base.sparse;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// 95 % percentile intervals of *closed*, resampling whole user turns: tokens of one answer are not
/// independent.
///
/// All arrays hold one sum of KL per user turn, in nats, in the same order of turns.
public record Bootstrap(int resamples, long seed) {
    /// 2,000 resamples.
    public static Bootstrap defaults(long seed) {
        return new Bootstrap(2_000, seed);
    }

    /// `1 − Σ model / Σ base`.
    public Interval closed(double[] model, double[] base) {
        return mean(List.of(model), base);
    }

    /// Mean of `closed` over several draws of a null; its interval covers the choice of turns and of draws.
    ///
    /// @param draws one array of sums per draw
    public Interval mean(List<double[]> draws, double[] base) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] samples = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            int[] turns = pick(base.length, random);
            samples[i] = closed(draws, pick(draws.size(), random), turns, base);
        }
        return interval(closed(draws, all(draws.size()), all(base.length), base), samples);
    }

    /// `closed(model) − mean closed(draws)`, both on the same resampled turns.
    public Interval excess(double[] model, List<double[]> draws, double[] base) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] samples = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            int[] turns = pick(base.length, random);
            samples[i] = closed(List.of(model), all(1), turns, base)
                    - closed(draws, pick(draws.size(), random), turns, base);
        }
        int[] turns = all(base.length);
        double value = closed(List.of(model), all(1), turns, base) - closed(draws, all(draws.size()), turns, base);
        return interval(value, samples);
    }

    /// Any figure of chosen user turns, over all of them and over resampled ones.
    ///
    /// @param turns how many there are
    /// @param figure of turns by their numbers, each as often as it was drawn
    public Interval of(int turns, ToDoubleFunction<int[]> figure) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] samples = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            samples[i] = figure.applyAsDouble(pick(turns, random));
        }
        return interval(figure.applyAsDouble(all(turns)), samples);
    }

    private static double closed(List<double[]> draws, int[] chosen, int[] turns, double[] base) {
        double left = 0;
        double whole = 0;
        for (int turn : turns) {
            whole += base[turn];
            for (int draw : chosen) {
                left += draws.get(draw)[turn];
            }
        }
        return 1 - left / chosen.length / whole;
    }

    private static int[] pick(int count, SplittableRandom random) {
        int[] picked = new int[count];
        for (int i = 0; i < count; i++) {
            picked[i] = random.nextInt(count);
        }
        return picked;
    }

    private static int[] all(int count) {
        int[] every = new int[count];
        Arrays.setAll(every, i -> i);
        return every;
    }

    private static Interval interval(double value, double[] samples) {
        Arrays.sort(samples);
        return new Interval(value, Quantiles.ofSorted(samples, 0.025), Quantiles.ofSorted(samples, 0.975));
    }
}
