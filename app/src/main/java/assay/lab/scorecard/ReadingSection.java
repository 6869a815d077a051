package assay.lab.scorecard;

import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.shareFine;

import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.ReadingEvidence.Composition;
import assay.lab.claims.ReadingEvidence.Edit;
import assay.lab.claims.ReadingEvidence.Matching;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Atom;
import assay.lab.claims.TargetEvidence.Stability;
import assay.measure.judge.Gates;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Strip;
import assay.show.page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Whether lists can be read (S4): blind matching, edits, compositions, overlaps, and the lists themselves.
final class ReadingSection {
    private static final int MOST_PROMPTS = 5;

    private ReadingSection() {}

    /// The pictures and tables.
    static Markup of(ReadingEvidence reading, List<TargetEvidence> targets, Gates gates) {
        Markup out = new Markup();
        out.element("h3", "Blind matching with the descriptions of all targets");
        if (reading.matching().isEmpty()) {
            out.element("p", "Nothing was matched.", "class", "quiet");
        } else {
            out.add(matching(reading, gates));
        }
        out.element("h3", "A word replaced").add(edits(reading.edits(), gates));
        out.element("h3", "Targets of several parts").add(compositions(reading.compositions()));
        out.element("h3", "How far lists can be relied on").add(overlaps(reading, targets, gates));
        out.open("details").element("summary", "The lists themselves").add(lists(targets));
        return out.close();
    }

    private static Markup matching(ReadingEvidence reading, Gates gates) {
        Markup out = new Markup();
        Strip.open(out, "Texts", "Right [95%]");
        for (Matching one : reading.matching()) {
            String style = one.isNull() ? "null" : one.texts().equals(ReadingEvidence.FOUND) ? "mixture" : "other";
            String detail = one.cases() + " targets, chance " + Figures.percentFine(one.chance());
            String said = one.isNull() ? "; null, " + VerdictWords.chance(one) : "";
            Strip.Mark mark = new Strip.Mark(style, one.texts(), one.right());
            Strip.row(out, style, one.texts(), detail + said, Strip.bar(mark, one.chance()), shareFine(one.right()));
        }
        out.close().closeLine();
        out.element(
                "p",
                "First places that are right, by the reader “" + reading.reader()
                        + "”. The line up is chance; the lists found must reach " + percent(gates.matching())
                        + ", and nulls must stay at chance.",
                "class",
                "quiet");
        List<Matching> missed = reading.matching().stream()
                .filter(one -> !one.isNull() && !one.misses().isEmpty())
                .toList();
        if (!missed.isEmpty()) {
            out.open("details").element("summary", "What was taken for what").open("ul");
            missed.forEach(
                    one -> out.element("li", one.texts() + ": " + String.join("; ", one.misses()), "dir", "auto"));
            out.close().close();
        }
        return out;
    }

    private static Markup edits(List<Edit> edits, Gates gates) {
        if (edits.isEmpty()) {
            return new Markup().element("p", "No edit was made.", "class", "quiet");
        }
        long right = edits.stream().filter(Edit::right).count();
        Markup lead = new Markup()
                .element(
                        "p",
                        right + " of " + edits.size() + " went as predicted before they were run; "
                                + percent(gates.edits()) + " must.");
        Markup out =
                Table.openFigures("List of", "Edit", "Towards", "KL before → after", "Prompts changed", "As predicted");
        for (Edit edit : edits) {
            out.open("tr", "class", edit.right() ? "yes" : "no");
            out.element("th", edit.target(), "scope", "row", "dir", "auto", "class", "words");
            out.element("td", edit.edit(), "dir", "auto", "class", "words");
            out.element("td", edit.towards(), "dir", "auto", "class", "words");
            Table.cells(
                    out,
                    Figures.plain(edit.before()) + " → " + Figures.plain(edit.after()),
                    String.valueOf(edit.changed()),
                    edit.changed() == 0 ? "not made" : edit.right() ? "yes" : "no");
            out.closeLine();
        }
        return lead.add(Table.closeFigures(out));
    }

