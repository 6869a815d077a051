package assay.lab.studyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.tasks.session.TargetSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files of targets for a tournament: the committed ones can be read; in broken ones everything is told.
class TournamentFileTest {
    private static final Path COMMITTED = Path.of("..", "examples", "search");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void theCommittedFilesHoldTargetsOfAllKinds() {
        assertThat(TournamentFile.read(COMMITTED.resolve("tournament.json")).targets())
                .hasSizeGreaterThanOrEqualTo(20)
                .extracting(TournamentFile.Entry::kind)
                .contains("prompt", "planted", "random-soft", "gibberish");
        assertThat(TournamentFile.read(COMMITTED.resolve("recovery.json")).targets())
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry.source())
                        .isInstanceOfSatisfying(
                                TargetSource.Planted.class,
                                planted -> assertThat(planted.known()).isTrue()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "prompt": " "                                                        | "prompt": expected a text
                    "prompt": "x", "soft": "y"                                           | expected exactly one of
                    "prompt": "x", "promt": "y"                                          | unknown field "promt"
                    "soft": "nowhere"                                                    | expected a PEFT folder
                    "random_tokens": 0                                                   | a whole number from 1 to 256
                    "mixture": []                                                        | expected at least 2 prompts, found 0
                    "mixture": [{"prompt": "x", "weight": 0}, {"prompt": "y", "weight": 1}] | "weight" is 0
                    "mixture": [{"prompt": "x", "weight": 1}, {"prompt": "x", "weight": 1}] | "x" twice in "mixture"
                    "mixture": [{"prompt": "x"}, {"prompt": "y", "weight": 1}]           | missing "weight"
                    """)
    void brokenTargetsAreRefused(String fields, String told) throws IOException {
        Path file = Files.writeString(
                folder.resolve("broken.json"),
                "{\"schema_version\": 1,\n\"targets\": [\n{\"name\": \"a\", \"class\": \"x\", " + fields + "}]}");
        assertThatThrownBy(() -> TournamentFile.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(
                        "tournament: expected a valid tournament file, found 1 problem (" + file + "): line 3: ")
                .hasMessageContaining(told);
    }

    @Test
    void knownPromptsAreOnlyKnownWhereTheFileSaysSo() throws IOException {
        Path file = Files.writeString(folder.resolve("two.json"), """
                {"targets": [{"name": "a", "class": "planted", "mixture": [
                                {"prompt": "One.", "weight": 0.5}, {"prompt": "Two.", "weight": 0.5}]},
                             {"name": "a", "class": "planted", "known": true, "mixture": [
                                {"prompt": "One.", "weight": 0.5}, {"prompt": "Two.", "weight": 0.5}]}]}
                """);
        assertThatThrownBy(() -> TournamentFile.read(file)).hasMessageContaining("name \"a\" given twice");
        Files.writeString(file, Files.readString(file).replaceFirst("\"name\": \"a\"", "\"name\": \"b\""));
        assertThat(TournamentFile.read(file).targets())
                .extracting(entry -> entry.source().forbidden().test("One."))
                .containsExactly(true, false);
    }
}
