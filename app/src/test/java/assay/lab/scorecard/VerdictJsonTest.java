package assay.lab.scorecard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VerdictJsonTest {
    private static final StudyRun RUN = VerdictSpecimen.run();

    @Test
    void theDocumentHasTheFieldsOfTheContract() {
        JsonNode root = JsonMapper.shared().readTree(VerdictJson.render(VerdictSpecimen.mixed(), RUN));
        assertThat(root.propertyNames())
                .contains(
                        "schema_version",
                        "command",
                        "model",
                        "study",
                        "verdict",
                        "targets",
                        "distilled",
                        "reading",
                        "predicates",
                        "failures",
                        "seconds",
                        "provenance");
        assertThat(root.get("schema_version").intValue()).isEqualTo(1);
        assertThat(root.get("command").stringValue()).isEqualTo("verdict");
        assertThat(root.get("model").get("name").stringValue()).isEqualTo("SmolLM2-135M-Instruct.Q4_1");
        JsonNode study = root.get("study");
        assertThat(study.propertyNames())
                .containsExactly("name", "sha256", "quick", "planted", "seeds", "gates", "predictions");
        assertThat(study.get("gates").get("closed").doubleValue()).isEqualTo(0.9);
        assertThat(root.get("verdict")
                        .valueStream()
                        .map(one -> one.get("claim").stringValue()
                                + one.get("holds").stringValue()
                                + one.get("cause").stringValue()))
                .containsExactly(
                        "S1undecidedstill_learning",
                        "S2nomeaningless",
                        "S3yesnone",
                        "S4yesnone",
                        "S5noor_not_and",
                        "S6undecidedunsettled");
        assertThat(root.get("verdict").get(1).get("evidence").get(1).get("gate").stringValue())
                .isEqualTo("above 0");
        assertThat(root.get("failures").size()).isEqualTo(2);
        assertThat(root.get("seconds").get("total").doubleValue()).isEqualTo(541.3);
        JsonNode target = root.get("targets").get(0);
        assertThat(target.get("curve").get(4).get("k").intValue()).isEqualTo(20);
        assertThat(target.get("curve").get(4).get("closed").isNumber()).isTrue();
        assertThat(root.get("reading").get("matching").size()).isEqualTo(6);
    }

    @Test
    void whatWasNotMeasuredIsNull() {
        String document = VerdictJson.render(VerdictSpecimen.mixed(), RUN);
        assertThat(document).doesNotContain("NaN");
        JsonNode root = JsonMapper.shared().readTree(document);
        assertThat(root.get("reading").get("wayward").isNull()).isTrue();
        assertThat(root.get("distilled").get(5).get("closed").isNull()).isTrue();
        JsonNode untrained = root.get("targets").get(root.get("targets").size() - 1);
        assertThat(untrained.get("kl_base").isNull()).isTrue();
        assertThat(untrained.get("random_equal").get("k").isNull()).isTrue();
        assertThat(untrained.get("is_null").booleanValue()).isTrue();
    }

    @Test
    void theDocumentIsTheSameApartFromTimes() {
        StudyRun later = new StudyRun(RUN.model(), Map.of("started", "later"), 7, "elsewhere");
        JsonNode one = JsonMapper.shared().readTree(VerdictJson.render(VerdictSpecimen.mixed(), RUN));
        JsonNode other = JsonMapper.shared().readTree(VerdictJson.render(VerdictSpecimen.mixed(), later));
        for (String name : one.propertyNames()) {
            boolean times = name.equals("seconds") || name.equals("provenance");
            assertThat(one.get(name).equals(other.get(name))).as(name).isEqualTo(!times);
        }
    }
}
