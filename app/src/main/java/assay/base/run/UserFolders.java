package assay.base.run;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Where this user's files lie.
///
/// @param cache what Assay can fetch or compute again: models, atlases
/// @param hub the Hugging Face cache, shared with its Python libraries
/// @param hubHome where those libraries keep the user's settings, such as the token of `hf auth login`
public record UserFolders(Path cache, Path hub, Path hubHome) {

    /// The folders of the user who runs this; the property `assay.cache` goes before the environment.
    public static UserFolders current() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("ASSAY_CACHE", System.getProperty("assay.cache", environment.getOrDefault("ASSAY_CACHE", "")));
        return of(environment, System.getProperty("os.name", ""), Path.of(System.getProperty("user.home", ".")));
    }

    /// The folders an environment asks for: `ASSAY_CACHE`, `XDG_CACHE_HOME` and `LOCALAPPDATA`;
    /// `HF_HUB_CACHE` and `HF_HOME`.
    ///
    /// @param environment variables; empty ones count as missing
    /// @param system the operating system's name, as Java gives it
    static UserFolders of(Map<String, String> environment, String system, Path home) {
        return new UserFolders(
                assayCache(environment, system.toLowerCase(Locale.ROOT), home).toAbsolutePath(),
                hubCache(environment, home).toAbsolutePath(),
                hubHome(environment, home).toAbsolutePath());
    }

    private static Path assayCache(Map<String, String> environment, String system, Path home) {
        Path usual = home.resolve(system.startsWith("mac") ? "Library/Caches/assay" : ".cache/assay");
        return path(environment, "ASSAY_CACHE", home)
                .or(() -> path(environment, "XDG_CACHE_HOME", home).map(cache -> cache.resolve("assay")))
                .or(() -> path(environment, "LOCALAPPDATA", home)
                        .filter(_ -> system.startsWith("windows"))
                        .map(local -> local.resolve("assay")))
                .orElse(usual);
    }

    private static Path hubCache(Map<String, String> environment, Path home) {
        return path(environment, "HF_HUB_CACHE", home)
                .orElse(hubHome(environment, home).resolve("hub"));
    }

    private static Path hubHome(Map<String, String> environment, Path home) {
        return path(environment, "HF_HOME", home)
                .orElseGet(() -> path(environment, "XDG_CACHE_HOME", home)
                        .orElse(home.resolve(".cache"))
                        .resolve("huggingface"));
    }

    /// The path in a variable, if it is set. A leading `~` means the home folder, as in Python's libraries, which read
    /// the same variables.
    private static Optional<Path> path(Map<String, String> environment, String name, Path home) {
        return Optional.of(environment.getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .map(value -> value.equals("~") || value.startsWith("~/")
                        ? home.resolve(value.substring(Math.min(2, value.length())))
                        : Path.of(value));
    }
}
