package assay.lab.claims;

import assay.base.sparse.Interval;
import assay.base.sparse.Quantiles;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Gates;
import assay.measure.judge.Ruling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// S3: the prompts can be found. Judged by what equally many exact runs gain over random ones at five prompts, a
/// median over targets, and by whether planted prompts are found again.
final class SearchRule {
    private static final int RESAMPLES = 2000;

    private SearchRule() {}

    static ClaimVerdict judge(StudyEvidence evidence) {
        Gates gates = evidence.plan().gates();
        Map<Long, List<Double>> gains = new LinkedHashMap<>();
        Map<String, List<Double>> recovered = new LinkedHashMap<>();
        List<Figure> figures = new ArrayList<>();
        String command = evidence.plan().command() + " --only S2";
        for (TargetEvidence one : evidence.targets()) {
            String name = one.target().name();
            if (one.target().kind().isCounted()) {
                gains.computeIfAbsent(one.seed(), _ -> new ArrayList<>())
                        .add(one.search().gain().value());
                figures.add(new Figure(
                        name + " (seed " + one.seed() + "): five searched, five of as many random runs",
                        Tally.number(one.search().searched()) + ", "
                                + Tally.number(one.search().random()),
                        "gain ≥ " + Tally.number(gates.gain()) + " (median)",
                        command));
            }
            if (one.target().kind() == TargetKind.PLANTED
                    && Double.isFinite(one.search().recovered())) {
                recovered
                        .computeIfAbsent(name, _ -> new ArrayList<>())
                        .add(one.search().recovered());
                figures.add(new Figure(
                        name + " (seed " + one.seed() + "): planted prompts recovered, F1",
                        Tally.number(one.search().recovered()),
                        Tally.least(gates.recovery()) + " (mean)",
                        command));
            }
        }
        List<Interval> medians = new ArrayList<>();
        for (List<Double> seed : gains.values()) {
            double[] measured = seed.stream()
                    .mapToDouble(Double::doubleValue)
                    .filter(Double::isFinite)
                    .toArray();
            if (measured.length > 0) {
                medians.add(median(measured));
            }
        }
        if (medians.isEmpty()) {
            return new ClaimVerdict(Claim.S3, Ruling.NOT_MEASURED, "No target was searched for.", List.of());
        }
        double recovery = Arrays.stream(means(recovered)).average().orElse(Double.NaN);
        Ruling gain = Tally.agreed(medians.stream()
                .map(median -> Ruling.against(median, gates.gain(), Cause.SEARCH_TOO_WEAK))
                .toList());
        Ruling ruling = Tally.all(
                List.of(gain, Tally.figure(recovery, gates.recovery(), Ruling.undecided(Cause.NOT_RECOVERED))));
        String because = "Searching gains "
                + String.join(", ", medians.stream().map(Tally::number).toList())
                + " at five prompts over equally many random runs (medians over targets, one per seed; gate "
                + Tally.number(gates.gain())
                + "); the list that names a planted mixture has its prompts with a mean F1 of "
                + Tally.number(recovery) + " (gate " + Tally.number(gates.recovery()) + ").";
        return new ClaimVerdict(Claim.S3, ruling, because, figures);
    }

    private static double[] means(Map<String, List<Double>> values) {
        return values.values().stream()
                .mapToDouble(all ->
                        all.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN))
                .filter(Double::isFinite)
                .toArray();
    }

    /// The median with a bootstrap interval over targets.
    private static Interval median(double[] values) {
        SplittableRandom random = new SplittableRandom(0);
        double[] medians = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double[] drawn = new double[values.length];
            Arrays.setAll(drawn, _ -> values[random.nextInt(values.length)]);
            medians[i] = Quantiles.of(drawn, 0.5);
        }
        Arrays.sort(medians);
        return new Interval(
                Quantiles.of(values, 0.5), medians[(int) (0.025 * RESAMPLES)], medians[(int) (0.975 * RESAMPLES) - 1]);
    }
}
