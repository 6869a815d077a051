package assay.lab.scorecard;

import assay.InputException;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Prose by people, figures by rule: `{name}` stands for a figure, and `{require name >= 0.9}` says what must be true
/// of
/// figures for the sentence behind it to be true. Where it is not, there is no page.
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{([^{}]+)}");
    private static final Pattern CONDITION = Pattern.compile("require (\\S+) (>=|<=|=) (\\S+)");

    private Template() {}

    /// A number and how it is written; words are no number.
    record Figure(double value, String written) {
        static Figure words(String words) {
            return new Figure(Double.NaN, words);
        }
    }

    /// The text with every figure in its place.
    ///
    /// @throws InputException if a figure is unknown or a sentence is not true of the figures
    static String filled(String template, Map<String, Figure> figures) {
        String text =
                template.lines().filter(line -> !line.startsWith("{#")).collect(Collectors.joining("\n", "", "\n"));
        return PLACE.matcher(text).replaceAll(place -> Matcher.quoteReplacement(said(place, figures)));
    }

    private static String said(MatchResult place, Map<String, Figure> figures) {
        String inside = place.group(1);
        Matcher condition = CONDITION.matcher(inside);
        if (!condition.matches()) {
            return figure(inside, figures).written();
        }
        Figure left = figure(condition.group(1), figures);
        if (!holds(left, condition.group(2), condition.group(3), figures)) {
            throw new InputException("answer: expected " + inside.substring("require ".length()) + ", found "
                    + left.written() + " (docs/results/answer.template.md). Rewrite the sentence behind it.");
        }
        return "";
    }

    private static boolean holds(Figure left, String how, String right, Map<String, Figure> figures) {
        if (how.equals("=")) {
            return left.written().equals(right);
        }
        double other =
                Character.isLetter(right.charAt(0)) ? figure(right, figures).value() : Double.parseDouble(right);
        return how.equals(">=") ? left.value() >= other : left.value() <= other;
    }

    private static Figure figure(String name, Map<String, Figure> figures) {
        Figure figure = figures.get(name);
        if (figure == null) {
            throw new InputException("answer: expected a figure that the documents hold, found {" + name
                    + "} (docs/results/answer.template.md). Known: " + String.join(", ", figures.keySet()) + ".");
        }
        return figure;
    }
}
