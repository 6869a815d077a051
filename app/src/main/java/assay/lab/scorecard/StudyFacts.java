package assay.lab.scorecard;

import assay.base.sparse.Quantiles;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Point;
import assay.lab.claims.TargetKind;
import assay.show.page.Figures;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// What follows from a study's records by counting: classes of targets, their means, and how many random prompts
/// equal a list.
final class StudyFacts {
    private StudyFacts() {}

    /// Targets of one class, one for each seed.
    record Group(TargetKind kind, List<TargetEvidence> targets) {
        /// Number of targets, however many seeds.
        long count() {
            return targets.stream().map(one -> one.target().name()).distinct().count();
        }
    }

    /// How many random prompts close as much as a list.
    ///
    /// @param k the smallest number measured that does, or the largest measured if none does
    /// @param reached whether one does
    record Equal(int k, boolean reached) {
        /// `100`, or `> 200` when no number measured does.
        String words() {
            return (reached ? "" : "> ") + k;
        }
    }

    /// Targets by class: those claims rest on, then meaningless ones, then nulls.
    static List<Group> groups(List<TargetEvidence> targets) {
        return together(targets, one -> one.target().kind()).stream()
                .map(group -> new Group(group.getFirst().target().kind(), group))
                .sorted(Comparator.comparing(StudyFacts::rank))
                .toList();
    }

    /// Targets that mean something: neither nulls nor gibberish nor random soft prompts.
    static List<TargetEvidence> meaningful(List<TargetEvidence> targets) {
        return targets.stream()
                .filter(one -> one.target().kind().isMeaningful())
                .toList();
    }

    /// The curve at the chosen number of prompts, or at the largest number measured below it.
    static Optional<Point> chosen(TargetEvidence target) {
        return target.measured(target.stability().chosen());
    }

    /// How many random prompts close as much as the list at its chosen number; none if that was not measured.
    static Optional<Equal> equal(TargetEvidence target) {
        double closed = atChosen(target, point -> point.closed().value());
        List<Point> measured = target.curve().stream()
                .filter(point -> Double.isFinite(point.random().value()))
                .sorted(Comparator.comparingInt(Point::k))
                .toList();
        if (!Double.isFinite(closed) || measured.isEmpty()) {
            return Optional.empty();
        }
        return measured.stream()
                .filter(point -> point.random().value() >= closed)
                .findFirst()
                .map(point -> new Equal(point.k(), true))
                .or(() -> Optional.of(new Equal(measured.getLast().k(), false)));
    }

    /// The median of the above, the lower one of two; a dash when nothing was measured.
    static String medianEqual(List<TargetEvidence> targets) {
        List<Equal> sorted = targets.stream()
                .map(StudyFacts::equal)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing((Equal equal) -> !equal.reached()).thenComparingInt(Equal::k))
                .toList();
        return sorted.isEmpty()
                ? Figures.NOTHING
                : sorted.get((sorted.size() - 1) / 2).words();
    }

    /// A quantity at the chosen number of prompts; NaN without a curve.
    static double atChosen(TargetEvidence target, ToDoubleFunction<Point> quantity) {
        return chosen(target).stream().mapToDouble(quantity).findFirst().orElse(Double.NaN);
    }

    /// The mean over what was measured; NaN when nothing was.
    static <T> double mean(List<T> items, ToDoubleFunction<T> quantity) {
        return items.stream()
                .mapToDouble(quantity)
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }

    /// The median over what was measured, the lower one of two; NaN when nothing was.
    static <T> double median(List<T> items, ToDoubleFunction<T> quantity) {
        return Quantiles.lowerMedian(
                items.stream().mapToDouble(quantity).filter(Double::isFinite).toArray());
    }

    /// Items with the same key together, in the order in which they first stand: the seeds of one target.
    static <T> List<List<T>> together(List<T> items, Function<T, Object> key) {
        return List.copyOf(items.stream()
                .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()))
                .values());
    }

    /// The targets with the seeds of each beside each other.
    static List<TargetEvidence> seedsTogether(List<TargetEvidence> targets) {
        return together(targets, TargetEvidence::target).stream()
                .flatMap(List::stream)
                .toList();
    }

    /// In the order of their kinds; nulls stand last, as they come.
    private static TargetKind rank(Group group) {
        return group.kind().isNull() ? TargetKind.NULL_SHUFFLED : group.kind();
    }
}
