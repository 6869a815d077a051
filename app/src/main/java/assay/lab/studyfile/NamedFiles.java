package assay.lab.studyfile;

import assay.engine.peft.PeftFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Files and folders that a study names and that stand beside it.
///
/// @param study the study file
record NamedFiles(Path study) {
    /// A file that a field may name.
    Optional<Path> file(JsonFields fields, String name) {
        return named(fields, name).filter(file -> there(fields, name, Files.isRegularFile(file), "a file " + file));
    }

    /// A PEFT folder that a field may name.
    Optional<Path> peft(JsonFields fields, String name) {
        return named(fields, name)
                .filter(folder -> there(
                        fields,
                        name,
                        PeftFolder.holdsPeft(folder),
                        "a PEFT folder (one with adapter_config.json) " + folder));
    }

    private Optional<Path> named(JsonFields fields, String name) {
        if (fields.maybe(name).isEmpty()) {
            return Optional.empty();
        }
        String text = fields.text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.indexOf(0) >= 0) {
            fields.wrong(name, "\"" + name + "\": expected a path, found one with a zero character");
            return Optional.empty();
        }
        Path folder = study.toAbsolutePath().getParent();
        return Optional.of(folder == null ? Path.of(text) : folder.resolve(text).normalize());
    }

    private static boolean there(JsonFields fields, String name, boolean there, String expected) {
        if (!there) {
            fields.wrong(name, "\"" + name + "\": expected " + expected + ", found none");
        }
        return there;
    }
}
