package assay.tasks.session;

import assay.NoEffectException;
import assay.base.run.Sha256;
import assay.discover.atlas.NearDuplicates;
import assay.engine.peft.PeftFolder;
import assay.engine.peft.Trim;
import assay.measure.behaviour.Behaviour;
import assay.measure.judge.Explanation.Kind;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/// What is to be explained.
///
/// @param kind what kind of behaviour it is
/// @param name what to call it: adapter folder or prompt text
/// @param description details for the reader
/// @param behaviour how to run it
/// @param sha256 hash of the file or text it was read from, and of all else that decides what it is
/// @param base what it is compared with: the model's base, or another behaviour
/// @param source how it is found again: `target`, a whole path, a name on a hub, or the prompt's text, and `scale` and
/// `rank` of an adapter that was not taken as it is; empty if it was made up, or compared with another
public record Target(
        Kind kind,
        String name,
        String description,
        Behaviour behaviour,
        String sha256,
        Behaviour base,
        Map<String, String> source) {
    /// One that is compared with the model's base.
    public Target(
            Kind kind,
            String name,
            String description,
            Behaviour behaviour,
            String sha256,
            Map<String, String> source) {
        this(kind, name, description, behaviour, sha256, Behaviour.BASE, source);
    }

    /// One that was made up.
    public Target(Kind kind, String name, String description, Behaviour behaviour, String sha256) {
        this(kind, name, description, behaviour, sha256, Map.of());
    }

    /// What it has and another has not: the other is what it is compared with.
    public Target against(Target other) {
        return new Target(
                kind,
                name + " against " + other.name,
                description + "; its base is " + other.name + " (" + other.description + ")",
                behaviour,
                Sha256.ofText(sha256 + " against " + other.sha256),
                other.behaviour,
                Map.of());
    }

    /// A target as a user names it.
    public sealed interface Named {
        /// A LoRA adapter.
        ///
        /// @param spec a PEFT LoRA folder, a `.gguf` file of llama.cpp, or `owner/repo[@revision][/subfolder]`
        /// @param trim how much of it
        record Adapter(String spec, Trim trim) implements Named {
            /// All of it.
            public Adapter(String spec) {
                this(spec, Trim.NONE);
            }
        }

        /// A soft prompt.
        ///
        /// @param spec a PEFT prompt-tuning folder, or `owner/repo[@revision][/subfolder]`
        record Soft(String spec) implements Named {}

        /// A system prompt.
        record Prompt(String text) implements Named {}

        /// What one has and another has not.
        record Against(Named target, Named base) implements Named {}

        /// A folder, a `.gguf` file, or a name without blanks such as `owner/repo`, is an adapter; all
        /// else is a prompt.
        static Named adapterOrPrompt(String words) {
            return isFolder(words) || words.strip().matches("[^\\s/]+/\\S+") ? new Adapter(words) : new Prompt(words);
        }

        /// What a folder of its results is called, by the last part of a path or of a name on a hub.
        default String folderName() {
            return switch (this) {
                case Adapter(String spec, Trim trim) -> plain(last(spec) + " " + trim.words());
                case Soft(String spec) -> plain(last(spec));
                case Prompt(String text) -> plain(text.strip());
                case Against(Named target, Named base) -> plain(target.folderName() + " against " + base.folderName());
            };
        }
    }

    /// Nats per token below which nothing but rounding is left.
    private static final double NOTHING = 1e-6;

    /// Refuses a target that does what its base does: an adapter that landed nowhere, or a twin of the base.
    ///
    /// @param nats KL(target ‖ base) per token
    /// @throws NoEffectException if it is nothing but rounding
    public void requireEffect(double nats) {
        if (nats < NOTHING) {
            throw new NoEffectException(
                    "target: expected a behaviour that differs from its base, found KL(target ‖ base) of "
                            + String.format(Locale.ROOT, "%.7f", Math.max(0, nats)) + " nats per token (" + name
                            + "). Was it trained, and for this model?");
        }
    }

    /// Prompts that must not explain it: one in words is not explained by itself, or by what says nearly the same.
    public Predicate<String> forbidden() {
        return kind == Kind.PROMPT ? NearDuplicates.paraphrasesOf(behaviour.name()) : _ -> false;
    }

    private static String last(String spec) {
        try {
            Path last = Path.of(spec).toAbsolutePath().normalize().getFileName();
            return last == null ? spec : last.toString();
        } catch (InvalidPathException _) {
            return spec;
        }
    }

    private static boolean isFolder(String words) {
        try {
            return Files.isDirectory(Path.of(words)) || PeftFolder.isGguf(Path.of(words));
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private static String plain(String name) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return plain.isEmpty() ? "prompt" : plain.substring(0, Math.min(40, plain.length()));
    }
}
