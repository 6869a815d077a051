package assay.discover.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FramesTest {
    @Test
    void wordsAreFramedWithTheirArticles() {
        assertThat(Frames.around(List.of("oxen", "sea")))
                .contains("You are an oxen.", "Talk like a sea.", "Mention sea in every answer.")
                .contains("You are an oxen who loves sea.", "Talk about sea and oxen.")
                .noneMatch(prompt -> prompt.contains("name"))
                .doesNotHaveDuplicates();
    }

    @Test
    void namesHaveNoneAndNameWhatTheyStandBeside() {
        assertThat(Frames.around(List.of("Redbeard", "pirate")))
                .contains("You are Redbeard.", "Your name is Redbeard.", "You are a pirate named Redbeard.")
                .contains("You are Redbeard who loves pirate.")
                .doesNotContain("You are a Redbeard.", "Your name is pirate.", "You are Redbeard named pirate.")
                .doesNotHaveDuplicates();
        assertThat(Frames.around(List.of("Redbeard", "Blackbeard"))).noneMatch(prompt -> prompt.contains("named"));
    }

    @Test
    void threeWordsInARowAreUsedTogether() {
        assertThat(Frames.around(List.of("honey", "bee", "hive", "wax")))
                .contains("Use words like honey, bee and hive.", "Use words like bee, hive and wax.");
        assertThat(Frames.around(List.of())).isEmpty();
    }

    @Test
    void theFirstWordsComeTwoAtATimeBeforeTheOthersComeAlone() {
        List<String> prompts = Frames.around(List.of("honey", "bee", "hive", "wax", "queen", "sting", "flower"));
        assertThat(prompts.indexOf("You are a bee who loves honey."))
                .isBetween(
                        prompts.indexOf("Always use the word queen."), prompts.indexOf("Always use the word sting."));
        assertThat(prompts).doesNotHaveDuplicates().doesNotContain("Talk about honey and sting.");
    }
}
