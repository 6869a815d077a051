package assay.engine.peft;

import assay.engine.format.JsonFile;
import assay.engine.format.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Which modules an adapter's configuration says it changes. The rules are PEFT's
/// `check_target_module_exists`.
///
/// @param included empty when the configuration does not say
/// @param excluded never changed
/// @param layers indices of the only blocks changed; empty for all
/// @param layersPattern how to find a block's index in a name; empty for the first number
/// @param replaced names of modules saved whole
/// @param replacedPatterns the same names as PEFT matches them
/// @param isTied whether what is done to the embedding is done to the head as well (`ensure_weight_tying`)
record PeftTargets(
        Optional<Names> included,
        Names excluded,
        Set<Long> layers,
        List<PeftPattern> layersPattern,
        List<String> replaced,
        List<PeftPattern> replacedPatterns,
        boolean isTied) {
    private static final Set<String> NOT_LINEAR = Set.of("model.embed_tokens", "model.embed_positions", "lm_head");

    /// Module names, as a list of endings, one regular expression, or all linear layers.
    sealed interface Names {
        boolean contain(String module);

        /// Equal to one of these, or ending in `.` and one of these.
        record Endings(List<String> endings) implements Names {
            @Override
            public boolean contain(String module) {
                return endings.stream().anyMatch(ending -> module.equals(ending) || module.endsWith("." + ending));
            }
        }

        /// The whole name matches.
        record Matching(PeftPattern pattern) implements Names {
            @Override
            public boolean contain(String module) {
                return pattern.matches(module);
            }
        }

        /// These, or the modules of parameters that are named one by one.
        record Either(Names names, List<String> parameters) implements Names {
            @Override
            public boolean contain(String module) {
                return names.contain(module) || new Endings(parameters).contain(module);
            }
        }

        /// Every linear layer but the output head.
        record AllLinear() implements Names {
            @Override
            public boolean contain(String module) {
                return !NOT_LINEAR.contains(module);
            }
        }
    }

    static PeftTargets read(Path path, JsonNode root) {
        JsonNode target = root.path("target_modules");
        List<String> parameters = parameters(path, root.path("target_parameters"));
        boolean all = target.isString() && target.asString().equalsIgnoreCase("all-linear");
        Optional<Names> included = all ? Optional.of(new Names.AllLinear()) : names(path, "target_modules", target);
        List<String> replaced = strings(path, "modules_to_save", root.path("modules_to_save"));
        if (!parameters.isEmpty()) {
            included = Optional.of(new Names.Either(included.orElse(new Names.Endings(List.of())), parameters));
        }
        return new PeftTargets(
                included,
                names(path, "exclude_modules", root.path("exclude_modules")).orElse(new Names.Endings(List.of())),
                layers(path, root.path("layers_to_transform")),
                strings(path, "layers_pattern", root.path("layers_pattern")).stream()
                        .map(name ->
                                PeftPattern.compile(path, "layers_pattern", "(?:^|.*?\\.)" + name + "\\.(\\d+)\\."))
                        .toList(),
                replaced,
                replaced.stream()
                        .map(name -> PeftPattern.compile(path, "modules_to_save", "(^|.*\\.)" + name + "($|\\..*)"))
                        .toList(),
                root.path("ensure_weight_tying").asBoolean(false));
    }

    /// Whether a module gets factors; true for any when the configuration does not say.
    boolean allow(String module) {
        return included.isEmpty() || contain(module) || (isTied && NOT_LINEAR.contains(module));
    }

    /// Whether the configuration says that a module gets factors.
    boolean contain(String module) {
        if (excluded.contain(module)
                || copies(module)
                || included.isEmpty()
                || !included.get().contain(module)) {
            return false;
        }
        return layers.isEmpty() || included.get() instanceof Names.Matching || layers.contains(layer(module));
    }

    /// Modules whose weights are named as parameters.
    List<String> parameters() {
        return included.orElse(null) instanceof Names.Either(Names _, List<String> parameters) ? parameters : List.of();
    }

    /// Whether a module is trained as a copy of its own.
    boolean copies(String module) {
        return Stream.concat(Stream.of(module), Spelling.others(module).stream())
                .anyMatch(name -> replacedPatterns.stream().anyMatch(pattern -> pattern.matches(name)));
    }

    /// The index of the block a module is in, or -1.
    private long layer(String module) {
        if (layersPattern.isEmpty()) {
            for (String part : module.split("\\.", -1)) {
                if (part.matches("\\d{1,9}")) {
                    return Long.parseLong(part);
                }
            }
            return -1;
        }
        for (PeftPattern pattern : layersPattern) {
            Matcher matcher = pattern.matcher(module);
            if (matcher.lookingAt() && matcher.group(1).length() < 10) {
                return Long.parseLong(matcher.group(1));
            }
        }
        return -1;
    }

    /// The modules of weights that are named as parameters. Those of experts have three axes.
    private static List<String> parameters(Path path, JsonNode node) {
        List<String> names = strings(path, "target_parameters", node);
        for (String name : names) {
            if (!name.endsWith(".weight")) {
                throw PeftConfig.refusal(
                        path,
                        "target_parameters to be weights of linear layers",
                        assay.base.run.Refusal.name(name),
                        "Matrices of experts are read one by one: train with target_modules, which names each.");
            }
        }
        return names.stream().map(name -> name.replaceFirst("\\.weight$", "")).toList();
    }

    private static Optional<Names> names(Path path, String field, JsonNode node) {
        if (node.isString() && !node.asString().isEmpty()) {
            return Optional.of(new Names.Matching(PeftPattern.compile(path, field, node.asString())));
        }
        List<String> endings = strings(path, field, node);
        return endings.isEmpty() ? Optional.empty() : Optional.of(new Names.Endings(endings));
    }

    private static Set<Long> layers(Path path, JsonNode node) {
        List<JsonNode> values = node.isArray()
                ? List.copyOf(node.values())
                : node.isNull() || node.isMissingNode() ? List.of() : List.of(node);
        for (JsonNode value : values) {
            if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 0) {
                throw PeftConfig.refusal(
                        path, "layers_to_transform to be indices", JsonFile.shown(node), "Correct the file.");
            }
        }
        return values.stream().map(JsonNode::asLong).collect(java.util.stream.Collectors.toUnmodifiableSet());
    }

    private static List<String> strings(Path path, String field, JsonNode node) {
        if (node.isString()) {
            return node.asString().isEmpty() ? List.of() : List.of(node.asString());
        }
        List<String> values = new ArrayList<>();
        for (JsonNode value : node) {
            if (!value.isString()) {
                throw PeftConfig.refusal(path, field + " to hold names", JsonFile.shown(value), "Correct the file.");
            }
            values.add(value.asString());
        }
        if (!node.isArray() && !node.isNull() && !node.isMissingNode()) {
            throw PeftConfig.refusal(
                    path, field + " to be a list or a text", JsonFile.shown(node), "Correct the file.");
        }
        return values;
    }
}
