package assay.lab.claims;

import assay.base.sparse.Interval;
import assay.measure.judge.Cause;
import assay.measure.judge.Outcome;
import assay.measure.judge.Ruling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// What many rulings say together.
final class Tally {
    private Tally() {}

    /// Where a share of a fixed list of cases stands to a gate: the list is not a sample, so its own value counts
    /// for it; only if it fails does its interval say how clearly.
    static Ruling share(Interval share, double gate, Cause cause) {
        return share.value() >= gate ? Ruling.YES : Ruling.against(share, gate, cause);
    }

    /// Where a figure without an interval stands to a gate.
    ///
    /// @param below what it is if it stands below
    static Ruling figure(double value, double gate, Ruling below) {
        if (!Double.isFinite(value)) {
            return Ruling.NOT_MEASURED;
        }
        return value >= gate ? Ruling.YES : below;
    }

    /// One case seen with several seeds: what all seeds say, or undecided.
    static Ruling agreed(Collection<Ruling> seeds) {
        List<Outcome> outcomes = seeds.stream().map(Ruling::outcome).distinct().toList();
        if (outcomes.size() == 1) {
            return new Ruling(outcomes.getFirst(), commonest(seeds, outcomes.getFirst()));
        }
        return Ruling.undecided(Cause.UNSETTLED);
    }

    /// Cases seen with several seeds, by name: what all seeds of each say, or undecided.
    static <T> Map<String, Ruling> agreed(
            Collection<T> seen, Function<T, String> name, Function<? super T, Ruling> ruling) {
        Map<String, List<Ruling>> seeds = new LinkedHashMap<>();
        seen.forEach(one ->
                seeds.computeIfAbsent(name.apply(one), _ -> new ArrayList<>()).add(ruling.apply(one)));
        Map<String, Ruling> agreed = new LinkedHashMap<>();
        seeds.forEach((each, all) -> agreed.put(each, agreed(all)));
        return agreed;
    }

    /// What more than half of the cases say, or undecided.
    static Ruling most(Collection<Ruling> cases) {
        if (cases.isEmpty()) {
            return Ruling.NOT_MEASURED;
        }
        for (Outcome outcome : List.of(Outcome.YES, Outcome.NO)) {
            if (2 * count(cases, outcome) > cases.size()) {
                return new Ruling(outcome, outcome == Outcome.YES ? Cause.NONE : commonest(cases, outcome));
            }
        }
        boolean noneDecided = count(cases, Outcome.UNDECIDED) == cases.size();
        return Ruling.undecided(noneDecided ? commonest(cases, Outcome.UNDECIDED) : Cause.UNSETTLED);
    }

    /// What several conditions say together: a no if one says no, a yes if all do.
    static Ruling all(Collection<Ruling> conditions) {
        for (Outcome outcome : List.of(Outcome.NO, Outcome.UNDECIDED)) {
            for (Ruling ruling : conditions) {
                if (ruling.outcome() == outcome) {
                    return ruling;
                }
            }
        }
        return Ruling.YES;
    }

    static long count(Collection<Ruling> cases, Outcome outcome) {
        return cases.stream().filter(ruling -> ruling.outcome() == outcome).count();
    }

    private static Cause commonest(Collection<Ruling> cases, Outcome outcome) {
        Map<Cause, Integer> counts = new EnumMap<>(Cause.class);
        cases.stream()
                .filter(ruling -> ruling.outcome() == outcome)
                .forEach(ruling -> counts.merge(ruling.cause(), 1, Integer::sum));
        return counts.entrySet().stream()
                .max(Comparator.comparingInt(Map.Entry<Cause, Integer>::getValue))
                .map(Map.Entry::getKey)
                .orElse(Cause.NONE);
    }

    /// In words: `3 yes, 1 no, 0 undecided of 4`.
    static String written(Collection<Ruling> cases) {
        return count(cases, Outcome.YES) + " yes, " + count(cases, Outcome.NO) + " no, "
                + count(cases, Outcome.UNDECIDED) + " undecided of " + cases.size();
    }

    /// A gate as figures name it.
    static String least(double gate) {
        return "≥ " + number(gate);
    }

    static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : "not measured";
    }

    static String number(Interval interval) {
        return Double.isFinite(interval.value()) ? interval.written() : "not measured";
    }
}
