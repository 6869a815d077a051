package assay.lab.scorecard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.lab.scorecard.Template.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The page its asker reads: no figure by hand, and no sentence that is not true of the figures.
class AnswerTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Map<String, Figure> SOME =
            Map.of("closed", new Figure(0.9, "0.90 [0.8, 0.95]"), "null", new Figure(0.4, "0.40"));

    @Test
    void thePageInTheDocumentsIsWhatTheRunsSay() throws IOException {
        Path runs = DOCS.resolve("results");
        Answer answer = Answer.of(runs);
        assertThat(Files.readString(DOCS.resolve("answer.md"))).isEqualTo(answer.text());
        for (Map.Entry<String, String> picture : answer.pictures().entrySet()) {
            assertThat(Files.readString(DOCS.resolve("pictures").resolve(picture.getKey())))
                    .isEqualTo(picture.getValue());
            assertThat(answer.text()).contains("(pictures/" + picture.getKey() + ")");
        }
    }

    @Test
    void aFigureStandsWhereItsNameStood() {
        assertThat(Template.filled("{# for editors}\nIt closes {closed}.", SOME))
                .isEqualTo("It closes 0.90 [0.8, 0.95].\n");
    }

    @Test
    void aSentenceThatIsNotTrueOfTheFiguresStopsThePage() {
        assertThat(Template.filled("{require closed >= null}More.", SOME)).isEqualTo("More.\n");
        assertThat(Template.filled("{require null <= 0.5}Less.", SOME)).isEqualTo("Less.\n");
        assertThatThrownBy(() -> Template.filled("{require closed <= null}Less.", SOME))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected closed <= null, found 0.90 [0.8, 0.95]")
                .hasMessageContaining("Rewrite the sentence behind it.");
    }

    @Test
    void aFigureThatNoRunHasIsToldByName() {
        assertThatThrownBy(() -> Template.filled("It closes {gone}.", SOME))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found {gone}");
    }

    @Test
    void whatWasNotMeasuredSupportsNoSentence() {
        Map<String, Figure> nothing = Map.of("closed", new Figure(Double.NaN, "–"));
        assertThatThrownBy(() -> Template.filled("{require closed >= 0.1}Much.", nothing))
                .isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Template.filled("{require closed <= 0.1}Little.", nothing))
                .isInstanceOf(InputException.class);
    }

    @Test
    void aKindIsToldByTheMedianOverTargetsOfTheMeanOverSeeds() {
        Map<String, Figure> figures = figures("""
                [%s, %s, %s, %s]""".formatted(
                        target("a", "prompt", 0, 0.8),
                        target("a", "prompt", 1, 0.9),
                        target("b", "prompt", 0, 0.95),
                        target("c", "prompt", 0, 0.5)));
        assertThat(written(figures, "prompt.targets")).isEqualTo("3");
        assertThat(written(figures, "prompt.closed@20")).isEqualTo("0.85");
        assertThat(written(figures, "prompt.closed@20.least")).isEqualTo("0.50");
        assertThat(written(figures, "prompt.null@20")).isEqualTo("0.40");
        assertThat(written(figures, "prompt.worse@20")).isEqualTo("0.30");
        assertThat(written(figures, "prompt.closed@100")).isEqualTo("–");
    }

    @Test
    void whatWasForeseenIsSetBesideWhatWasMeasured() {
        Map<String, Figure> figures = figures("[" + target("a", "prompt", 0, 0.8) + "]");
        assertThat(written(figures, "foreseen.gap")).isEqualTo("0.10");
        assertThat(written(figures, "foreseen.below")).isEqualTo("0.00");
    }

    @Test
    void whatThePageDoesNotShowIsNotKept(@TempDir Path folder) throws IOException {
        Path report = Files.writeString(folder.resolve("report.json"), """
                {"heat": [1, 2], "targets": [{"name": "a", "words": {"target": ["b"]}, "curve": [{"k": 1}, {"k": 2}]}]}""");
        assertThat(Answer.compact(report))
                .isEqualTo("{\"targets\":[{\"name\":\"a\",\"curve\":[{\"k\":1},\n{\"k\":2}]}]}\n");
    }

    private static String target(String name, String kind, int seed, double closed) {
        return """
                {"name": "%s", "kind": "%s", "seed": %d, "curve": [
                  {"k": 5, "closed": 0.7, "null": 0.3, "expected": 0.4, "excess": 0.4, "own": 0.6},
                  {"k": 20, "closed": %s, "null": 0.4, "excess": 0.4, "own": 0.3}]}""".formatted(name, kind, seed, closed);
    }

    private static Map<String, Figure> figures(String targets) {
        JsonNode nothing = json("{\"provenance\": {\"code\": \"0123456789abcdef\"}}");
        JsonNode study = json("""
                {"study": {"sha256": "0123456789abcdef", "seeds": [0]},
                 "provenance": {"code": "0123456789abcdef"}, "targets": %s}""".formatted(targets));
        return new LinkedHashMap<>(AnswerFigures.of(study, nothing));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static String written(Map<String, Figure> figures, String name) {
        Figure figure = figures.get(name);
        return figure == null ? "no " + name : figure.written();
    }
}
