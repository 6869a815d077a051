package assay.lab.scorecard;

import assay.base.sparse.Correlation;
import assay.base.sparse.Interval;
import assay.base.sparse.Quantiles;
import assay.lab.scorecard.Template.Figure;
import assay.show.page.Figures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// The figures of the answer, by name, worked out from the documents of two runs: of a study, and of one adapter with
/// second training runs beside it.
final class AnswerFigures {
    private final Map<String, Figure> figures = new LinkedHashMap<>();

    private AnswerFigures() {}

    static Map<String, Figure> of(JsonNode study, JsonNode adapter) {
        AnswerFigures all = new AnswerFigures();
        all.study(study);
        all.claims(study);
        all.targets(study);
        all.distilled(study);
        all.reading(study);
        all.predicates(study);
        all.rivals(study);
        all.adapter(adapter);
        all.longer(adapter);
        return all.figures;
    }

    /// How many targets went which way, as reasons have it.
    private static final Pattern COUNTS =
            Pattern.compile("(?<yes>\\d+) yes, (?<no>\\d+) no, (?<undecided>\\d+) undecided of (?<of>\\d+)");

    private void study(JsonNode study) {
        words("model", study.path("model").path("name").asString(""));
        words("study.command", study.path("provenance").path("command").asString(""));
        words("study.code", study.path("provenance").path("code").asString("").substring(0, 12));
        words("study.file", study.path("study").path("sha256").asString("").substring(0, 12));
        count("study.seeds", study.path("study").path("seeds").size());
    }

    private void claims(JsonNode study) {
        for (JsonNode claim : study.path("verdict")) {
            String name = claim.path("claim").asString("");
            words(
                    name + ".holds",
                    switch (claim.path("holds").asString("")) {
                        case "yes" -> "holds";
                        case "no" -> "fails";
                        default -> "undecided";
                    });
            words(name + ".because", claim.path("because").asString(""));
            Matcher counts = COUNTS.matcher(claim.path("because").asString(""));
            if (counts.find()) {
                for (String part : List.of("yes", "no", "undecided", "of")) {
                    count(name + "." + part, Long.parseLong(counts.group(part)));
                }
            }
        }
        for (JsonNode expected : study.path("study").path("predictions")) {
            words(
                    expected.path("claim").asString("") + ".expected",
                    expected.path("holds").asString(""));
        }
    }

    /// What lists of K prompts close, by kind of target: the median over targets, each the mean of its seeds.
    private void targets(JsonNode study) {
        Map<String, Map<String, List<JsonNode>>> kinds = byKindAndName(study);
        kinds.forEach((kind, targets) -> {
            count(kind + ".targets", targets.size());
            for (int k : List.of(1, 5, 10, 20, 50, 100, 200)) {
                for (String what : List.of("closed", "null", "excess", "own", "expected")) {
                    spread(kind + "." + what + "@" + k, each(targets, step -> number(step, what), k));
                }
                spread(kind + ".worse@" + k, each(targets, AnswerFigures::worse, k));
            }
        });
        kinds.values()
                .forEach(targets -> targets.forEach((name, seeds) -> {
                    words(name + ".text", seeds.getFirst().path("text").asString(""));
                    words(name + ".heaviest", listed(seeds.getFirst().path("mixture"), 3));
                    for (String what : List.of("closed", "null", "own")) {
                        share(name + "." + what + "@20", mean(seeds, 20, what));
                    }
                }));
        List<JsonNode> meaningful = new ArrayList<>();
        kinds.forEach((kind, targets) -> {
            if (!kind.startsWith("null") && !kind.equals("random-soft") && !kind.equals("gibberish")) {
                targets.values().forEach(meaningful::addAll);
            }
        });
        foreseen(meaningful);
        double[] controls = kinds.entrySet().stream()
                .filter(kind -> kind.getKey().startsWith("null"))
                .flatMap(kind -> kind.getValue().values().stream())
                .mapToDouble(seeds -> mean(seeds, 5, "excess").value())
                .toArray();
        spread("controls.excess@5", controls);
        count("controls", controls.length);
    }

