package assay.study;

import assay.InputException;
import assay.run.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Finished parts of a long run, a JSON file each, so that a stopped run goes on where it was.
///
/// @param folder they are kept in
record Rows(Path folder) {
    /// A part must hold every figure: one of another version, which lacks some, counts as damaged.
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /// Whether a part is there.
    boolean has(String name) {
        return Files.isRegularFile(file(name));
    }

    /// A part: read if it is there, else made and written.
    ///
    /// @param name of its file, with `/` for folders inside
    /// @throws InputException if what is there is damaged
    /// @throws assay.ResourceException if it cannot be written
    <T> T get(String name, Class<T> type, Supplier<T> make) {
        if (has(name)) {
            return kept(name, type);
        }
        T made = make.get();
        AtomicFiles.write(
                file(name), JsonMapper.shared().writeValueAsString(made).getBytes(StandardCharsets.UTF_8));
        return made;
    }

    /// A part that is there.
    ///
    /// @throws InputException if it is damaged
    <T> T kept(String name, Class<T> type) {
        Path file = file(name);
        try {
            return STRICT.readValue(Files.readAllBytes(file), type);
        } catch (IOException | JacksonException damaged) {
            throw new InputException(
                    "run folder: expected a finished part, found it damaged (" + file
                            + "). Remove that file to have it run again.",
                    damaged);
        }
    }

    private Path file(String name) {
        return folder.resolve(name + ".json");
    }
}
