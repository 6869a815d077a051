package assay.lab.bench;

import assay.base.run.Provenance;
import assay.base.sparse.Quantiles;
import assay.base.tensor.Dtype;
import assay.base.tensor.Torch;
import assay.show.page.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// What a comparison found.
///
/// @param small whether inputs were tiny: then no figure means anything
/// @param roof what the machine could do at most in the same run
/// @param rows what was measured
/// @param seconds the whole took
/// @param provenance where the numbers come from
public record BenchRun(
        boolean small, Roofline roof, List<Measured> rows, double seconds, Map<String, Object> provenance) {
    static BenchRun of(PeerBench.Options options, Roofline roof, List<Measured> rows, double seconds) {
        Map<String, String> libraries = Map.of("torch", Torch.description());
        Provenance provenance = Provenance.current(Map.of(), Map.of(), libraries);
        Map<String, Object> map =
                JsonMapper.shared().convertValue(provenance, new TypeReference<Map<String, Object>>() {});
        return new BenchRun(options.small(), roof, List.copyOf(rows), seconds, map);
    }

    /// Whether every answer that was compared is the peer's.
    public boolean isRight() {
        return rows.stream().allMatch(Measured::isRight);
    }

    /// For the terminal.
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "products at most %.0f GFLOP/s in bf16, %.0f in fp32; memory %.1f GB/s%s%n%n",
                roof.products(Dtype.BFLOAT16) / 1e9,
                roof.products(Dtype.FLOAT32) / 1e9,
                roof.bytesPerSecond() / 1e9,
                small ? "; tiny inputs: no figure means anything" : ""));
        String head = "%-22s%11s%11s%9s%16s%9s%7s%10s%9s%n";
        out.append(String.format(
                Locale.ROOT, head, "row", "assay", "other", "times", "range", "gate", "met", "differ", "of roof"));
        for (Measured row : rows) {
            out.append(String.format(
                    Locale.ROOT,
                    head,
                    row.row().name(),
                    seconds(row.seconds().ours()),
                    seconds(row.seconds().theirs()),
                    number(row.figure(), "%.2f"),
                    range(row.figures()),
                    row.row().gate().text(),
                    row.met(),
                    number(row.difference(), "%.1e"),
                    number(100 * row.roofline(roof), "%.0f %%")));
        }
        rows.stream()
                .filter(row -> !row.missing().isEmpty())
                .forEach(row -> out.append(row.row().name())
                        .append(": ")
                        .append(row.missing())
                        .append('\n'));
        return out.toString();
    }

    private static String seconds(double[] rounds) {
        return rounds.length == 0 ? "–" : String.format(Locale.ROOT, "%.3f s", Quantiles.of(rounds, 0.5));
    }

    private static String number(double value, String form) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, form, value);
    }

    private static String range(double[] figures) {
        return figures.length == 0
                ? "–"
                : String.format(
                        Locale.ROOT,
                        "%.2f to %.2f",
                        Arrays.stream(figures).min().orElseThrow(),
                        Arrays.stream(figures).max().orElseThrow());
    }

    /// One document.
    public String json() {
        List<Json.Fields> all = new ArrayList<>();
        rows.forEach(row -> all.add(fields(row)));
        Json.Fields machine = new Json.Fields()
                .with("bf16_flop_per_second", roof.products(Dtype.BFLOAT16))
                .with("fp32_flop_per_second", roof.products(Dtype.FLOAT32))
                .with("bytes_per_second", roof.bytesPerSecond());
        Json.Fields fields = new Json.Fields()
                .with("small", small)
                .with("seconds", seconds)
                .with("roofline", machine)
                .with("rows", all);
        return new Json(Map.of()).document("bench peers", provenance, fields);
    }

    private Json.Fields fields(Measured row) {
        double[] figures = row.figures();
        return new Json.Fields()
                .with("row", row.row().name())
                .with("title", row.row().title())
                .with("peer", row.row().peer())
                .with("unit", row.row().gate().kind() == Gate.Kind.SECONDS ? "s" : "times")
                .with("figure", row.figure())
                .with("lowest", Arrays.stream(figures).min().orElse(Double.NaN))
                .with("highest", Arrays.stream(figures).max().orElse(Double.NaN))
                .with("gate", row.row().gate().text())
                .with("gate_number", row.row().gate().number())
                .with("met", row.met())
                .with("assay_seconds", row.seconds().ours())
                .with("other_seconds", row.seconds().theirs())
                .with("difference", row.difference())
                .with("tolerance", row.row().tolerance())
                .with("agreement", row.row().agreement())
                .with("flop", row.flop())
                .with("bytes", row.bytes())
                .with("roofline_share", row.roofline(roof))
                .with("load", row.load())
                .with("missing", row.missing());
    }
}
