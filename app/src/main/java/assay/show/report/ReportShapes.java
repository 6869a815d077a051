package assay.show.report;

import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.show.page.Json;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;

/// Where the documents of explanations and distillations call something by another name than their records do.
final class ReportShapes {
    /// Writes both.
    static final Json JSON = new Json(Map.of(
            Explanation.Step.class, Step.class,
            Explanation.Atom.class, Atom.class,
            Distillation.Point.class, Point.class,
            Distillation.Remaining.class, Remaining.class));

    private ReportShapes() {}

    @JsonPropertyOrder({"k", "added", "closed", "null"})
    interface Step {
        @JsonProperty("null")
        Object random();

        @JsonProperty("search_closed")
        Object search();

        @JsonProperty("abs_weights")
        Object absoluteWeights();
    }

    interface Atom {
        @JsonProperty("closed_alone")
        Object alone();
    }

    interface Point {
        @JsonProperty("search_closed")
        Object closed();

        @JsonProperty("fit_kl")
        Object fit();
    }

    interface Remaining {
        @JsonProperty("kl_base")
        Object base();

        @JsonProperty("kl_student")
        Object student();
    }
}
