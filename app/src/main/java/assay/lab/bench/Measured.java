package assay.lab.bench;

import assay.base.sparse.Quantiles;
import java.util.List;
import java.util.stream.IntStream;

/// What the rounds of a row found.
///
/// @param seconds of both sides, round by round
/// @param difference between the two answers; NaN if there is no second
/// @param cost what Assay had to do, part after part
/// @param load the machine's load average when the row began; negative where it cannot be asked
/// @param missing why there is no peer, or no measurement at all; empty if nothing is missing
public record Measured(Row row, Seconds seconds, double difference, List<Cost> cost, double load, String missing) {
    /// Seconds of every round.
    ///
    /// @param ours Assay's
    /// @param theirs the other side's; empty if there is none
    public record Seconds(double[] ours, double[] theirs) {
        static final Seconds NONE = new Seconds(new double[0], new double[0]);

        /// The other side's over Assay's, round by round.
        double[] ratios() {
            return IntStream.range(0, theirs.length)
                    .mapToDouble(i -> theirs[i] / ours[i])
                    .toArray();
        }
    }

    static Measured missing(Row row, String why) {
        return new Measured(row, Seconds.NONE, Double.NaN, List.of(), -1, why);
    }

    /// What is compared with the gate, round by round.
    double[] figures() {
        return row.gate().kind() == Gate.Kind.SECONDS ? seconds.ours() : seconds.ratios();
    }

    /// Its median; NaN if it was not measured.
    public double figure() {
        double[] figures = figures();
        return figures.length == 0 ? Double.NaN : Quantiles.of(figures, 0.5);
    }

    /// Whether both sides gave the same answer, as far as the row asks for it.
    boolean isRight() {
        return Double.isNaN(difference) || difference <= row.tolerance();
    }

    /// `yes`, `no`, `wrong` (a faster wrong answer counts for nothing), or `–` where nothing was compared.
    public String met() {
        if (!isRight()) {
            return "wrong";
        }
        if (figures().length == 0) {
            return "–";
        }
        return row.gate().isMet(figure()) ? "yes" : "no";
    }

    double flop() {
        return cost.stream().mapToDouble(Cost::flop).sum();
    }

    double bytes() {
        return cost.stream().mapToDouble(Cost::bytes).sum();
    }

    /// Share of the roofline that Assay's median round reaches; NaN for rows without products.
    double roofline(Roofline roof) {
        return cost.isEmpty() ? Double.NaN : roof.seconds(cost) / Quantiles.of(seconds.ours(), 0.5);
    }
}
