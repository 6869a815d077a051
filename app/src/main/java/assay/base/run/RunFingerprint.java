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
public final class RunFingerprint {
    private static final long MOST_BYTES = 1L << 24;

    private RunFingerprint() {}

    /// Notes it, or checks that it is the same as before.
    ///
    /// @param file that keeps it
    /// @param now what results depend on, by name
    /// @param advice last sentence of the refusal
    /// @throws InputException naming what changed
    public static void require(Path file, Map<String, String> now, String advice) {
        if (!Files.isRegularFile(file)) {
            AtomicFiles.write(file, JsonMapper.shared().writeValueAsBytes(new TreeMap<>(now)));
            return;
        }
        Map<String, String> then = read(file);
        Set<String> keys = new TreeSet<>(then.keySet());
        keys.addAll(now.keySet());
        List<String> changed = keys.stream()
                .filter(key -> !Objects.equals(now.get(key), then.get(key)))
                .map(key -> key + " " + then.get(key) + " then, " + now.get(key) + " now")
                .toList();
        if (!changed.isEmpty()) {
            String where = String.join("; ", changed) + "; " + file;
            throw Refusal.of("--out", "what this folder was begun with", "changes", where, advice);
        }
    }

    private static Map<String, String> read(Path file) {
        try {
            return SoundJson.read(SmallFile.bytes(file, MOST_BYTES), new TypeReference<Map<String, String>>() {});
        } catch (IOException | JacksonException _) {
            String expected = "to read what it was begun with";
            throw Refusal.of("--out", expected, "it damaged", file, "Take a new folder.");
        }
    }
}
