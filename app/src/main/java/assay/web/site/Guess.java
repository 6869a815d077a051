package assay.web.site;

import assay.web.http.Refused;
import assay.web.http.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A game that tests with people whether lists name their targets (claim S4): a list and four targets,
/// of which one is its own. Now and then the list is one that names nothing, which nobody is told before
/// the answer; on those a reader should do no better than chance.
final class Guess {
    private static final int OPTIONS = 4;
    private static final int MOST_OPEN = 500;
    /// One list in so many names nothing.
    private static final int NULL_IN = 4;

    private final Runs runs;
    private final List<Reading> examples;
    private final Random random;
    private final Map<Integer, Open> open = new LinkedHashMap<>();
    private int next;

    /// Where lists come from.
    enum Source {
        /// Lists that come with the program.
        EXAMPLES,
        /// Runs of the folder.
        RUNS
    }

    /// A prompt of a list.
    record Part(String prompt, double weight) {}

    /// A target and lists for it.
    ///
    /// @param found that should name it
    /// @param shuffled that should not; empty if there is none
    record Reading(String target, List<Part> found, List<Part> shuffled) {}

    private record Readings(String model, String madeBy, List<Reading> readings) {}

    /// A question.
    record Round(int round, List<Part> prompts, List<String> options) {}

    /// What is kept of it.
    private record Open(int right, boolean isNull) {}

    /// What was right.
    ///
    /// @param isNull whether the list was one that names nothing
    record Answer(int right, boolean isNull) {}

    Guess(Runs runs, long seed) {
        this.runs = runs;
        this.examples = bundled();
        this.random = new Random(seed);
    }

    private static List<Reading> bundled() {
        try (InputStream stream = Guess.class.getResourceAsStream("readings.json")) {
            if (stream == null) {
                throw new IllegalStateException("game: expected readings.json beside the classes, found none.");
            }
            return Wire.read(stream.readAllBytes(), Readings.class).readings();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Another question.
    ///
    /// @throws Refused if there are fewer than four targets
    synchronized Round ask(Source source) {
        List<Reading> all = new ArrayList<>(source == Source.EXAMPLES ? examples : ofRuns());
        if (all.size() < OPTIONS) {
            throw new Refused(
                    409,
                    "game: expected runs of at least " + OPTIONS + " targets, found " + all.size()
                            + ". Explain some more, or play with the examples.");
        }
        Collections.shuffle(all, random);
        List<Reading> shown = all.subList(0, OPTIONS);
        int right = random.nextInt(OPTIONS);
        Reading own = shown.get(right);
        boolean isNull = !own.shuffled().isEmpty() && random.nextInt(NULL_IN) == 0;
        int round = next++;
        open.put(round, new Open(right, isNull));
        if (open.size() > MOST_OPEN) {
            open.remove(open.keySet().iterator().next());
        }
        return new Round(
                round,
                isNull ? own.shuffled() : own.found(),
                shown.stream().map(Reading::target).toList());
    }

    /// The answer to one.
    ///
    /// @throws Refused if it was answered already or is forgotten
    synchronized Answer answer(int round) {
        @Nullable Open asked = open.remove(round);
        if (asked == null) {
            throw Refused.missing("question", Integer.toString(round));
        }
        return new Answer(asked.right(), asked.isNull());
    }

    /// The newest list of each target.
    private List<Reading> ofRuns() {
        Map<String, Reading> readings = new LinkedHashMap<>();
        for (RunCard card : runs.cards()) {
            if (card.subject() != null && card.outcome() != null) {
                String target = card.subject().target();
                readings.computeIfAbsent(target, _ -> new Reading(target, named(runs.report(card.id())), List.of()));
            }
        }
        return readings.values().stream()
                .filter(reading -> !reading.found().isEmpty())
                .toList();
    }

    /// Prompts that name the target, else those it was closed by.
    private static List<Part> named(JsonNode report) {
        JsonNode named = report.path("named").isEmpty() ? report.path("mixture") : report.path("named");
        return StreamSupport.stream(named.spliterator(), false)
                .map(part -> new Part(
                        part.path("prompt").asString(""), part.path("weight").asDouble(0)))
                .toList();
    }
}
