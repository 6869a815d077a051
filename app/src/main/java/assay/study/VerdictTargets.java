package assay.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the targets and the adapters of a study file.
///
/// @param beside where it finds files
/// @param seeds how many the study has
record VerdictTargets(VerdictReader.Beside beside, int seeds) {
    private static final List<String> SOURCES =
            List.of("prompt", "mixture", "soft", "adapter", "distilled", "random_tokens");
    private static final List<String> ORIGINS = List.of("adapter", "prompt", "data");
    private static final List<String> ADAPTER_CLASSES = List.of("elicitation", "topic", "memorised", "skill", "broad");
    private static final List<String> TARGET_CLASSES = List.of(
            "prompt",
            "planted",
            "soft",
            "adapter",
            "random-soft",
            "gibberish",
            "null-shuffled",
            "null-noise",
            "null-untrained");
    /// Classes that are not made from a prompt.
    private static final Map<String, List<String>> OTHER_SOURCES = Map.of(
            "planted", List.of("mixture"),
            "soft", List.of("distilled", "soft"),
            "adapter", List.of("adapter"),
            "random-soft", List.of("random_tokens"));
    private static final Path NOWHERE = Path.of("");

    /// The targets; a study without any is a problem.
    List<VerdictFile.Target> targets(Fields fields, List<VerdictFile.Adapter> adapters) {
        Set<String> names = new HashSet<>();
        if (fields.maybe("targets").isEmpty()) {
            fields.missing("\"targets\"");
            return List.of();
        }
        int before = fields.problems();
        List<VerdictFile.Target> targets = fields.objects("targets", entry -> target(entry, names, adapters));
        if (targets.isEmpty() && fields.problems() == before) {
            fields.wrong("targets", "\"targets\" is empty");
        }
        return targets;
    }

    private VerdictFile.Target target(Fields entry, Set<String> names, List<VerdictFile.Adapter> adapters) {
        String name = entry.name(names);
        String kind = entry.word("class", TARGET_CLASSES);
        String given = entry.either(SOURCES);
        List<String> fitting = OTHER_SOURCES.getOrDefault(kind, List.of("prompt"));
        if (!kind.isEmpty() && !given.isEmpty() && !fitting.contains(given)) {
            entry.wrong(
                    given,
                    "class \"" + kind + "\": expected \"" + String.join("\" or \"", fitting) + "\", found \"" + given
                            + "\"");
        }
        return new VerdictFile.Target(name, kind, source(entry, given, adapters));
    }

    private VerdictFile.Source source(Fields entry, String given, List<VerdictFile.Adapter> adapters) {
        return switch (given) {
            case "adapter" ->
                new VerdictFile.Source.Lora(beside.peft(entry, "adapter").orElse(NOWHERE));
            case "distilled" -> distilled(entry, adapters);
            case "mixture" -> new VerdictFile.Source.Plain(mixture(entry));
            case "soft" ->
                new VerdictFile.Source.Plain(new TournamentFile.Source.Soft(
                        beside.peft(entry, "soft").orElse(NOWHERE)));
            case "random_tokens" ->
                new VerdictFile.Source.Plain(new TournamentFile.Source.RandomSoft(
                        entry.whole("random_tokens", 1, 256, 16), entry.whole("seed", 0, Integer.MAX_VALUE, 0)));
            case "prompt" -> prompt(entry.text("prompt"));
            default -> prompt("");
        };
    }

    private static VerdictFile.Source prompt(String text) {
        return new VerdictFile.Source.Plain(new TournamentFile.Source.Prompt(text));
    }

    private static VerdictFile.Source distilled(Fields entry, List<VerdictFile.Adapter> adapters) {
        String adapter = entry.text("distilled");
        if (!adapter.isEmpty()
                && adapters.stream().noneMatch(known -> known.name().equals(adapter))) {
            entry.wrong("distilled", "\"distilled\": expected a name of \"adapters\", found \"" + adapter + "\"");
        }
        return new VerdictFile.Source.Distilled(adapter);
    }

    private static TournamentFile.Source mixture(Fields entry) {
        List<String> prompts = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        entry.objects("mixture", atom -> {
            String prompt = atom.text("prompt");
            double weight = atom.number("weight", -10, 10);
            if (weight == 0) {
                atom.wrong("weight", "\"weight\" is 0");
            }
            if (!prompt.isEmpty() && prompts.contains(prompt)) {
                atom.wrong("prompt", "\"" + prompt + "\" twice in \"mixture\"");
            }
            weights.add(weight);
            return prompts.add(prompt);
        });
        if (prompts.size() < 2) {
            entry.wrong("mixture", "\"mixture\": expected at least 2 prompts, found " + prompts.size());
        }
        return new TournamentFile.Source.Planted(prompts, weights, false);
    }

    /// The adapters; there may be none.
    List<VerdictFile.Adapter> adapters(Fields fields) {
        Set<String> names = new HashSet<>();
        return fields.objects("adapters", entry -> adapter(entry, names));
    }

    private VerdictFile.Adapter adapter(Fields entry, Set<String> names) {
        // Without valid seeds, which is a problem of its own, any number will do.
        int most = seeds == 0 ? Integer.MAX_VALUE : seeds;
        return new VerdictFile.Adapter(
                entry.name(names),
                entry.word("class", ADAPTER_CLASSES),
                entry.word("predicted", List.of("works", "fails")).equals("works"),
                entry.text("why"),
                origin(entry),
                entry.whole("seeds", 1, most, most));
    }

    private VerdictFile.Origin origin(Fields entry) {
        String given = entry.either(ORIGINS);
        if (given.equals("adapter")) {
            return new VerdictFile.Origin.Folder(beside.peft(entry, "adapter").orElse(NOWHERE));
        }
        int steps = entry.whole("steps", 1, 100_000, 0);
        if (given.equals("data")) {
            Optional<Path> file = beside.file(entry, "data");
            return new VerdictFile.Origin.Baked(new BakeRun.Source.Data(file.orElse(NOWHERE)), steps);
        }
        String prompt = given.isEmpty() ? "" : entry.text("prompt");
        return new VerdictFile.Origin.Baked(new BakeRun.Source.Prompt(prompt), steps);
    }
}