    private static Markup compositions(List<Composition> compositions) {
        if (compositions.isEmpty()) {
            return new Markup().element("p", "None was measured.", "class", "quiet");
        }
        long separate = compositions.stream().filter(Composition::separate).count();
        Markup out = new Markup();
        out.element(
                "p", "In " + separate + " of " + compositions.size() + " every part is named by a prompt of its own.");
        for (Composition one : compositions) {
            out.open("div", "class", "composition").open("h4", "dir", "auto").text(one.text());
            out.element(
                    "small",
                    " · closed " + percent(one.closed()) + " by " + one.atoms().size() + " prompts");
            out.close().open("ul");
            for (int i = 0; i < one.parts().size(); i++) {
                String named = i < one.named().size() ? one.named().get(i) : "";
                out.open("li", "dir", "auto").element("b", one.parts().get(i)).text(": ");
                if (named.isEmpty()) {
                    out.element("span", "named by none", "class", "quiet");
                } else {
                    out.text(named);
                }
                out.close();
            }
            List<String> others = new ArrayList<>(one.atoms());
            others.removeAll(one.named());
            if (!others.isEmpty()) {
                out.element("li", "beside them: " + String.join(" · ", others), "dir", "auto", "class", "quiet");
            }
            out.close().closeLine();
        }
        return out;
    }

    private static Markup overlaps(ReadingEvidence reading, List<TargetEvidence> targets, Gates gates) {
        List<TargetEvidence> meaningful = StudyFacts.meaningful(targets);
        Markup out = new Markup();
        out.open("table", "class", "pairs").open("tbody");
        Table.pair(
                out,
                "Weight two seeds agree on, up to paraphrase",
                percent(reading.agreement()) + "; the gate is " + percent(gates.overlap()));
        Table.pair(out, "Two halves of the fit split", mean(meaningful, Stability::halves));
        Table.pair(out, "Two halves of the candidates", mean(meaningful, Stability::dictionaries));
        Table.pair(out, "Lists of two soft prompts of equal behaviour", percent(reading.wayward()));
        Table.pair(
                out,
                "Prompts as fluent as nine in ten of the dictionary",
                mean(meaningful, Stability::fluent) + "; the gate is " + percent(gates.fluent()));
        double condition = StudyFacts.median(meaningful, one -> one.stability().condition());
        Table.pair(out, "Condition of the curvature, median", Figures.plain(condition));
        return out.close().closeLine();
    }

    private static String mean(List<TargetEvidence> targets, ToDoubleFunction<Stability> quantity) {
        return percent(StudyFacts.mean(targets, one -> quantity.applyAsDouble(one.stability())));
    }

    private static Markup lists(List<TargetEvidence> targets) {
        Markup out = Table.openFigures("Target", "Seed", "Heaviest prompts", "Perplexity");
        for (TargetEvidence one : StudyFacts.seedsTogether(targets)) {
            List<Atom> atoms = one.atoms().stream().limit(MOST_PROMPTS).toList();
            out.open("tr")
                    .open("th", "scope", "row", "dir", "auto", "class", "words")
                    .text(one.target().name());
            out.element("small", " " + one.target().text()).close();
            out.element("td", String.valueOf(one.seed())).open("td", "class", "words", "dir", "auto");
            atoms.forEach(atom -> out.element("div", Figures.signed(atom.weight()) + " " + atom.text()));
            if (one.atoms().size() > atoms.size()) {
                out.element("div", "and " + (one.atoms().size() - atoms.size()) + " more", "class", "quiet");
            }
            out.close();
            out.element(
                    "td",
                    atoms.stream().map(atom -> Figures.plain(atom.perplexity())).collect(Collectors.joining(", ")));
            out.closeLine();
        }
        return Table.closeFigures(out);
    }
}
