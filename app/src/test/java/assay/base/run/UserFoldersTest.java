package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserFoldersTest {
    private static final Path HOME = Path.of("/home/ada").toAbsolutePath();

    @Test
    void cacheLiesWhereTheSystemKeepsCaches() {
        assertThat(cache("Linux", Map.of())).isEqualTo(HOME.resolve(".cache/assay"));
        assertThat(cache("Mac OS X", Map.of())).isEqualTo(HOME.resolve("Library/Caches/assay"));
        assertThat(cache("Windows 11", Map.of("LOCALAPPDATA", "/local"))).isEqualTo(absolute("/local/assay"));
        assertThat(cache("Windows 11", Map.of())).isEqualTo(HOME.resolve(".cache/assay"));
    }

    @Test
    void variablesWinInTheirOrderAndEmptyOnesDoNotCount() {
        assertThat(cache("Linux", Map.of("XDG_CACHE_HOME", "/xdg"))).isEqualTo(absolute("/xdg/assay"));
        assertThat(cache("Linux", Map.of("XDG_CACHE_HOME", "/xdg", "ASSAY_CACHE", "/mine")))
                .isEqualTo(absolute("/mine"));
        assertThat(cache("Linux", Map.of("XDG_CACHE_HOME", "", "ASSAY_CACHE", "")))
                .isEqualTo(HOME.resolve(".cache/assay"));
        assertThat(cache("Linux", Map.of("ASSAY_CACHE", "~/models"))).isEqualTo(HOME.resolve("models"));
    }

    @Test
    void hubCacheIsThatOfThePythonLibraries() {
        assertThat(hub(Map.of())).isEqualTo(HOME.resolve(".cache/huggingface/hub"));
        assertThat(hub(Map.of("XDG_CACHE_HOME", "/xdg"))).isEqualTo(absolute("/xdg/huggingface/hub"));
        assertThat(hub(Map.of("XDG_CACHE_HOME", "/xdg", "HF_HOME", "/hf"))).isEqualTo(absolute("/hf/hub"));
        assertThat(hub(Map.of("HF_HOME", "/hf", "HF_HUB_CACHE", "/hub"))).isEqualTo(absolute("/hub"));
    }

    private static Path cache(String system, Map<String, String> environment) {
        return UserFolders.of(environment, system, HOME).cache();
    }

    private static Path hub(Map<String, String> environment) {
        return UserFolders.of(environment, "Linux", HOME).hub();
    }

    private static Path absolute(String path) {
        return Path.of(path).toAbsolutePath();
    }
}
