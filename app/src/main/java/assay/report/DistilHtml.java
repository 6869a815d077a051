package assay.report;

import assay.judge.Distillation;
import java.util.Map;

public final class DistilHtml {
    private DistilHtml() {}
    /** X. */
    public static String render(Distillation d, Map<String, Object> p, double s) {
        return "x";
    }
}
