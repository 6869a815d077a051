package assay.measure.form;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FormKindTest {
    @Test
    void tokensAreOfTheKindsTheirTextsShow() {
        assertThat(kinds(" NASA")).containsExactlyInAnyOrder(FormKind.CAPITALS);
        assertThat(kinds(" Paris")).containsExactlyInAnyOrder(FormKind.CAPITALS_INSIDE);
        assertThat(kinds("\n")).containsExactlyInAnyOrder(FormKind.LINE_BREAKS);
        assertThat(kinds(" -")).containsExactlyInAnyOrder(FormKind.LIST_MARKS);
        assertThat(kinds("7")).containsExactlyInAnyOrder(FormKind.DIGITS, FormKind.NUMBERED);
        assertThat(kinds("#")).containsExactlyInAnyOrder(FormKind.HEADINGS);
        assertThat(kinds("?")).containsExactlyInAnyOrder(FormKind.QUESTION_MARKS, FormKind.SENTENCE_ENDS);
        assertThat(kinds("...")).containsExactlyInAnyOrder(FormKind.ELLIPSES, FormKind.SENTENCE_ENDS);
        assertThat(kinds(" I")).containsExactlyInAnyOrder(FormKind.FIRST_PERSON);
        assertThat(kinds(" you")).containsExactlyInAnyOrder(FormKind.SECOND_PERSON, FormKind.SMALL_BEGINNINGS);
        assertThat(kinds("привет")).contains(FormKind.CYRILLIC);
        assertThat(kinds("猫")).containsExactlyInAnyOrder(FormKind.HAN);
        assertThat(kinds(" 😀")).containsExactlyInAnyOrder(FormKind.EMOJI);
        assertThat(kinds("™")).isEmpty();
        assertThat(kinds("")).isEmpty();
    }

    @Test
    void functionWordsTellLanguagesApart() {
        assertThat(kinds(" het")).contains(FormKind.DUTCH);
        assertThat(kinds(" och")).contains(FormKind.SWEDISH);
        assertThat(kinds(" Les")).contains(FormKind.FRENCH);
        assertThat(kinds(" lesson")).doesNotContain(FormKind.FRENCH);
        assertThat(kinds(" the")).contains(FormKind.ENGLISH);
    }

    @Test
    void aTokenOfALettersFirstByteCountsAsThatLetter() {
        assertThat(TokenTexts.begun("ðŁĺ")).isEqualTo("😀");
        assertThat(TokenTexts.begun("<0xF0>")).isEqualTo("😀");
        assertThat(TokenTexts.begun("Ġç")).isEqualTo("一");
        assertThat(TokenTexts.begun("<0x0A>")).isEmpty();
        assertThat(TokenTexts.begun("Ģ")).isEmpty();
    }

    @Test
    void everyKindHasWordsOfItsOwn() {
        assertThat(Arrays.stream(FormKind.values()).map(FormKind::words)).doesNotHaveDuplicates();
        assertThat(FormKind.definition()).contains("DIGITS ANYWHERE");
    }

    private static Set<FormKind> kinds(String text) {
        return Arrays.stream(FormKind.values()).filter(kind -> kind.has(text)).collect(Collectors.toSet());
    }
}
