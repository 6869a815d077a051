package assay.lab.scorecard;

import assay.base.sparse.Quantiles;
import assay.show.page.Markup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The three pictures of the answer, each a file by itself.
final class AnswerPictures {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 380;
    private static final double LEFT = 54;
    private static final double RIGHT = 560;
    private static final double TOP = 26;
    private static final double BOTTOM = 330;

    private static final String LIST = "#1b6ca8";
    private static final String CHANCE = "#8a8a8a";
    private static final String ADAPTER = "#b5532a";
    private static final String FORESEEN = "#5b8c3a";

    /// Numbers of prompts that are measured, and named along the bottom.
    private static final List<Integer> NUMBERS = List.of(1, 2, 5, 10, 20, 50, 100, 200);

    /// Kinds of targets in the map, each with its colour and name.
    private static final List<Kind> KINDS = List.of(
            new Kind("prompt", LIST, "system prompt"),
            new Kind("adapter", ADAPTER, "adapter"),
            new Kind("soft", "#c99a00", "trained soft prompt"),
            new Kind("planted", FORESEEN, "planted mixture"),
            new Kind("random-soft", "#7a5299", "random vectors"),
            new Kind("gibberish", "#c65d9b", "gibberish"));

    private record Kind(String kind, String colour, String name) {}

    private AnswerPictures() {}

    /// All pictures, by their files' names.
    static Map<String, String> of(JsonNode study, JsonNode adapter) {
        Map<String, String> pictures = new LinkedHashMap<>();
        pictures.put("answer-curve.svg", curve(study, adapter));
        pictures.put("answer-map.svg", map(study));
        pictures.put("answer-spectrum.svg", spectrum(study, adapter));
        return pictures;
    }

    /// A place in a picture's own numbers.
    private record Point(double x, double y) {}

    /// An axis from `least` to `most`, by logarithms or evenly.
    private record Scale(double least, double most, double from, double to, boolean isLogarithmic) {
        double at(double value) {
            double share =
                    isLogarithmic ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
            return from + (to - from) * Math.clamp(share, 0, 1);
        }
    }

    /// A picture on its way.
    private record Picture(Markup out, Scale x, Scale y, List<Double> labels) {
        static Picture begun(String title, Scale x, Scale y) {
            return new Picture(PerformancePage.canvas(WIDTH, HEIGHT, 13, title), x, y, new ArrayList<>());
        }

        Picture across(String name, double... ticks) {
            text(LEFT, TOP - 6, name, "start", "#555");
            for (double tick : ticks) {
                String at = Markup.coordinate(y.at(tick));
                line(LEFT, y.at(tick), RIGHT, y.at(tick), "#e2e2e2", "none");
                out.element(
                        "text",
                        String.format(Locale.ROOT, "%.2f", tick),
                        "x",
                        Markup.coordinate(LEFT - 6),
                        "y",
                        at,
                        "text-anchor",
                        "end",
                        "dominant-baseline",
                        "middle",
                        "fill",
                        "#555");
            }
            return this;
        }

        Picture along(String name, String format, double... ticks) {
            for (double tick : ticks) {
                text(x.at(tick), BOTTOM + 18, String.format(Locale.ROOT, format, tick), "middle", "#555");
            }
            text((LEFT + RIGHT) / 2, BOTTOM + 38, name, "middle", "#555");
            return this;
        }

        /// Shares up the side, numbers along the bottom.
        void numbered(String up, String along) {
            across(up, 0, 0.25, 0.5, 0.75, 1)
                    .along(along, "%.0f", NUMBERS.stream().mapToDouble(k -> k).toArray());
        }

        void line(double x1, double y1, double x2, double y2, String colour, String dashes) {
            out.empty(
                    "line",
                    "x1",
                    Markup.coordinate(x1),
                    "y1",
                    Markup.coordinate(y1),
                    "x2",
                    Markup.coordinate(x2),
                    "y2",
                    Markup.coordinate(y2),
                    "stroke",
                    colour,
                    "stroke-dasharray",
                    dashes);
        }

