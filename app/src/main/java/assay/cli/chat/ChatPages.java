package assay.cli.chat;

import assay.show.page.Columns;
import assay.tasks.talk.Column;
import assay.tasks.talk.Figures;
import assay.tasks.talk.PromptList;
import assay.tasks.talk.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What commands of a chat show, as lines.
final class ChatPages {
    /// Tokens of which it is said why.
    private static final int MOST_TOKENS = 80;

    private static final int LOUDEST = 3;

    private ChatPages() {}

    /// Every command with what it does.
    static List<String> help() {
        return """
                /weights                the prompts, with their numbers and weights
                /weight 3 -0.5          gives prompt 3 another weight, also below 0
                /off 3, /on 3           leaves prompt 3 out of the mixture, or takes it in again
                /drop 3                 removes it
                /edit 2 You are old.    puts another text in its place
                /add 0.5 You are old.   adds a prompt; without a number its weight is 0.5
                /refit                  fits the weights of all prompts that are on, on the fit split
                /figures                what the mixture closes, on the search split
                /scale 2                makes the adapter stronger, weaker, or the other way (-1)
                /why                    which prompt spoke in the mixture's last answer, token by token
                /top 5                  what each column expected in the place of token 5 of that answer
                /branch 5 " mate"       goes on from token 5 of it with another word
                /again                  answers the last message once more, with the next seed
                /new                    begins a new conversation
                /columns base mixture   who answers: base, target, soft, mixture
                /seed 3, /temperature 0.7, /topp 0.9, /tokens 128
                /system Be brief.       a system message behind every prompt; none without a text
                /prefill Sure,          how every answer begins; none without a text
                /raw                    no chat template: a message is a text to go on with; again: as before
                /save                   keeps the prompts in the run folder, as mixture-1.json
                /export python [FILE]   the mixture as a program for transformers; also: json, text, soft
                /quit                   ends the chat, as Ctrl-D does; Enter stops an answer""".lines().toList();
    }

    /// The prompts with their numbers.
    static List<String> weights(PromptList prompts, double scale) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < prompts.parts().size(); i++) {
            PromptList.Part part = prompts.parts().get(i);
            lines.add(String.format(
                    Locale.ROOT,
                    "%3d %+.3f %s%s",
                    i + 1,
                    part.weight(),
                    Columns.visible(part.text()),
                    part.isOn() ? "" : "  (off)"));
        }
        if (lines.isEmpty()) {
            lines.add("No prompts yet: /add 0.5 You are a pirate.");
        }
        if (scale != 1) {
            lines.add(String.format(Locale.ROOT, "The adapter's scale is %s.", number(scale)));
        }
        return lines;
    }

    /// What the list closes.
    static List<String> figures(Figures figures) {
        String own = Double.isFinite(figures.own().value())
                ? "; on the target's own answers " + figures.own().written()
                : "";
        return List.of(
                "closed " + figures.closed().written() + " on the search split" + own + ".",
                String.format(
                        Locale.ROOT,
                        "The target is %.3f nats per token from the base, the mixture leaves %.3f of them.",
                        figures.klBase(),
                        figures.klMixture()));
    }

    /// Which prompt spoke.
    static List<String> why(Reading reading) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Each token's lead over the runner-up, in nats: of the base, and of the prompts that say most of it.");
        for (Reading.Place place : reading.places().stream().limit(MOST_TOKENS).toList()) {
            Reading.Why why = place.why().orElseThrow();
            String loudest = why.shares().stream()
                    .sorted(Comparator.comparingDouble(share -> -Math.abs(share.nats())))
                    .limit(LOUDEST)
                    .map(share -> String.format(Locale.ROOT, "%d: %+.2f", share.index() + 1, share.nats()))
                    .collect(Collectors.joining("  "));
            lines.add(String.format(
                    Locale.ROOT,
                    "%3d %s over %s %+6.2f = base %+6.2f  %s",
                    place.place() + 1,
                    Columns.left(token(place.text()), 14),
                    Columns.left(token(why.rivalText()), 14),
                    why.difference(),
                    why.base(),
                    loudest));
        }
        if (reading.places().size() > MOST_TOKENS) {
            lines.add("… and " + (reading.places().size() - MOST_TOKENS) + " tokens more");
        }
        double kl = reading.places().stream()
                .mapToDouble(Reading.Place::klMixture)
                .average()
                .orElse(0);
        lines.add(String.format(Locale.ROOT, "KL(target‖mixture) on this answer: %.3f nats per token.", kl));
        return lines;
    }

    /// What each column expected in one place.
    static List<String> top(Reading.Place place) {
        List<String> lines = new ArrayList<>();
        lines.add("In the place of " + token(place.text()) + ":");
        for (Column column : Column.values()) {
            Reading.Expected expected = place.columns().get(column);
            if (expected != null) {
                lines.add(Columns.left(column.toString(), 8)
                        + expected.likeliest().stream()
                                .map(choice -> String.format(
                                        Locale.ROOT, "%s %.0f%%", token(choice.text()), 100 * choice.probability()))
                                .collect(Collectors.joining("  ")));
            }
        }
        return lines;
    }

    private static String token(String text) {
        return "'" + Columns.cut(Columns.visible(text), 12) + "'";
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9 ? "" + (long) value : "" + value;
    }
}