    static Map<String, Map<String, List<JsonNode>>> byKindAndName(JsonNode study) {
        Map<String, Map<String, List<JsonNode>>> kinds = new LinkedHashMap<>();
        for (JsonNode target : study.path("targets")) {
            kinds.computeIfAbsent(target.path("kind").asString(""), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(target.path("name").asString(""), _ -> new ArrayList<>())
                    .add(target);
        }
        return kinds;
    }

    /// How near what was foreseen of five random prompts is to what was measured.
    private void foreseen(List<JsonNode> targets) {
        List<JsonNode> steps = targets.stream()
                .map(target -> at(target, 5))
                .filter(step -> Double.isFinite(number(step, "expected")) && Double.isFinite(number(step, "null")))
                .toList();
        double[] gaps = steps.stream()
                .mapToDouble(step -> number(step, "expected") - number(step, "null"))
                .toArray();
        spread("foreseen.gap", gaps);
        double below = Arrays.stream(gaps).filter(gap -> gap < 0).count();
        share("foreseen.below", exact(gaps.length == 0 ? Double.NaN : below / gaps.length));
        double[] expected =
                steps.stream().mapToDouble(step -> number(step, "expected")).toArray();
        double[] measured =
                steps.stream().mapToDouble(step -> number(step, "null")).toArray();
        decimal("foreseen.order", Correlation.ofRanks(expected, measured));
    }

    private void distilled(JsonNode study) {
        Map<String, List<JsonNode>> adapters = new LinkedHashMap<>();
        study.path("distilled")
                .forEach(one -> adapters.computeIfAbsent(one.path("name").asString(""), _ -> new ArrayList<>())
                        .add(one));
        adapters.forEach((name, seeds) -> share("soft." + name, mean(seeds, "closed")));
        double[] elicited = adapters.values().stream()
                .filter(seeds -> seeds.getFirst().path("kind").asString("").equals("elicitation"))
                .mapToDouble(seeds -> mean(seeds, "closed").value())
                .toArray();
        spread("soft.elicited", elicited);
        count("soft.elicited.count", elicited.length);
        count("soft.tokens", study.path("distilled").path(0).path("tokens").asInt());
    }

    private void reading(JsonNode study) {
        for (JsonNode matching : study.path("reading").path("matching")) {
            String texts = matching.path("texts").asString("").replace(' ', '-');
            int cases = matching.path("cases").asInt();
            matched("matched." + texts, matching.path("right").asDouble(), cases);
        }
        List<JsonNode> edits = all(study.path("reading").path("edits"));
        long right =
                edits.stream().filter(edit -> edit.path("right").asBoolean()).count();
        figures.put("edits", new Figure((double) right / Math.max(1, edits.size()), right + " of " + edits.size()));
    }

    private void predicates(JsonNode study) {
        List<JsonNode> telling = all(study.path("predicates")).stream()
                .filter(one -> one.path("contexts").asString("").equals("telling"))
                .toList();
        spread("predicates.closed", array(telling, one -> number(one, "log_pool")));
        spread("predicates.null", array(telling, one -> number(one, "null")));
        spread("predicates.linear", array(telling, one -> number(one, "say_linear")));
        for (JsonNode one : all(study.path("predicates"))) {
            String name =
                    one.path("name").asString("") + "." + one.path("contexts").asString("");
            share(name + ".closed", interval(one, "log_pool"));
            decimal(name + ".plain", number(one, "skill_plain"));
            decimal(name + ".skill", number(one, "skill_predicate"));
            decimal(name + ".rank", number(one, "effective_rank"));
        }
    }

    private void rivals(JsonNode study) {
        StringBuilder rows = new StringBuilder("| way | closed | named | seconds a target |\n|---|---|---|---|\n");
        for (JsonNode rival : study.path("rivals")) {
            String name = rival.path("name").asString("");
            Figure closed = written(interval(rival, "closed"));
            Figure right = written(interval(rival, "named"));
            figures.put("rival." + name.replace(' ', '-') + ".closed", closed);
            figures.put("rival." + name.replace(' ', '-') + ".named", right);
            rows.append("| ")
                    .append(String.join(
                            " | ", name, closed.written(), right.written(), Figures.plain(number(rival, "seconds"))))
                    .append(" |\n");
        }
        words("rivals", rows.toString().strip());
    }

    private void adapter(JsonNode adapter) {
        words("adapter.command", adapter.path("provenance").path("command").asString(""));
        JsonNode expected = adapter.path("controls").path("spectrum").path("expected");
        count("width", expected.path("width").asInt());
        count("vocabulary", expected.path("vocabulary").asInt());
        count("needed", expected.path("needed").asInt());
        decimal("rank", number(expected, "effective_rank"));
        for (String side : List.of("foreign", "own")) {
            JsonNode noise = adapter.path("noise").path(side);
            share("adapter." + side, interval(noise, "closed", "ci"));
            share("adapter." + side + ".lower", interval(noise.path("ceiling"), "lower"));
            share("adapter." + side + ".upper", interval(noise.path("ceiling"), "upper"));
            share("adapter." + side + ".share", interval(noise, "share"));
        }
        count("adapter.prompts", adapter.path("chosen_k").asInt());
        words("adapter.list", listed(adapter.path("plain").path("prompts"), Integer.MAX_VALUE));
        count("dictionary", adapter.path("effort").path("atlas_prompts").asInt());
        JsonNode energy = adapter.path("controls").path("spectrum").path("energy");
        for (int k : List.of(1, 10, 40)) {
            share("energy@" + k, exact(energy.path(k - 1).asDouble(Double.NaN)));
        }
    }

    /// Prompts with their weights, a line each.
    private static String listed(JsonNode prompts, int most) {
        return prompts.valueStream()
                .limit(most)
                .map(prompt -> String.format(
                        Locale.ROOT,
                        "- %+.2f %s",
                        prompt.path("weight").asDouble(),
                        prompt.path("prompt").asString("")))
                .collect(Collectors.joining("\n"));
    }

    /// What is closed in longer talk, by position and by turn, on foreign answers.
    private void longer(JsonNode adapter) {
        for (JsonNode bucket : adapter.path("long").path("sides").path(0).path("buckets")) {
            String part = bucket.path("part").asString("").replace('–', '-');
            String name = "long." + bucket.path("by").asString("") + "." + part;
            share(name, interval(bucket, "closed"));
            decimal(name + ".base", number(bucket, "kl_base"));
        }
    }

    private void words(String name, String words) {
        figures.put(name, Figure.words(words));
    }

    private void count(String name, long number) {
        figures.put(name, new Figure(number, Figures.count(number)));
    }

    private void decimal(String name, double number) {
        figures.put(name, new Figure(number, two(number)));
    }

    private void share(String name, Interval share) {
        figures.put(name, written(share));
    }

    private void matched(String name, double share, int cases) {
        figures.put(name, new Figure(share, Math.round(share * cases) + " of " + cases));
    }

    /// The median of some shares, and the least and the most of them where there are several.
    private void spread(String name, double[] shares) {
        double[] sorted =
                Arrays.stream(shares).filter(Double::isFinite).sorted().toArray();
        if (sorted.length == 0) {
            figures.put(name, new Figure(Double.NaN, Figures.NOTHING));
            return;
        }
        double median = Quantiles.of(sorted, 0.5);
        figures.put(name, new Figure(median, two(median)));
        figures.put(name + ".least", new Figure(sorted[0], two(sorted[0])));
        figures.put(name + ".most", new Figure(sorted[sorted.length - 1], two(sorted[sorted.length - 1])));
    }

    private static Figure written(Interval share) {
        if (!Double.isFinite(share.value())) {
            return new Figure(Double.NaN, Figures.NOTHING);
        }
        boolean bounded = Double.isFinite(share.low()) && share.low() < share.high();
        return new Figure(share.value(), bounded ? share.written() : two(share.value()));
    }

    /// A figure of every target at one number of prompts, the mean of its seeds.
    static double[] each(Map<String, List<JsonNode>> targets, ToDoubleFunction<JsonNode> figure, int k) {
        return targets.values().stream()
                .mapToDouble(seeds -> seeds.stream()
                        .mapToDouble(seed -> figure.applyAsDouble(at(seed, k)))
                        .average()
                        .orElse(Double.NaN))
                .toArray();
    }

    private static double worse(JsonNode step) {
        return Math.min(number(step, "closed"), number(step, "own"));
    }

    /// The mean over seeds, with the widest bounds any of them has.
    private static Interval mean(List<JsonNode> seeds, int k, String what) {
        return mean(seeds.stream().map(seed -> at(seed, k)).toList(), what);
    }

    private static Interval mean(List<JsonNode> seeds, String what) {
        List<Interval> all = seeds.stream().map(seed -> interval(seed, what)).toList();
        return new Interval(
                all.stream().mapToDouble(Interval::value).average().orElse(Double.NaN),
                all.stream().mapToDouble(Interval::low).min().orElse(Double.NaN),
                all.stream().mapToDouble(Interval::high).max().orElse(Double.NaN));
    }

    /// The step of a curve with K prompts.
    static JsonNode at(JsonNode target, int k) {
        return all(target.path("curve")).stream()
                .filter(step -> step.path("k").asInt() == k)
                .findFirst()
                .orElse(target.path("missing"));
    }

    static List<JsonNode> all(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    static double number(JsonNode node, String field) {
        return node.path(field).asDouble(Double.NaN);
    }

    static Interval interval(JsonNode node, String field) {
        return interval(node, field, field.equals("closed") ? "ci" : field + "_ci");
    }

    private static Interval interval(JsonNode node, String field, String bounds) {
        JsonNode both = node.path(bounds);
        return new Interval(
                number(node, field),
                both.path(0).asDouble(Double.NaN),
                both.path(1).asDouble(Double.NaN));
    }

    private static Interval exact(double value) {
        return new Interval(value, Double.NaN, Double.NaN);
    }

    private static double[] array(List<JsonNode> nodes, ToDoubleFunction<JsonNode> figure) {
        return nodes.stream().mapToDouble(figure).toArray();
    }

    private static String two(double number) {
        return Double.isFinite(number) ? String.format(Locale.ROOT, "%.2f", number) : Figures.NOTHING;
    }
}
