package assay.lab.matching;

import assay.base.sparse.Interval;

/// How many of so many independent trials succeeded, and how sure that makes us.
///
/// @param hits successes; a fraction where a tie was shared out
/// @param trials how many were tried, at least 1
public record Proportion(double hits, int trials) {
    /// Below this chance of happening by luck, a share is not at chance.
    public static final double LEVEL = 0.05;

    /// Checks the counts.
    public Proportion {
        if (trials < 1 || hits < 0 || hits > trials) {
            throw new IllegalArgumentException("share: expected hits within 0.." + trials + ", found " + hits);
        }
    }

    /// The share with its 95 % interval.
    public Interval interval() {
        return Interval.ofShare(hits, trials);
    }

    /// How likely a count at least as improbable as this one is, if each trial succeeds by luck alone:
    /// the exact two-sided binomial test. Shared ties are rounded to the nearest whole count.
    ///
    /// @param chance probability of success by luck
    public double pValue(double chance) {
        double[] pmf = probabilities(chance);
        double bound = pmf[whole()] * (1 + 1e-7);
        double sum = 0;
        for (double probability : pmf) {
            sum += probability <= bound ? probability : 0;
        }
        return Math.min(1, sum);
    }

    private int whole() {
        return (int) Math.rint(hits);
    }

    private double[] probabilities(double chance) {
        double[] pmf = new double[trials + 1];
        double choose = 0;
        for (int count = 0; count <= trials; count++) {
            if (count > 0) {
                choose += Math.log((trials - count + 1.0) / count);
            }
            pmf[count] = Math.exp(choose + times(count, Math.log(chance)) + times(trials - count, Math.log1p(-chance)));
        }
        return pmf;
    }

    private static double times(int count, double log) {
        return count == 0 ? 0 : count * log;
    }
}
