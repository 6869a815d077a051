package assay.web.site;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A run in short.
///
/// @param id the name of its folder
/// @param state `finished`, `stopped` (the page can go on with it) or `kept` (the same command goes on
/// with it)
/// @param command that made it: `explain`, `distil`, `bake`
/// @param begun when, as ISO 8601; empty if unknown
/// @param subject what it was about; absent while it is not finished
/// @param outcome what it found; absent where it found no list of prompts
/// @param mixtures that were saved of it, such as `mixture-1.json`
record RunCard(
        String id,
        String state,
        String command,
        String begun,
        @Nullable Subject subject,
        @Nullable Outcome outcome,
        List<String> mixtures) {
    private static final Set<String> KINDS = Set.of("lora", "soft", "prompt");

    /// What a run was about.
    ///
    /// @param kind `lora`, `soft`, `prompt`
    /// @param target what it is called
    /// @param hasPage whether there is a report to look at
    /// @param talks whether it can be talked to under its model: an explanation whose base is the model itself
    record Subject(String kind, String target, String model, String modelSha256, boolean hasPage, boolean talks) {}

    /// What an explanation found.
    ///
    /// @param prompts chosen
    /// @param closed with its interval, on foreign or own contexts, whichever is less: the report's
    /// headline
    /// @param random the null beside it
    /// @param verdict `yes`, `no`, `undecided`
    /// @param grade the report's word for it, such as `Mostly explained`; empty in old reports
    record Outcome(
            int prompts,
            @Nullable Share closed,
            @Nullable Share random,
            @Nullable Share excess,
            String verdict,
            String grade,
            String because) {}

    /// A share with its 95 % interval.
    record Share(double value, double low, double high) {}

    /// A run that was stopped.
    static RunCard stopped(String id, String state) {
        return new RunCard(id, state, "explain", "", null, null, List.of());
    }

    /// What a report says in short; absent if it is none.
    static Optional<RunCard> of(String id, JsonNode report, boolean hasPage, List<String> mixtures) {
        JsonNode target = report.path("target");
        if (!target.isObject()) {
            return Optional.empty();
        }
        JsonNode model = report.path("model");
        String command = report.path("command").asString("");
        Subject subject = new Subject(
                target.path("kind").asString(""),
                target.path("name").asString(""),
                model.path("name").asString(""),
                model.path("sha256").asString(""),
                hasPage,
                command.equals("explain")
                        && KINDS.contains(target.path("kind").asString(""))
                        && target.path("against").isMissingNode());
        return Optional.of(new RunCard(
                id,
                "finished",
                command,
                report.path("provenance").path("started").asString(""),
                subject,
                outcome(report),
                mixtures));
    }

    private static @Nullable Outcome outcome(JsonNode report) {
        int chosen = report.path("chosen_k").asInt(0);
        JsonNode step = StreamSupport.stream(report.path("curve").spliterator(), false)
                .filter(one -> one.path("k").asInt(0) == chosen)
                .findFirst()
                .orElse(null);
        if (step == null) {
            return null;
        }
        JsonNode finding = report.path("verdict").path(0);
        return new Outcome(
                chosen,
                worse(share(step, "closed", "ci"), share(step, "own", "own_ci")),
                share(step, "null", "null_ci"),
                share(step, "excess", "excess_ci"),
                finding.path("holds").asString("undecided"),
                report.path("grade").asString(""),
                finding.path("because").asString(""));
    }

    private static @Nullable Share worse(@Nullable Share foreign, @Nullable Share own) {
        return foreign != null && own != null && own.value() < foreign.value() ? own : foreign;
    }

    private static @Nullable Share share(JsonNode step, String value, String bounds) {
        JsonNode interval = step.path(bounds);
        List<JsonNode> parts = List.of(step.path(value), interval.path(0), interval.path(1));
        if (!parts.stream().allMatch(JsonNode::isNumber)) {
            return null;
        }
        return new Share(
                parts.get(0).asDouble(), parts.get(1).asDouble(), parts.get(2).asDouble());
    }
}