        void text(double at, double up, String said, String anchor, String colour) {
            out.element(
                    "text",
                    said,
                    "x",
                    Markup.coordinate(at),
                    "y",
                    Markup.coordinate(up),
                    "text-anchor",
                    anchor,
                    "fill",
                    colour);
        }

        /// A line through what was measured, named at its end.
        Picture path(List<Point> points, String colour, String dashes, String name) {
            List<Point> measured =
                    points.stream().filter(point -> Double.isFinite(point.y())).toList();
            if (measured.isEmpty()) {
                return this;
            }
            StringBuilder path = new StringBuilder();
            for (Point point : measured) {
                path.append(path.isEmpty() ? "" : " ")
                        .append(Markup.coordinate(x.at(point.x())))
                        .append(',')
                        .append(Markup.coordinate(y.at(point.y())));
            }
            out.empty(
                    "polyline",
                    "points",
                    path.toString(),
                    "fill",
                    "none",
                    "stroke",
                    colour,
                    "stroke-width",
                    "2.5",
                    "stroke-dasharray",
                    dashes);
            return named(y.at(measured.getLast().y()), name, colour);
        }

        /// A name at the right, moved off those that are there.
        Picture named(double wanted, String name, String colour) {
            double at = wanted;
            while (at < BOTTOM && near(at)) {
                at += 2;
            }
            for (; near(at); at -= 2) {}
            labels.add(at);
            text(RIGHT + 8, at + 4, name, "start", colour);
            return this;
        }

        private boolean near(double at) {
            return labels.stream().anyMatch(taken -> Math.abs(taken - at) < 15);
        }

        String finished() {
            return out.close().finished() + "\n";
        }
    }

    /// A picture of shares over numbers.
    private static Picture overNumbers(String title) {
        return Picture.begun(
                title,
                new Scale(NUMBERS.getFirst(), NUMBERS.getLast(), LEFT + 8, RIGHT, true),
                new Scale(0, 1, BOTTOM, TOP, false));
    }

    /// Closed by lists and by as many random prompts, over their number; behind them what a second training run
    /// reaches.
    private static String curve(JsonNode study, JsonNode adapter) {
        Picture picture = overNumbers(
                "Share of the KL closed over the number of prompts: lists found, as many random prompts, and what a"
                        + " second training run reaches");
        JsonNode ceiling = adapter.path("noise").path("foreign").path("ceiling");
        double lower = AnswerFigures.number(ceiling, "lower");
        double upper = AnswerFigures.number(ceiling, "upper");
        if (Double.isFinite(lower) && Double.isFinite(upper)) {
            picture.out()
                    .empty(
                            "rect",
                            "x",
                            Markup.coordinate(LEFT),
                            "y",
                            Markup.coordinate(picture.y().at(upper)),
                            "width",
                            Markup.coordinate(RIGHT - LEFT),
                            "height",
                            Markup.coordinate(
                                    picture.y().at(lower) - picture.y().at(upper)),
                            "fill",
                            "#f0d9cc");
        }
        picture.numbered("closed", "prompts in the list");
        Map<String, Map<String, List<JsonNode>>> kinds = AnswerFigures.byKindAndName(study);
        Map<String, List<JsonNode>> prompts = kinds.getOrDefault("prompt", Map.of());
        picture.path(steps(prompts, "closed"), LIST, "none", prompts.size() + " system prompts, median");
        picture.path(steps(prompts, "null"), LIST, "5 4", "random, system prompts");
        picture.path(steps(adapter, "closed"), ADAPTER, "none", "pirate adapter");
        picture.path(steps(adapter, "null"), ADAPTER, "5 4", "random, pirate adapter");
        if (Double.isFinite(lower)) {
            double middle = picture.y().at((lower + upper) / 2);
            picture.text(RIGHT - 8, middle + 4, "a second training run", "end", "#a06a4c");
        }
        return picture.finished();
    }

