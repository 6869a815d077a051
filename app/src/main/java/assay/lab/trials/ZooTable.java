package assay.lab.trials;

import assay.base.sparse.Interval;
import assay.measure.judge.Distillation;
import java.util.List;
import java.util.Locale;

/// The figures of a study of claim S1 as Markdown: what is closed, and whether what examples show was learned.
final class ZooTable {
    private ZooTable() {}

    static String of(List<Zoo.Row> rows) {
        StringBuilder table = new StringBuilder("""
                | target | class | predicted | seed | KL base (nats) | closed | own | untrained | best prompt | steps | train s |
                |---|---|---|---|---|---|---|---|---|---|---|
                """);
        rows.forEach(row -> table.append(closed(row)));
        if (rows.stream().anyMatch(row -> row.skill().isPresent())) {
            table.append("\n").append("""
                    Likeliest answers to held-out user turns against the answers expected. Exact: share that is the same word by
                    word. Likeness: 1 − edit distance in words / words of the longer. Another: likeness of the answers expected
                    to other user turns, which is what the look alone is worth.

                    | target | seed | turns | exact: base | adapter | soft | likeness: base | adapter | soft | another |
                    |---|---|---|---|---|---|---|---|---|---|
                    """);
            rows.forEach(row -> table.append(skill(row)));
        }
        return table.toString();
    }

    private static String closed(Zoo.Row row) {
        Distillation.Fidelity fidelity = row.found().fidelity();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %.3f | %.3f %s | %.3f %s | %.2f | %.2f | %d | %.0f |%n",
                row.target(),
                row.kind(),
                row.predicted(),
                row.seed(),
                row.found().divergence().foreign(),
                fidelity.foreign().value(),
                bounds(fidelity.foreign()),
                fidelity.own().value(),
                bounds(fidelity.own()),
                fidelity.untrained().value(),
                fidelity.bestPrompt().value(),
                row.found().training().curve().getLast().step(),
                row.found().training().seconds());
    }

    private static String skill(Zoo.Row row) {
        return row.skill().map(found -> skill(row, found)).orElse("");
    }

    private static String skill(Zoo.Row row, AnswerLikeness found) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %.2f | %.2f | %.2f | %s | %s | %s | %.2f |%n",
                row.target(),
                row.seed(),
                found.turns(),
                found.base().exact(),
                found.adapter().exact(),
                found.soft().exact(),
                likeness(found.base()),
                likeness(found.adapter()),
                likeness(found.soft()),
                found.another());
    }

    private static String likeness(AnswerLikeness.Marks marks) {
        return String.format(Locale.ROOT, "%.2f %s", marks.likeness().value(), bounds(marks.likeness()));
    }

    private static String bounds(Interval interval) {
        return String.format(Locale.ROOT, "[%.2f, %.2f]", interval.low(), interval.high());
    }
}
