package assay.lab.trials;

import assay.base.sparse.Interval;
import assay.base.sparse.Quantiles;
import assay.lab.matching.Phrase;
import assay.lab.matching.Recovery;
import assay.lab.matching.SameMeaning;
import assay.lab.studyfile.TournamentFile;
import assay.tasks.session.TargetSource;
import java.util.Formatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// A tournament as Markdown: medians over the targets of each class, then every row.
final class TournamentTable {
    private TournamentTable() {}

    static String of(List<Tournament.Row> rows) {
        return medians(rows) + "\n" + every(rows);
    }

    private static String medians(List<Tournament.Row> rows) {
        Formatter table = new Formatter(new StringBuilder("""
                | class | targets | arm | closed@1 | closed@5 | closed@10 | closed@20 | perplexity | prompts run | seconds |
                |---|---|---|---|---|---|---|---|---|---|
                """), Locale.ROOT);
        Map<String, List<Tournament.Row>> groups = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> row.kind() + "\n" + row.arm(), LinkedHashMap::new, Collectors.toList()));
        for (List<Tournament.Row> group : groups.values()) {
            table.format(
                    "| %s | %d | %s | %.3f | %.3f | %.3f | %.3f | %.0f | %.0f | %.0f |%n",
                    group.getFirst().kind(),
                    group.size(),
                    group.getFirst().arm(),
                    closed(group, 0),
                    closed(group, 1),
                    closed(group, 2),
                    closed(group, 3),
                    median(group, Tournament.Row::perplexity),
                    median(group, Tournament.Row::runs),
                    median(group, Tournament.Row::seconds));
        }
        return table.toString();
    }

    /// How many of the prompts that mixtures were planted from came back, up to paraphrase; empty if no target was
    /// planted.
    ///
    /// @param alike when two prompts say the same; asked only if it is needed
    static String recovered(
            List<Tournament.Row> rows, List<TournamentFile.Entry> targets, Supplier<SameMeaning> alike) {
        Map<String, List<Phrase>> planted = new HashMap<>();
        for (TournamentFile.Entry target : targets) {
            if (target.source() instanceof TargetSource.Planted mixture) {
                planted.put(target.name(), Phrase.equal(mixture.prompts()));
            }
        }
        List<Tournament.Row> mixtures =
                rows.stream().filter(row -> planted.containsKey(row.target())).toList();
        if (mixtures.isEmpty()) {
            return "";
        }
        SameMeaning same = alike.get();
        Formatter table = new Formatter(Locale.ROOT);
        table.format(
                "%n| planted | arm | of those found, named a planted one | of the planted, named | F1 (likeness %.2f or more by %s) |%n|---|---|---|---|---|%n",
                same.threshold(), same.reader().name());
        for (Tournament.Row row : mixtures) {
            Recovery recovery =
                    Recovery.of(same, Phrase.equal(row.prompts()), planted.getOrDefault(row.target(), List.of()));
            table.format(
                    "| %s | %s | %.2f | %.2f | %.2f |%n",
                    row.target(), row.arm(), recovery.precision(), recovery.recall(), recovery.f1());
        }
        return table.toString();
    }

    private static double closed(List<Tournament.Row> group, int size) {
        return median(group, row -> row.closed().get(size).value());
    }

    private static String every(List<Tournament.Row> rows) {
        Formatter table = new Formatter(new StringBuilder("""
                | target | arm | closed@1 | closed@5 | closed@20 | heaviest of five |
                |---|---|---|---|---|---|
                """), Locale.ROOT);
        for (Tournament.Row row : rows) {
            table.format(
                    "| %s | %s | %s | %s | %s | %s |%n",
                    row.target(),
                    row.arm(),
                    interval(row.closed().get(0)),
                    interval(row.closed().get(1)),
                    interval(row.closed().get(3)),
                    row.prompts().getFirst().replace("|", "\\|"));
        }
        return table.toString();
    }

    private static String interval(Interval interval) {
        return String.format(Locale.ROOT, "%.3f [%.2f, %.2f]", interval.value(), interval.low(), interval.high());
    }

    private static double median(List<Tournament.Row> group, ToDoubleFunction<Tournament.Row> figure) {
        return Quantiles.of(group.stream().mapToDouble(figure).toArray(), 0.5);
    }
}
