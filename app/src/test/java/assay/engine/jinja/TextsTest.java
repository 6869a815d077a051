package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The methods of texts: cutting, looking and joining, and what letters are.
class TextsTest {
    private static Object call(String text, String method, Object... positional) {
        Arguments given = new Arguments(method, List.of(positional), Map.of());
        return Texts.method(method).orElseThrow().apply(text, given);
    }

    private static String shown(String text, String method, Object... positional) {
        return Values.text(call(text, method, positional));
    }

    @Test
    void stripTakesSpaceOrCharacters() {
        assertThat(shown("  a b \n", "strip")).isEqualTo("a b");
        assertThat(shown("  a ", "lstrip")).isEqualTo("a ");
        assertThat(shown("  a ", "rstrip")).isEqualTo("  a");
        assertThat(shown("xyaxy", "strip", "yx")).isEqualTo("a");
        assertThat(shown("🙂a🙂", "strip", "🙂")).isEqualTo("a");
        assertThat(shown("\u001c\u0085\u2028\u3000a\u200b", "strip")).isEqualTo("a\u200b");
        assertThat(shown("aaa", "strip", "a")).isEmpty();
        assertThat(shown(" a ", "strip", Values.NONE)).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a b  c~split~~['a', 'b', 'c']",
                " a ~split~~['a']",
                "~split~~[]",
                "a,b,,c~split~,~['a', 'b', '', 'c']",
                "abc~split~x~['abc']",
                "aaa~split~aa~['', 'a']",
                "aaa~rsplit~aa~['a', '']",
                "a,b,c~rsplit~,~['a', 'b', 'c']",
                "a b  c~rsplit~~['a', 'b', 'c']"
            })
    void splitCutsAtSeparatorsOrSpace(String text, String method, String separator, String pieces) {
        String whole = text == null ? "" : text;
        assertThat(separator == null ? shown(whole, method) : shown(whole, method, separator))
                .isEqualTo(pieces);
    }

    @Test
    void splitWithALimitLeavesTheRestWhole() {
        assertThat(shown("a,b,c", "split", ",", 1L)).isEqualTo("['a', 'b,c']");
        assertThat(shown("a,b,c", "rsplit", ",", 1L)).isEqualTo("['a,b', 'c']");
        assertThat(shown("a,b,c", "split", ",", 0L)).isEqualTo("['a,b,c']");
        assertThat(shown("a,b,c", "rsplit", ",", -1L)).isEqualTo("['a', 'b', 'c']");
        assertThat(shown("  a  b  c ", "split", Values.NONE, 1L)).isEqualTo("['a', 'b  c ']");
        assertThat(shown(" a  b  c ", "rsplit", Values.NONE, 1L)).isEqualTo("[' a  b', 'c']");
        assertThat(shown(" a ", "rsplit", Values.NONE, 0L)).isEqualTo("[' a']");
    }

    /// Joined with the separator again, the pieces are the text; and their number is one more than its count.
    @Test
    void piecesJoinedAreTheText() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append("ab,🙂 "
                        .codePoints()
                        .mapToObj(Character::toString)
                        .toList()
                        .get(random.nextInt(5)));
            }
            String whole = text.toString();
            for (String separator : List.of(",", "a", "ab", "🙂", " ")) {
                for (long most = -1; most < 4; most++) {
                    for (String method : List.of("split", "rsplit")) {
                        List<?> pieces = (List<?>) call(whole, method, separator, most);
                        assertThat(Texts.joined(pieces, separator)).isEqualTo(whole);
                        assertThat(pieces.size()).isLessThanOrEqualTo(most < 0 ? 99 : (int) most + 1);
                    }
                }
                assertThat((Long) call(whole, "count", separator))
                        .isEqualTo(((List<?>) call(whole, "split", separator)).size() - 1L);
                assertThat(call(whole, "replace", separator, separator)).isEqualTo(whole);
            }
        }
    }

    @Test
    void linesEndWherePythonEndsThem() {
        assertThat(shown("a\nb\r\nc\rd", "splitlines")).isEqualTo("['a', 'b', 'c', 'd']");
        assertThat(shown("a\u000bb\fc\u001cd\u0085e\u2028f\u2029g", "splitlines"))
                .isEqualTo("['a', 'b', 'c', 'd', 'e', 'f', 'g']");
        assertThat(shown("a\n\nb\n", "splitlines")).isEqualTo("['a', '', 'b']");
        assertThat(shown("", "splitlines")).isEqualTo("[]");
    }

    @Test
    void replaceReplacesAllOrSome() {
        assertThat(shown("banana", "replace", "an", "x")).isEqualTo("bxxa");
        assertThat(shown("banana", "replace", "a", "", 2L)).isEqualTo("bnna");
        assertThat(shown("🙂a🙂", "replace", "🙂", "")).isEqualTo("a");
        assertThat(shown("abc", "replace", "b", "-", 0L)).isEqualTo("abc");
    }

    @Test
    void lookingCountsCharacters() {
        assertThat(call("🙂b🙂", "find", "b")).isEqualTo(1L);
        assertThat(call("hello", "find", "")).isEqualTo(0L);
        assertThat(call("hello", "index", "e")).isEqualTo(1L);
        assertThat(call("banana", "count", "ana")).isEqualTo(1L);
    }

    @Test
    void beginningsAndEnds() {
        assertThat(call("hello", "startswith", "he")).isEqualTo(true);
        assertThat(call("hello", "endswith", "lo")).isEqualTo(true);
        assertThat(call("hello", "startswith", Values.tuple(List.of("x", "h")))).isEqualTo(true);
        assertThat(call("hello", "endswith", Values.tuple(List.of()))).isEqualTo(false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "upper~aBc ß ﬁ~ABC SS FI",
                "lower~ABC ΟΔΟΣ~abc οδος",
                "title~hello wORLD it's x1y~Hello World It'S X1Y",
                "title~aﬁx ǆ 東京a ΑΣ~Aﬁx ǅ 東京A Ας",
                "capitalize~hELLO World~Hello world",
                "capitalize~ΑΣ~Ας",
                "capitalize~ǆA~ǅa"
            })
    void caseChangesAsInPython(String method, String text, String changed) {
        assertThat(shown(text, method)).isEqualTo(changed);
        assertThat(shown("", method)).isEmpty();
    }

    @Test
    void theFilterTitleStartsWordsBehindHyphensAndBrackets() {
        assertThat(Texts.titledByFilter("it's o'clock")).isEqualTo("It's O'clock");
        assertThat(Texts.titledByFilter("foo-bar (baz) [x{y<z")).isEqualTo("Foo-Bar (Baz) [X{Y<Z");
        assertThat(Texts.titledByFilter("A.B c_D")).isEqualTo("A.b C_d");
        assertThat(Texts.titledByFilter("ﬁx")).isEqualTo("FIx");
    }

    @ParameterizedTest
    @CsvSource({
        "isdigit,12,true",
        "isdigit,1.2,false",
        "isdigit,²,true",
        "isdigit,½,false",
        "isdigit,٣,true",
        "isdigit,'',false",
        "isalpha,ab,true",
        "isalpha,a1,false",
        "isalpha,東京,true",
        "isalnum,a1,true",
        "isalnum,a 1,false",
        "isspace,' ',true",
        "isspace,'',false",
        "islower,ab,true",
        "islower,a1,true",
        "islower,aB,false",
        "islower,1,false",
        "isupper,AB,true",
        "isupper,A1,true",
        "isupper,1,false"
    })
    void questions(String method, String text, boolean answer) {
        assertThat(call(text, method)).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"a~'a'", "it's~\"it's\"", "a\"b~'a\"b'", "both'\"~'both\\'\"'", "b\\c~'b\\\\c'", "é🙂~'é🙂'"})
    void quotingIsThatOfRepr(String text, String quoted) {
        assertThat(Texts.quoted(text)).isEqualTo(quoted);
    }

    @Test
    void quotingShowsWhatIsInvisible() {
        assertThat(Texts.quoted("\n\r\t\u0000\u007f\u00a0\u200b\u2028\ue000"))
                .isEqualTo("'\\n\\r\\t\\x00\\x7f\\xa0\\u200b\\u2028\\ue000'");
        assertThat(Texts.quoted("\udb40\udc01")).isEqualTo("'\\U000e0001'");
    }

    @Test
    void joinTakesTextsOnly() {
        assertThat(shown(", ", "join", List.of("a", "b"))).isEqualTo("a, b");
        assertThat(shown("-", "join", "abc")).isEqualTo("a-b-c");
        assertThat(shown("-", "join", new Values.Lazy(List.of("a", "b")))).isEqualTo("a-b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{{ 'a'.strip(1) }}~a text~an int",
                "{{ 'a'.split('') }}~at least one character to look for~an empty text",
                "{{ 'a'.replace('', 'b') }}~at least one character to look for~an empty text",
                "{{ 'a'.split(1) }}~a text~an int",
                "{{ 'a'.startswith(['a']) }}~a text~a list",
                "{{ 'a'.startswith(none) }}~a text~None",
                "{{ 'a'.index('b') }}~a text that holds 'b'~one that does not",
                "{{ 'a'.replace('a') }}~an argument 'new' for replace~none",
                "{{ 'a1'.replace(1, 'b') }}~a text~an int",
                "{{ ','.join([1]) }}~a text~an int",
                "{{ ','.join(none) }}~something to loop over~None",
                "{{ 'a'.upper(1) }}~at most 0 arguments for upper~1",
                "{{ 'a'.count('') }}~at least one character to look for~an empty text",
                "{{ 'ßa'.capitalize() }}~a letter with one capital~'ß'",
                "{{ 'ﬁx y'.title() }}~a letter with one capital~'ﬁ'",
                "{{ 'a'.encode() }}~an attribute this version knows~'encode' of a str",
                "{{ 'a'.nosuch() }}~a function~nothing called 'nosuch'",
                "{{ 'a'.find('a', 1) }}~at most 1 arguments for find~2"
            })
    void refusesWhatPythonRefuses(String source, String expected, String found) {
        Render.refused(source, expected, found);
    }

    /// Every name a text answers to does answer.
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "Ab C 1"})
    void everyMethodAnswersOrAsksForAnArgument(String text) {
        assertThat(Texts.METHODS).hasSizeGreaterThan(20);
        Texts.METHODS.forEach((name, method) -> {
            try {
                Object answer = method.apply(text, new Arguments(name, List.of(), Map.of()));
                assertThat(List.of("a str", "a bool", "a list")).as(name).contains(Values.kind(answer));
            } catch (assay.InputException asks) {
                assertThat(asks.getMessage()).as(name).contains("expected an argument '");
            }
        });
    }
}
