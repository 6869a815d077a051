package assay.show.report;

import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.HeatToken;
import assay.show.page.Figures;
import assay.show.page.Markup;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// The parts of the page that are looked at, not counted: answers side by side, and where in an answer the
/// mixture errs.
public final class Illustrations {
    /// Where the levels of heat begin, nats; the same in every report, so that reports can be compared.
    public static final List<Double> LEVELS = List.of(0.02, 0.1, 0.3, 1.0, 3.0);

    private Illustrations() {}

    /// Answers of base, target and mixture, beside each other where there is room.
    static Markup samples(List<Explanation.SampleAnswer> samples) {
        Markup out = new Markup();
        if (samples.isEmpty()) {
            return out.quiet("No answers were written.");
        }
        for (Explanation.SampleAnswer sample : samples) {
            out.open("article", "class", "sample");
            out.element("h3", sample.user(), "dir", "auto");
            out.open("div", "class", "answers");
            answer(out, "base", "Base", sample.base());
            answer(out, "target", "Target", sample.target());
            answer(out, "mixture", "Mixture", sample.mixture());
            out.close().closeLine();
        }
        return out;
    }

    /// Each answer twice, token by token: what the base leaves to explain, and what the mixture leaves.
    static Markup heat(List<Explanation.HeatLine> lines) {
        Markup out = new Markup();
        if (lines.isEmpty()) {
            return out.quiet("No tokens were kept.");
        }
        legend(out);
        for (Explanation.HeatLine line : lines) {
            out.open("article", "class", "heat").open("h3", "dir", "auto").text(line.user());
            out.element("small", " " + line.contexts() + " context").close();
            row(out, "base", line.tokens(), HeatToken::base);
            row(out, "mixture", line.tokens(), HeatToken::mixture);
            out.closeLine();
        }
        return out;
    }

    private static void answer(Markup out, String style, String name, String text) {
        out.open("div", "class", style).element("h4", name);
        out.element("p", text.isEmpty() ? "(nothing)" : text.strip(), "dir", "auto", "class", "answer");
        out.close();
    }

    private static void legend(Markup out) {
        out.open("p", "class", "legend").text("KL from the target where the token was predicted, nats: ");
        for (int level = 0; level <= LEVELS.size(); level++) {
            String name = level == 0 ? "below " + LEVELS.getFirst() : "from " + LEVELS.get(level - 1);
            out.element("span", name, "class", "token h" + level).text(" ");
        }
        out.closeLine();
    }

    private static void row(Markup out, String name, List<HeatToken> tokens, ToDoubleFunction<HeatToken> quantity) {
        out.open("div", "class", "tokens").element("span", name, "class", "row-name");
        out.open("p", "dir", "auto");
        for (HeatToken token : tokens) {
            String numbers =
                    "base " + Figures.plain(token.base()) + ", mixture " + Figures.plain(token.mixture()) + " nats";
            out.open("span", "class", "token " + level(quantity.applyAsDouble(token)), "title", numbers);
            token(out, token.text());
            out.close().empty("wbr");
        }
        out.close().close();
    }

    /// Shows a token with its spaces, tabs and line breaks visible.
    static void token(Markup out, String text) {
        if (text.isEmpty()) {
            out.element("i", "∅");
        }
        text.codePoints().forEach(point -> {
            if (mark(point).isEmpty()) {
                out.text(Character.toString(point));
            } else {
                out.element("i", mark(point));
            }
        });
    }

    /// As [#token], for a terminal.
    static String token(String text) {
        return text.isEmpty()
                ? "∅"
                : text.codePoints()
                        .mapToObj(point -> mark(point).isEmpty() ? Character.toString(point) : mark(point))
                        .collect(Collectors.joining());
    }

    private static String mark(int point) {
        return switch (point) {
            case ' ' -> "·";
            case '\n' -> "⏎";
            case '\r' -> "␍";
            case '\t' -> "⇥";
            default -> "";
        };
    }

    private static String level(double nats) {
        if (!Double.isFinite(nats)) {
            return "unknown";
        }
        return "h" + LEVELS.stream().filter(least -> nats >= least).count();
    }
}
