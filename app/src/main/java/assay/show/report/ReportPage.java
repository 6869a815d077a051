package assay.show.report;

import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Outcome;
import assay.show.page.Markup;
import java.util.List;
import java.util.Locale;

/// What the pages of all results have in common: the verdict they open with, and the claims they speak to.
public final class ReportPage {
    private ReportPage() {}

    /// The verdict in plain words, and the cause unless it is a good one.
    public static void headline(Markup out, String eyebrow, Headline headline) {
        out.open("header").element("p", "Assay · " + eyebrow, "class", "eyebrow");
        out.open("h1", "class", headline.outcome().name().toLowerCase(Locale.ROOT));
        out.element("strong", headline.word()).text(": " + headline.verdict()).close();
        out.element("p", headline.support(), "class", "lead");
        if (headline.outcome() != Outcome.YES && !headline.because().isBlank()) {
            out.open("p", "class", "lead")
                    .element("b", "Why: ")
                    .text(headline.because())
                    .close();
        }
        out.closeLine();
    }

    /// The claims a run speaks to.
    public static void verdict(Markup out, List<Finding> findings) {
        out.open("section", "id", "verdict").element("h2", "Verdict, claim by claim");
        if (findings.isEmpty()) {
            out.element("p", "No claim was judged.", "class", "quiet");
        } else {
            out.open("ul", "class", "claims");
            findings.forEach(finding -> finding(out, finding));
            out.close();
        }
        out.closeLine();
    }

    private static void finding(Markup out, Finding finding) {
        String outcome = finding.holds().name().toLowerCase(Locale.ROOT);
        out.open("li", "class", outcome).element("span", finding.claim().id(), "class", "claim");
        out.open("div").open("p", "class", "says").text(finding.claim().ofOneTarget() + " ");
        out.element("strong", Headline.word(finding.holds()), "class", "outcome")
                .close();
        out.element("p", finding.because()).close().closeLine();
    }
}