    /// Every target by what twenty prompts close and by how much of that is more than random prompts do.
    private static String map(JsonNode study) {
        Picture picture = Picture.begun(
                "Every target by the share closed at twenty prompts and its excess over as many random prompts",
                new Scale(0, 1, LEFT + 8, RIGHT, false),
                new Scale(-0.1, 0.7, BOTTOM, TOP, false));
        picture.across("closed, less what twenty random prompts close", 0, 0.2, 0.4, 0.6)
                .along("closed by twenty prompts", "%.2f", 0, 0.25, 0.5, 0.75, 1);
        double gate =
                picture.x().at(study.path("study").path("gates").path("closed").asDouble(0.9));
        picture.line(gate, TOP, gate, BOTTOM, "#444", "4 3");
        picture.text(gate, TOP - 6, "gate", "middle", "#444");
        for (Kind kind : KINDS) {
            Map<String, List<JsonNode>> targets =
                    AnswerFigures.byKindAndName(study).getOrDefault(kind.kind(), Map.of());
            if (!targets.isEmpty()) {
                picture.named(TOP + 10, "● " + kind.name(), kind.colour());
            }
            double[] closed = each(targets, "closed", 20);
            double[] excess = each(targets, "excess", 20);
            List<String> names = List.copyOf(targets.keySet());
            for (int i = 0; i < closed.length; i++) {
                if (Double.isFinite(closed[i]) && Double.isFinite(excess[i])) {
                    dot(picture, closed[i], excess[i], kind.colour(), names.get(i));
                }
            }
        }
        return picture.finished();
    }

    private static void dot(Picture picture, double closed, double excess, String colour, String name) {
        String x = Markup.coordinate(picture.x().at(closed));
        String y = Markup.coordinate(picture.y().at(excess));
        picture.out().open("circle", "cx", x, "cy", y, "r", "6", "fill", colour, "fill-opacity", "0.8");
        picture.out().element("title", String.format(Locale.ROOT, "%s: %.2f closed, %.2f more", name, closed, excess));
        picture.out().close();
    }

    /// How few directions hold what prompts change, and what that lets random prompts close.
    private static String spectrum(JsonNode study, JsonNode adapter) {
        Picture picture = overNumbers(
                "Share held by the largest n directions of what prompts change, beside what n random prompts close,"
                        + " foreseen and measured");
        picture.numbered("share of energy, or closed", "directions, or prompts");
        List<Point> energy = new ArrayList<>();
        for (JsonNode share : adapter.path("controls").path("spectrum").path("energy")) {
            energy.add(new Point(energy.size() + 1, share.asDouble()));
        }
        Map<String, List<JsonNode>> prompts = AnswerFigures.byKindAndName(study).getOrDefault("prompt", Map.of());
        picture.path(
                energy.subList(0, Math.min(NUMBERS.getLast(), energy.size())),
                "#444",
                "2 3",
                "energy of the dictionary");
        picture.path(steps(prompts, "closed"), LIST, "none", "lists found");
        picture.path(steps(prompts, "expected"), FORESEEN, "6 3", "random, foreseen");
        picture.path(steps(prompts, "null"), CHANCE, "none", "random, measured");
        return picture.finished();
    }

    /// Of one explanation, for every number of prompts it has.
    private static List<Point> steps(JsonNode explanation, String what) {
        return explanation
                .path("curve")
                .valueStream()
                .filter(step -> NUMBERS.contains(step.path("k").asInt()))
                .map(step -> new Point(step.path("k").asInt(), AnswerFigures.number(step, what)))
                .toList();
    }

    /// The median over targets, each the mean of its seeds, for every number of prompts.
    private static List<Point> steps(Map<String, List<JsonNode>> targets, String what) {
        List<Point> points = new ArrayList<>();
        for (int k : NUMBERS) {
            double[] shares = Arrays.stream(each(targets, what, k))
                    .filter(Double::isFinite)
                    .toArray();
            points.add(new Point(k, shares.length == 0 ? Double.NaN : Quantiles.of(shares, 0.5)));
        }
        return points;
    }

    private static double[] each(Map<String, List<JsonNode>> targets, String what, int k) {
        return AnswerFigures.each(targets, step -> AnswerFigures.number(step, what), k);
    }
}
