package assay.tasks.talk;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.run.Visible;
import assay.engine.format.JsonFile;
import assay.engine.peft.Trim;
import assay.engine.text.BasePrompt;
import assay.tasks.session.Precision;
import assay.tasks.session.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// An explanation in a run folder, with all that is needed to open it again.
///
/// @param folder of the run
/// @param under the model it was made under
/// @param target what was explained
/// @param hashes SHA-256 of `model` and `target`, as far as they are known
/// @param prompts the list, or the one that was saved of it
/// @param soft folder of the soft prompt that was trained on the way, if there is one
/// @param seed of the explanation
public record RunFile(
        Path folder,
        Under under,
        Target.Named target,
        Map<String, String> hashes,
        PromptList prompts,
        Optional<Path> soft,
        long seed) {
    /// The model of a run.
    ///
    /// @param model where it was found
    /// @param precision number format
    /// @param base what stood in the prompt's place of the base
    public record Under(String model, Precision precision, BasePrompt base) {}

    private static final String REPORT = "report.json";
    private static final String SOFT = "soft";

    /// Opens a run folder, its `report.json`, or a mixture that was saved in it.
    ///
    /// @throws InputException if it holds no explanation, or one of a version that did not say where its target is
    public static RunFile read(Path run) {
        return read(run, Optional.empty());
    }

    /// The same with the target named, where the report does not say where it lies or where it was moved since.
    public static RunFile read(Path run, Optional<Target.Named> target) {
        Path folder = Files.isDirectory(run)
                ? run
                : Optional.ofNullable(run.getParent()).orElse(Path.of(""));
        Path report = folder.resolve(REPORT);
        if (!Files.isRegularFile(report)) {
            throw Refusal.of(
                    "run",
                    "a folder with " + REPORT,
                    Files.exists(run) ? "none in it" : "nothing",
                    run,
                    "Name a folder that assay explain left, such as runs/20260101-120000-name.");
        }
        RunFile read = of(JsonFile.readObject(report), report, target);
        boolean isMixture = Files.isRegularFile(run) && !run.endsWith(REPORT);
        return isMixture ? read.with(MixtureFile.read(run)) : read;
    }

    /// The newest run folder with an explanation, if there is one.
    ///
    /// @param runs folder of all runs
    public static Optional<Path> newest(Path runs) {
        try (Stream<Path> inside = Files.list(runs)) {
            return inside.filter(RunFile::isExplanation).max(Comparator.comparing(RunFile::written));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static FileTime written(Path folder) {
        try {
            return Files.getLastModifiedTime(folder.resolve(REPORT));
        } catch (IOException _) {
            return FileTime.fromMillis(0);
        }
    }

    private static boolean isExplanation(Path folder) {
        try {
            return Files.isRegularFile(folder.resolve(REPORT))
                    && !read(folder).prompts().parts().isEmpty();
        } catch (RuntimeException _) {
            return false;
        }
    }

    /// The same with another list.
    RunFile with(PromptList others) {
        return new RunFile(folder, under, target, hashes, others, soft, seed);
    }

    private static RunFile of(JsonNode root, Path report, Optional<Target.Named> target) {
        if (!root.path("command").asString("").equals("explain")) {
            throw Refusal.of(
                    "run",
                    "an explanation",
                    "the report of assay " + root.path("command").asString("nothing"),
                    report,
                    "Explain something first: assay explain.");
        }
        JsonNode provenance = root.path("provenance");
        Path folder = Optional.ofNullable(report.getParent()).orElse(Path.of(""));
        Path soft = folder.resolve(SOFT);
        return new RunFile(
                folder,
                under(root),
                target.map(named -> asExplained(named, root)).orElseGet(() -> target(root, report)),
                hashes(root, provenance, target.isEmpty()),
                MixtureFile.prompts(root, report),
                Files.isDirectory(soft) ? Optional.of(soft) : Optional.empty(),
                provenance.path("seeds").path("explain").asLong(0));
    }

    private static Under under(JsonNode root) {
        String base = source(root, "base_prompt", "");
        return new Under(
                source(root, "model", root.path("model").path("name").asString("")),
                precision(
                        root.path("provenance").path("libraries").path("dtype").asString("")),
                base.isBlank() ? BasePrompt.usual() : BasePrompt.parse(base));
    }

    /// A target that the user names may be a moved one, or one that an older version hashed in another way.
    private static Map<String, String> hashes(JsonNode root, JsonNode provenance, boolean isSameTarget) {
        Map<String, String> hashes = new HashMap<>();
        hashes.put("model", root.path("model").path("sha256").asString(""));
        hashes.put(
                "target",
                !isSameTarget ? "" : provenance.path("hashes").path("target").asString(""));
        hashes.values().removeIf(String::isEmpty);
        return Map.copyOf(hashes);
    }

    private static String source(JsonNode root, String of, String otherwise) {
        String source = root.path("provenance").path("sources").path(of).asString("");
        return source.isEmpty() ? otherwise : source;
    }

    private static Precision precision(String dtype) {
        for (Precision precision : Precision.values()) {
            if (precision.name().equals(dtype)) {
                return precision;
            }
        }
        return Precision.AUTO;
    }

    private static Target.Named target(JsonNode root, Path report) {
        String kind = root.path("target").path("kind").asString("");
        String source = source(root, "target", "");
        String against = root.path("target").path("against").asString("");
        if (!against.isEmpty()) {
            throw Refusal.of(
                    "run",
                    "a target that was compared with the model itself",
                    "one compared with another, “" + Visible.line(against) + "”",
                    report,
                    "A talk has one base, the model: talk to each by itself, assay chat --adapter A.");
        }
        return switch (kind) {
            case "prompt" ->
                new Target.Named.Prompt(root.path("target").path("name").asString(""));
            case "lora" -> new Target.Named.Adapter(there(source, "adapter", report), trim(root));
            case "soft" -> new Target.Named.Soft(there(source, "soft", report));
            default ->
                throw Refusal.of(
                        "run",
                        "an adapter, a soft prompt or a prompt",
                        kind,
                        report,
                        "Such a target cannot be run again.");
        };
    }

    /// As much of an adapter that the user names as was explained.
    private static Target.Named asExplained(Target.Named named, JsonNode root) {
        return named instanceof Target.Named.Adapter(String spec, Trim whole) && whole.isNone()
                ? new Target.Named.Adapter(spec, trim(root))
                : named;
    }

    /// How much of the adapter was explained.
    private static Trim trim(JsonNode root) {
        JsonNode sources = root.path("provenance").path("sources");
        return new Trim(sources.path("scale").asDouble(1), sources.path("rank").asInt(0));
    }

    private static String there(String source, String option, Path report) {
        if (source.isEmpty()) {
            throw Refusal.of(
                    "run",
                    "to find where its target lies",
                    "nothing of it",
                    report,
                    "An older version wrote it: give --" + option + " as well.");
        }
        return source;
    }
}
