package assay.lab.trials;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A trial of the predictor as text and as JSON.
final class PredictorTable {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private PredictorTable() {}

    static String text(PredictorTrial.Result result) {
        Formatter text = new Formatter(Locale.ROOT);
        text.format(
                """
                %s: %d prompts held out, %d learnt, %d held-out targets, seed %d
                Correlation of predicted and true scores of the held-out prompts, median (lowest) of the targets, while so
                many prompts explain the target; score / every sketch at length one / what the prompt would add.

                blocks  closing  states     R2  R2 left-one-out  after       score        normalised           adds
                """,
                result.model(),
                result.options().heldOut(),
                result.learnt(),
                result.options().targets(),
                result.options().seed());
        result.rows().forEach(row -> rows(text, row));
        result.rows().forEach(row -> calibration(text, row));
        return text.toString();
    }

    private static String name(PredictorTrial.Pooling pooling) {
        return pooling.name().toLowerCase(Locale.ROOT);
    }

    private static void rows(Formatter text, PredictorTrial.Row row) {
        String first = String.format(
                Locale.ROOT,
                "%6d  %7d  %-6s  %5.3f  %15.3f",
                row.extent().blocks(),
                row.extent().closing(),
                name(row.pooling()),
                row.foresight().explained(),
                row.leaveOneOut().explained());
        for (Foresight.Stage stage : row.foresight().stages()) {
            text.format(
                    "%s  %5d  %s  %s  %s%n",
                    first, stage.atoms(), shown(stage.score()), shown(stage.normalised()), shown(stage.gain()));
            first = " ".repeat(first.length());
        }
    }

    private static String shown(Foresight.Agreement agreement) {
        return String.format(Locale.ROOT, "%6.3f (%6.3f)", agreement.median(), agreement.lowest());
    }

    private static void calibration(Formatter text, PredictorTrial.Row row) {
        text.format(
                """

                Calibration, %d blocks, %s: squared error %.2f times the expected one; rank correlation of expected and real
                squared error %.2f.
                """,
                row.extent().blocks(),
                name(row.pooling()),
                row.foresight().ratio(),
                row.foresight().ranks());
        for (Foresight.Stage stage : row.foresight().stages()) {
            Foresight.Sureness sureness = stage.sureness();
            text.format(
                    "Scores after %d (%.0f %% explained): %.3f of the errors within one sigma, %.3f within two (normal: .683,"
                            + " .954); %.3f within one if errors were equal in all directions.%n",
                    stage.atoms(),
                    100 * stage.explained(),
                    sureness.withinOneSigma(),
                    sureness.withinTwoSigma(),
                    sureness.withinOneSigmaIfEven());
        }
        parts(text, row.foresight().stages());
    }

    private static void parts(Formatter text, List<Foresight.Stage> stages) {
        for (Foresight.Stage stage : stages) {
            text.format(
                    "%nafter %d: tenth  predicted    true   sigma   error  in 1 sigma  in 2 sigma%n", stage.atoms());
            int number = 1;
            for (Foresight.Part part : stage.tenths()) {
                text.format(
                        "%14d  %9.4f %7.4f %7.4f %7.4f  %10.3f  %10.3f%n",
                        number++,
                        part.predicted(),
                        part.real(),
                        part.sigma(),
                        part.error(),
                        part.withinOneSigma(),
                        part.withinTwoSigma());
            }
        }
    }

    static String json(PredictorTrial.Result result) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schema_version", 1).put("command", "bench predictor");
        root.putObject("model").put("name", result.model());
        root.put("held_out", result.options().heldOut())
                .put("learnt", result.learnt())
                .put("targets", result.options().targets())
                .put("seed", result.options().seed());
        var rows = root.putArray("rows");
        result.rows().forEach(row -> row(rows.addObject(), row));
        root.set("provenance", JsonMapper.shared().valueToTree(result.provenance()));
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void row(ObjectNode node, PredictorTrial.Row row) {
        Foresight foresight = row.foresight();
        node.put("blocks", row.extent().blocks())
                .put("closing", row.extent().closing())
                .put("states", name(row.pooling()))
                .put("r2", foresight.explained())
                .put("r2_leave_one_out", row.leaveOneOut().explained())
                .put("error_over_expected", foresight.ratio())
                .put("rank_correlation_of_error", foresight.ranks());
        node.set("stages", MAPPER.valueToTree(foresight.stages()));
    }
}
