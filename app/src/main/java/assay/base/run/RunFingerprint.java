package assay.base.run;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// What results in a folder were begun with: they are not continued with anything else.
///
/// @param file that keeps it
public record RunFingerprint(Path file) {
    /// Notes it, or checks that it is the same as before.
    ///
    /// @param now what results depend on, by name
    /// @param advice last sentence of the refusal
    /// @throws InputException naming what changed
    public void with(Map<String, String> now, String advice) {
        if (!Files.isRegularFile(file)) {
            AtomicFiles.write(file, JsonMapper.shared().writeValueAsBytes(new TreeMap<>(now)));
            return;
        }
        Map<String, String> then = read();
        Set<String> keys = new TreeSet<>(then.keySet());
        keys.addAll(now.keySet());
        List<String> changed = keys.stream()
                .filter(key -> !Objects.equals(now.get(key), then.get(key)))
                .map(key -> key + " " + then.get(key) + " then, " + now.get(key) + " now")
                .toList();
        if (!changed.isEmpty()) {
            throw Refusal.of(
                    "--out",
                    "what this folder was begun with",
                    "changes",
                    String.join("; ", changed) + "; " + file,
                    advice);
        }
    }

    private Map<String, String> read() {
        try {
            return JsonMapper.shared().readValue(Files.readAllBytes(file), new TypeReference<>() {});
        } catch (IOException | JacksonException damaged) {
            throw new InputException(
                    "--out: expected to read what it was begun with, found it damaged (" + file
                            + "). Take a new folder.",
                    damaged);
        }
    }
}
