package assay.lab.scorecard;

import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.plain;
import static assay.show.page.Figures.shareFine;

import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.ReadingEvidence.Composition;
import assay.lab.claims.ReadingEvidence.Edit;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Stability;
import assay.measure.judge.Gates;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Strips;
import assay.show.page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Whether lists can be read (S4): blind matching, edits, compositions, overlaps, and the lists themselves.
final class ReadingSection {
    private static final int MOST_PROMPTS = 5;

    private ReadingSection() {}

    static Markup of(ReadingEvidence reading, List<TargetEvidence> targets, Gates gates) {
        return new Markup()
                .element("h3", "Blind matching with the descriptions of all targets")
                .add(matching(reading, gates))
                .element("h3", "A word replaced")
                .add(edits(reading.edits(), gates))
                .element("h3", "Targets of several parts")
                .add(compositions(reading.compositions()))
                .element("h3", "How far lists can be relied on")
                .add(overlaps(reading, targets, gates))
                .details("The lists themselves", lists(targets));
    }

    private static Markup matching(ReadingEvidence reading, Gates gates) {
        if (reading.matching().isEmpty()) {
            return new Markup().quiet("Nothing was matched.");
        }
        Strips strips = new Strips("Texts", "Right [95%]");
        for (ReadingEvidence.Matching one : reading.matching()) {
            String style = one.isNull() ? "null" : one.texts().equals(ReadingEvidence.FOUND) ? "mixture" : "other";
            String detail = one.cases() + " targets, chance " + Figures.percentFine(one.chance());
            String said = one.isNull() ? "; null, " + VerdictWords.chance(one) : "";
            Markup bar = Strips.bar(new Strips.Mark(style, one.texts(), one.right()), one.chance());
            strips.row(style, one.texts(), detail + said, bar, shareFine(one.right()));
        }
        Markup out = strips.finish()
                .quiet("First places that are right, by the reader “" + reading.reader()
                        + "”. The line up is chance; the lists found must reach " + percent(gates.matching())
                        + ", and nulls must stay at chance.");
        List<ReadingEvidence.Matching> missed = reading.matching().stream()
                .filter(one -> !one.isNull() && !one.misses().isEmpty())
                .toList();
        if (!missed.isEmpty()) {
            Markup list = new Markup().open("ul");
            missed.forEach(
                    one -> list.element("li", one.texts() + ": " + String.join("; ", one.misses()), "dir", "auto"));
            out.details("What was taken for what", list.close());
        }
        return out;
    }

    private static Markup edits(List<Edit> edits, Gates gates) {
        if (edits.isEmpty()) {
            return new Markup().quiet("No edit was made.");
        }
        long right = edits.stream().filter(Edit::right).count();
        Table<Edit> table = Table.of(edits)
                .styled(edit -> edit.right() ? "yes" : "no")
                .row("List of", Edit::target, "dir", "auto", "class", "words")
                .cell("Edit", Edit::edit, "dir", "auto", "class", "words")
                .cell("Towards", Edit::towards, "dir", "auto", "class", "words")
                .cell("KL before → after", edit -> plain(edit.before()) + " → " + plain(edit.after()))
                .cell("Prompts changed", Edit::changed)
                .cell("As predicted", edit -> edit.changed() == 0 ? "not made" : edit.right() ? "yes" : "no");
        return new Markup()
                .paragraph(right + " of " + edits.size() + " went as predicted before they were run; "
                        + percent(gates.edits()) + " must.")
                .add(table.figures());
    }

    private static Markup compositions(List<Composition> compositions) {
        if (compositions.isEmpty()) {
            return new Markup().quiet("None was measured.");
        }
        long separate = compositions.stream().filter(Composition::separate).count();
        Markup out = new Markup();
        out.paragraph("In " + separate + " of " + compositions.size() + " every part is named by a prompt of its own.");
        compositions.forEach(one -> composition(out, one));
        return out;
    }

    private static void composition(Markup out, Composition one) {
        String closed =
                " · closed " + percent(one.closed()) + " by " + one.atoms().size() + " prompts";
        out.open("div", "class", "composition").open("h4", "dir", "auto").text(one.text());
        out.element("small", closed).close().open("ul");
        for (int i = 0; i < one.parts().size(); i++) {
            String named = i < one.named().size() ? one.named().get(i) : "";
            out.open("li", "dir", "auto").element("b", one.parts().get(i)).text(": ");
            if (named.isEmpty()) {
                out.element("span", "named by none", "class", "quiet");
            }
            out.text(named).close();
        }
        List<String> others = new ArrayList<>(one.atoms());
        others.removeAll(one.named());
        if (!others.isEmpty()) {
            out.element("li", "beside them: " + String.join(" · ", others), "dir", "auto", "class", "quiet");
        }
        out.close().closeLine();
    }

    private static Markup overlaps(ReadingEvidence reading, List<TargetEvidence> targets, Gates gates) {
        List<TargetEvidence> meaningful = StudyFacts.meaningful(targets);
        double condition = StudyFacts.median(meaningful, one -> one.stability().condition());
        String agreed = percent(reading.agreement()) + "; the gate is " + percent(gates.overlap());
        String fluent = mean(meaningful, Stability::fluent) + "; the gate is " + percent(gates.fluent());
        return Table.openPairs()
                .pair("Weight two seeds agree on, up to paraphrase", agreed)
                .pair("Two halves of the fit split", mean(meaningful, Stability::halves))
                .pair("Two halves of the candidates", mean(meaningful, Stability::dictionaries))
                .pair("Lists of two soft prompts of equal behaviour", percent(reading.wayward()))
                .pair("Prompts as fluent as nine in ten of the dictionary", fluent)
                .pair("Condition of the curvature, median", plain(condition))
                .close()
                .closeLine();
    }

    private static String mean(List<TargetEvidence> targets, ToDoubleFunction<Stability> quantity) {
        return percent(StudyFacts.mean(targets, one -> quantity.applyAsDouble(one.stability())));
    }

    private static Markup lists(List<TargetEvidence> targets) {
        return Table.of(StudyFacts.seedsTogether(targets))
                .row("Target", one -> named(one, one.target().text()), "dir", "auto", "class", "words")
                .cell("Seed", TargetEvidence::seed)
                .words("Heaviest prompts", ReadingSection::heaviest)
                .cell(
                        "Perplexity",
                        one -> first(one).stream()
                                .map(atom -> plain(atom.perplexity()))
                                .collect(Collectors.joining(", ")))
                .figures();
    }

    /// A target's name with a small word behind it.
    static Markup named(TargetEvidence one, Object word) {
        return new Markup().text(one.target().name()).element("small", " " + word);
    }

    private static List<TargetEvidence.Atom> first(TargetEvidence one) {
        return one.atoms().stream().limit(MOST_PROMPTS).toList();
    }

    private static Markup heaviest(TargetEvidence one) {
        Markup out = new Markup();
        first(one).forEach(atom -> out.element("div", Figures.signed(atom.weight()) + " " + atom.text()));
        int more = one.atoms().size() - MOST_PROMPTS;
        return more > 0 ? out.element("div", "and " + more + " more", "class", "quiet") : out;
    }
}
