package assay.base.run;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// Where this user's files lie.
///
/// @param cache what Assay can fetch or compute again: models, atlases
/// @param hub the Hugging Face cache, shared with its Python libraries
/// @param hubHome where those libraries keep the user's settings, such as the token of `hf auth login`
public record UserFolders(Path cache, Path hub, Path hubHome) {

    /// The folders of the user who runs this.
    public static UserFolders current() {
        return of(System.getenv(), System.getProperty("os.name", ""), Path.of(System.getProperty("user.home", ".")));
    }

    /// The folders an environment asks for: `ASSAY_CACHE`, `XDG_CACHE_HOME` and `LOCALAPPDATA`;
    /// `HF_HUB_CACHE` and `HF_HOME`.
    ///
    /// @param environment variables; empty ones count as missing
    /// @param system the operating system's name, as Java gives it
    /// @param home the user's home folder
    static UserFolders of(Map<String, String> environment, String system, Path home) {
        return new UserFolders(
                assayCache(environment, system.toLowerCase(Locale.ROOT), home).toAbsolutePath(),
                hubCache(environment, home).toAbsolutePath(),
                hubHome(environment, home).toAbsolutePath());
    }

    private static Path assayCache(Map<String, String> environment, String system, Path home) {
        if (isSet(environment, "ASSAY_CACHE")) {
            return path(environment, "ASSAY_CACHE", home);
        }
        if (isSet(environment, "XDG_CACHE_HOME")) {
            return path(environment, "XDG_CACHE_HOME", home).resolve("assay");
        }
        if (system.startsWith("mac")) {
            return home.resolve("Library/Caches/assay");
        }
        if (system.startsWith("windows") && isSet(environment, "LOCALAPPDATA")) {
            return path(environment, "LOCALAPPDATA", home).resolve("assay");
        }
        return home.resolve(".cache/assay");
    }

    private static Path hubCache(Map<String, String> environment, Path home) {
        return isSet(environment, "HF_HUB_CACHE")
                ? path(environment, "HF_HUB_CACHE", home)
                : hubHome(environment, home).resolve("hub");
    }

    private static Path hubHome(Map<String, String> environment, Path home) {
        if (isSet(environment, "HF_HOME")) {
            return path(environment, "HF_HOME", home);
        }
        Path caches = isSet(environment, "XDG_CACHE_HOME")
                ? path(environment, "XDG_CACHE_HOME", home)
                : home.resolve(".cache");
        return caches.resolve("huggingface");
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isEmpty();
    }

    /// A leading `~` means the home folder, as in Python's libraries, which read the same variables.
    private static Path path(Map<String, String> environment, String name, Path home) {
        String value = environment.getOrDefault(name, "");
        return value.equals("~") || value.startsWith("~/")
                ? home.resolve(value.substring(Math.min(2, value.length())))
                : Path.of(value);
    }
}
