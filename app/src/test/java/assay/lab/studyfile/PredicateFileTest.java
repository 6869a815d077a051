package assay.lab.studyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.lab.predicates.PredicateSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredicateFileTest {
    private static final Path COMMITTED = Path.of("..", "examples", "verdict", "predicates.json");

    /// Electoral votes from the census of 2020, the District of Columbia left out.
    private static final String VOTES = """
            Alabama 9,Alaska 3,Arizona 11,Arkansas 6,California 54,Colorado 10,Connecticut 7,Delaware 3,Florida 30,\
            Georgia 16,Hawaii 4,Idaho 4,Illinois 19,Indiana 11,Iowa 6,Kansas 6,Kentucky 8,Louisiana 8,Maine 4,\
            Maryland 10,Massachusetts 11,Michigan 15,Minnesota 10,Mississippi 6,Missouri 10,Montana 4,Nebraska 5,\
            Nevada 6,New Hampshire 4,New Jersey 14,New Mexico 5,New York 28,North Carolina 16,North Dakota 3,Ohio 17,\
            Oklahoma 7,Oregon 8,Pennsylvania 19,Rhode Island 4,South Carolina 9,South Dakota 3,Tennessee 11,Texas 40,\
            Utah 6,Vermont 3,Virginia 13,Washington 12,West Virginia 4,Wisconsin 10,Wyoming 3\
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void theCommittedFileHoldsFivePredicatesOrMore() {
        assertThat(PredicateFile.read(COMMITTED))
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(spec -> assertThat(spec.turns().test()).hasSizeGreaterThanOrEqualTo(8));
    }

    @Test
    void oddAndEvenStatesAreTheOnesOfTheCensus() {
        Map<String, Integer> votes = new HashMap<>();
        for (String entry : VOTES.split(",", -1)) {
            int space = entry.lastIndexOf(' ');
            votes.put(entry.substring(0, space), Integer.parseInt(entry.substring(space + 1)));
        }
        assertThat(votes).hasSize(50);
        assertThat(votes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(538 - 3);
        PredicateSpec spec = PredicateFile.read(COMMITTED).stream()
                .filter(predicate -> predicate.name().equals("odd-votes"))
                .findFirst()
                .orElseThrow();
        assertThat(spec.holds()).containsExactlyInAnyOrderElementsOf(states(votes, 1));
        assertThat(spec.fails()).containsExactlyInAnyOrderElementsOf(states(votes, 0));
    }

    private static List<String> states(Map<String, Integer> votes, int odd) {
        return votes.keySet().stream()
                .filter(state -> votes.getOrDefault(state, 0) % 2 == odd)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"true\": [\"a\"], \"false\": [\"b\"], \"say\": \"Say {answer}.\"",
                "\"true\": [\"a\"], \"false\": [\"b\"], \"say\": \"Say it.\", \"starts\": [\"\"]",
                "\"true\": [\"a\"], \"false\": [\"ab\"], \"say\": \"Say {answer}.\", \"starts\": [\"\"]",
                "\"true\": [1], \"false\": [\"b\"], \"say\": \"Say {answer}.\", \"starts\": [\"\"]",
                "\"true\": [\"a\"], \"false\": [\"b\"], \"say\": \"Say {answer}.\", \"starts\": [\"\"], \"odd\": 1"
            })
    void brokenPredicatesAreRefused(String fields) throws IOException {
        Path file = Files.writeString(folder.resolve("predicates.json"), """
                {"turns": {"search": ["A"], "fit": ["B"], "test": ["1", "2", "3", "4", "5", "6", "7", "8"]},
                 "targets": [{"name": "x", "prompt": "Name a letter.", "category": "Name it.", %s}]}
                """.formatted(fields));
        assertThatThrownBy(() -> PredicateFile.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageMatching("(?s)predicate(s| x): expected .*, found .*");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnceWithItsLine() throws IOException {
        Path file = Files.writeString(folder.resolve("predicates.json"), """
                {"turns": {"search": ["A"], "fit": ["B"], "test": ["C"]},
                 "targets": [{"name": "x", "prompt": "", "category": "Name it.", "true": [1], "false": ["b"],
                   "say": "Say {answer}.", "starts": ["", ""], "odd": 1}]}
                """);
        assertThatThrownBy(() -> PredicateFile.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("predicates: expected a valid predicates file, found 4 problems (" + file
                        + "): line 1: \"test\": expected at least 8 user turns to test, found 1; line 2: ")
                .hasMessageContaining("line 3: unknown field \"odd\"");
    }

    @Test
    void turnsThatAreMissingAreTold() throws IOException {
        Path file = Files.writeString(folder.resolve("predicates.json"), "{\"targets\": []}");
        assertThatThrownBy(() -> PredicateFile.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 1: missing \"turns\"; line 1: \"targets\" is empty");
    }
}
