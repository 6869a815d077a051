package assay.study;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON file with a list of named targets, whatever these are.
///
/// @param path where it is read from
/// @param subject what errors call it
record StudyFile(Path path, String subject) {
    /// Its targets, in order.
    ///
    /// @param entry makes a target of its name and its object
    /// @throws InputException if it is no such file, or names nothing, or a name twice
    <T> List<T> targets(BiFunction<String, JsonNode, T> entry) {
        List<T> targets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode node : tree().path("targets")) {
            String name = node.path("name").asString("");
            if (!name.matches("[a-z0-9][a-z0-9-]{0,60}")) {
                throw refused("a \"name\" of small letters, digits and hyphens", name.isEmpty() ? "none" : name);
            }
            targets.add(entry.apply(name, node));
            if (!names.add(name)) {
                throw refused("every name once", name + " twice");
            }
        }
        if (targets.isEmpty()) {
            throw refused("a list \"targets\"", "none");
        }
        return List.copyOf(targets);
    }

    /// All of it.
    JsonNode tree() {
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(path));
        } catch (JacksonException malformed) {
            throw refused("JSON", String.valueOf(malformed.getOriginalMessage()));
        } catch (IOException unreadable) {
            throw refused("a readable file", unreadable.getClass().getSimpleName());
        }
    }

    /// A file or folder it names, which stands beside it.
    Path beside(String name) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent()).resolve(name);
    }

    /// What to throw when something in it is not as it should be.
    InputException refused(String expected, String found) {
        return new InputException(
                subject + ": expected " + expected + ", found " + found + " (" + path + "). Correct it.");
    }
}
