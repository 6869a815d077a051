package assay.lab.growth;

import assay.base.run.Provenance;
import assay.base.sparse.Interval;
import assay.base.tensor.Torch;
import assay.show.page.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// How costs grew.
///
/// @param small whether sizes were tiny: then no figure means anything
/// @param seconds the whole took
/// @param provenance where the numbers come from
public record GrowthRun(boolean small, List<Curve> curves, double seconds, Map<String, Object> provenance) {
    static GrowthRun of(boolean small, List<Curve> curves, double seconds) {
        Provenance provenance = Provenance.current(Map.of(), Map.of(), Map.of("torch", Torch.description()));
        Map<String, Object> map =
                JsonMapper.shared().convertValue(provenance, new TypeReference<Map<String, Object>>() {});
        return new GrowthRun(small, List.copyOf(curves), seconds, map);
    }

    /// For the terminal.
    public String text() {
        StringBuilder out = new StringBuilder();
        for (Curve curve : curves) {
            Interval exponent = curve.exponent();
            out.append(String.format(
                    Locale.ROOT, "%s: %s%n", curve.axis().word(), curve.axis().title()));
            for (Curve.Point point : curve.points()) {
                out.append(String.format(
                        Locale.ROOT,
                        "%,14d %-14s%10.4f s%8.2f GB%n",
                        point.size(),
                        curve.axis().unit(),
                        point.median(),
                        point.peakBytes() / 1e9));
            }
            out.append(growth(exponent)).append('\n');
        }
        return out + (small ? "tiny sizes: no figure means anything\n" : "");
    }

    private static String growth(Interval exponent) {
        if (Double.isNaN(exponent.value())) {
            return "  no exponent from one size";
        }
        String written = Double.isNaN(exponent.low())
                ? String.format(Locale.ROOT, "%.2f, too few rounds for an interval", exponent.value())
                : exponent.written();
        return "  seconds grow as the size to the power of " + written;
    }

    /// One document.
    public String json() {
        List<Json.Fields> all = new ArrayList<>();
        for (Curve curve : curves) {
            Interval exponent = curve.exponent();
            List<Json.Fields> points = curve.points().stream()
                    .map(point -> new Json.Fields()
                            .with("size", point.size())
                            .with("seconds", point.seconds())
                            .with("peak_bytes", point.peakBytes()))
                    .toList();
            all.add(new Json.Fields()
                    .with("axis", curve.axis().word())
                    .with("unit", curve.axis().unit())
                    .with("title", curve.axis().title())
                    .with("exponent", exponent.value())
                    .with("exponent_low", exponent.low())
                    .with("exponent_high", exponent.high())
                    .with("points", points));
        }
        Json.Fields fields =
                new Json.Fields().with("small", small).with("seconds", seconds).with("curves", all);
        return new Json(Map.of()).document("bench growth", provenance, fields);
    }
}
