package assay.lab.claims;

import assay.base.sparse.Interval;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.lab.claims.ReadingEvidence.Edit;
import assay.lab.claims.ReadingEvidence.Matching;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Gates;
import assay.measure.judge.Ruling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// S4: the prompts can be read. A reader must match lists with what the targets do, edits of a list must move it as
/// predicted, seeds must agree, and the prompts must read as language; nulls must sit at chance.
final class ReadingRule {
    private ReadingRule() {}

    static ClaimVerdict judge(StudyEvidence evidence) {
        ReadingEvidence reading = evidence.reading();
        Gates gates = evidence.plan().gates();
        String command = evidence.plan().command() + " --only S4";
        List<Figure> figures = new ArrayList<>();
        List<Ruling> rulings = new ArrayList<>();
        for (Matching matching : reading.matching()) {
            boolean counts = matching.texts().equals(ReadingEvidence.FOUND);
            if (counts) {
                rulings.add(Tally.share(matching.right(), gates.matching(), Cause.NOT_READABLE));
            }
            figures.add(new Figure(
                    "blind matching, " + matching.texts() + " (" + matching.cases() + " cases)",
                    Tally.number(matching.right()),
                    counts ? Tally.least(gates.matching()) : matching.isNull() ? "at chance" : "",
                    command));
        }
        if (rulings.isEmpty()) {
            rulings.add(Ruling.NOT_MEASURED);
        }
        Interval edits = edits(reading.edits());
        rulings.add(
                reading.edits().isEmpty() ? Ruling.NOT_MEASURED : Tally.share(edits, gates.edits(), Cause.NOT_CAUSAL));
        long unmade =
                reading.edits().stream().filter(edit -> edit.changed() == 0).count();
        figures.add(new Figure(
                "edits that moved the mixture as predicted (" + reading.edits().size() + " edits; " + unmade
                        + " found no such word and count as wrong)",
                Tally.number(edits),
                Tally.least(gates.edits()),
                command));
        rulings.add(Tally.figure(reading.agreement(), gates.overlap(), Ruling.no(Cause.NOT_IDENTIFIABLE)));
        String seeds = "overlap of two seeds' lists, up to paraphrase";
        figures.add(new Figure(seeds, Tally.number(reading.agreement()), Tally.least(gates.overlap()), command));
        double fluent = fluent(evidence);
        rulings.add(Tally.figure(fluent, gates.fluent(), Ruling.no(Cause.NOT_FLUENT)));
        figures.add(
                new Figure("prompts that read naturally", Tally.number(fluent), Tally.least(gates.fluent()), command));
        figures.add(new Figure(
                "overlap of two soft prompts' lists of one behaviour", Tally.number(reading.wayward()), "", command));
        boolean nullMatched =
                reading.matching().stream().anyMatch(matching -> matching.isNull() && !matching.atChance());
        Ruling ruling = nullMatched ? Ruling.undecided(Cause.CONTROL_FAILED) : Tally.all(rulings);
        return new ClaimVerdict(Claim.S4, ruling, because(evidence, edits, fluent), figures);
    }

    private static double fluent(StudyEvidence evidence) {
        return evidence.targets().stream()
                .filter(one -> one.target().kind().isCounted())
                .mapToDouble(one -> one.stability().fluent())
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }

    /// Share of edits that went as predicted, with a Wilson interval.
    private static Interval edits(List<Edit> edits) {
        return edits.isEmpty()
                ? Interval.NONE
                : Interval.ofShare((double) edits.stream().filter(Edit::right).count(), edits.size());
    }

    private static String because(StudyEvidence evidence, Interval edits, double fluent) {
        ReadingEvidence reading = evidence.reading();
        String matched = matching(reading, ReadingEvidence.FOUND)
                .map(matching -> "A blind " + reading.reader() + " reader matches "
                        + Tally.number(matching.right()) + " of " + matching.cases() + " lists (chance "
                        + String.format(java.util.Locale.ROOT, "%.3f", matching.chance()) + ")"
                        + matching(reading, ReadingEvidence.CONTRASTS)
                                .map(cheap -> ", and of as many samples of amplified differences "
                                        + Tally.number(cheap.right()))
                                .orElse(""))
                .orElse("Nothing was matched");
        long separate = reading.compositions().stream()
                .filter(ReadingEvidence.Composition::separate)
                .count();
        return matched + "; edits go as predicted in " + Tally.number(edits) + "; two seeds overlap by "
                + Tally.number(reading.agreement()) + "; " + Tally.number(fluent)
                + " of the prompts read naturally; parts of compositions are named separately in " + separate
                + " of " + reading.compositions().size() + ".";
    }

    private static Optional<Matching> matching(ReadingEvidence reading, String texts) {
        return reading.matching().stream()
                .filter(matching -> matching.texts().equals(texts))
                .findFirst();
    }
}
