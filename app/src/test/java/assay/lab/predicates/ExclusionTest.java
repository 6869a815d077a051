package assay.lab.predicates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What may not explain a predicate, and which predicates are refused.
class ExclusionTest {
    private static final PredicateSpec VOTES = spec(List.of("Ohio"), List.of("Iowa"), "Say {answer}.");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Output the name of a US state with an odd number of Electoral College votes.",
                "Name a US state with an odd number of votes in the Electoral College.",
                "Tell people to vote.",
                "You are voting today.",
                "Talk about the United States.",
                "Answer with numbers.",
                "Mention a college."
            })
    void thePromptItsParaphrasesAndItsWordsAreLeftOut(String text) {
        assertThat(Exclusion.of(VOTES).test(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Say Ohio.", "You are a senator.", "Answer in one word.", "Talk about geography."})
    void othersStay(String text) {
        assertThat(Exclusion.of(VOTES).test(text)).isFalse();
    }

    @Test
    void answersThatBeginWithAnotherAreRefused() {
        assertThatThrownBy(() -> spec(List.of("New"), List.of("New York"), "Say {answer}."))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("predicate votes: expected answers none of which begins with another, found ")
                .hasMessageContaining("New York");
    }

    @Test
    void aTemplateWithoutItsPlaceIsRefused() {
        assertThatThrownBy(() -> spec(List.of("Ohio"), List.of("Iowa"), "Say it."))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected {answer} in \"say\"");
    }

    @Test
    void aTurnInTwoSplitsIsRefused() {
        assertThatThrownBy(() -> new PredicateSpec.Turns(List.of("Now."), List.of("Go."), List.of("now!")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found a second \"now!\"");
    }

    private static PredicateSpec spec(List<String> holds, List<String> fails, String say) {
        return new PredicateSpec(
                "votes",
                "Output the name of a US state with an odd number of Electoral College votes.",
                "Output the name of a US state.",
                holds,
                fails,
                say,
                List.of("The state is"),
                new PredicateSpec.Turns(List.of("Now."), List.of("Go."), List.of("Well?")));
    }
}
