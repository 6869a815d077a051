package assay.tasks.session;

import assay.measure.behaviour.Behaviour;
import assay.measure.judge.Explanation.Kind;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/// What is to be explained.
///
/// @param kind what kind of behaviour it is
/// @param name what to call it: adapter folder or prompt text
/// @param description details for the reader
/// @param behaviour how to run it
/// @param sha256 hash of the file or text it was read from
/// @param source where it was found, so that it is found again: a whole path, a name on a hub, or the prompt's text;
/// empty if it was made up
public record Target(Kind kind, String name, String description, Behaviour behaviour, String sha256, String source) {
    /// One that was made up.
    public Target(Kind kind, String name, String description, Behaviour behaviour, String sha256) {
        this(kind, name, description, behaviour, sha256, "");
    }

    /// A target as a user names it.
    public sealed interface Named {
        /// A LoRA adapter.
        ///
        /// @param spec a PEFT LoRA folder, or `owner/repo[@revision][/subfolder]`
        record Adapter(String spec) implements Named {}

        /// A soft prompt.
        ///
        /// @param spec a PEFT prompt-tuning folder, or `owner/repo[@revision][/subfolder]`
        record Soft(String spec) implements Named {}

        /// A system prompt.
        record Prompt(String text) implements Named {}

        /// What a folder of its results is called, by the last part of a path or of a name on a hub.
        default String folderName() {
            return switch (this) {
                case Adapter(String spec) -> plain(last(spec));
                case Soft(String spec) -> plain(last(spec));
                case Prompt(String text) -> plain(text.strip());
            };
        }
    }

    private static String last(String spec) {
        try {
            Path last = Path.of(spec).toAbsolutePath().normalize().getFileName();
            return last == null ? spec : last.toString();
        } catch (InvalidPathException _) {
            return spec;
        }
    }

    private static String plain(String name) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return plain.isEmpty() ? "prompt" : plain.substring(0, Math.min(40, plain.length()));
    }
}
