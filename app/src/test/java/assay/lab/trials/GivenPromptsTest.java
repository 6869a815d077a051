package assay.lab.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenPromptsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void promptsAreReadByArmAndTarget() throws IOException {
        assertThat(read("{\"mine\": {\"cook\": [\"Cook.\", \"Bake.\"]}}").prompts("mine", "cook"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{\"mine\": null}",
                "{\"mine\": {\"cook\": null}}",
                "{\"mine\": {\"cook\": [null]}}",
                "{\"mine\": {\"cook\": []}}",
                "{\"mine\": {\"cook\": [\" \"]}}"
            })
    void whatIsMissingIsRefused(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("--given: expected ");
    }

    private GivenPrompts read(String json) throws IOException {
        return GivenPrompts.read(Files.writeString(folder.resolve("given.json"), json));
    }
}
