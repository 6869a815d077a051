package assay.lab.trials;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.run.SmallFile;
import assay.base.run.SoundJson;
import assay.discover.atlas.Atlas;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/// Prompts that other programs found for a tournament's targets.
///
/// @param byArm prompts by arm and target
public record GivenPrompts(Map<String, Map<String, List<String>>> byArm) {
    private static final TypeReference<Map<String, Map<String, List<String>>>> SHAPE = new TypeReference<>() {};

    private static final long MOST_BYTES = 1L << 26;

    /// None.
    public static GivenPrompts none() {
        return new GivenPrompts(Map.of());
    }

    /// Reads JSON of the form `{"ARM": {"TARGET": ["PROMPT", …]}}`.
    ///
    /// @throws InputException if it is no such file, or names an arm that Assay has itself
    public static GivenPrompts read(Path file) {
        try {
            GivenPrompts given = new GivenPrompts(SoundJson.read(SmallFile.bytes(file, MOST_BYTES), SHAPE));
            given.byArm().forEach((arm, targets) -> {
                if (!arm.matches("[a-z0-9][a-z0-9-]{0,60}") || TournamentArms.NAMES.contains(arm)) {
                    throw refused("arms of small letters, digits and hyphens, other than Assay's own", arm, file);
                }
                targets.forEach((target, prompts) -> {
                    if (prompts.isEmpty() || prompts.stream().anyMatch(String::isBlank)) {
                        throw refused(
                                "at least one prompt for " + target + ", and none blank", prompts.size() + "", file);
                    }
                });
            });
            return given;
        } catch (JacksonException malformed) {
            throw refused("JSON {\"ARM\": {\"TARGET\": [\"PROMPT\", …]}}", "something else", file);
        } catch (IOException unreadable) {
            throw refused("a readable file", unreadable.getClass().getSimpleName(), file);
        }
    }

    private static InputException refused(String expected, String found, Path file) {
        return Refusal.of("--given", expected, found, file, "Correct it.");
    }

    /// Arms that have prompts for a target.
    List<String> arms(String target) {
        return byArm.entrySet().stream()
                .filter(arm -> arm.getValue().containsKey(target))
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean has(String arm) {
        return byArm.containsKey(arm);
    }

    List<Atlas.Entry> prompts(String arm, String target) {
        return byArm.getOrDefault(arm, Map.of()).getOrDefault(target, List.of()).stream()
                .map(text -> new Atlas.Entry(text, "given:" + arm))
                .toList();
    }
}
