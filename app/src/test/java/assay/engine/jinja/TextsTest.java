package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
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
        return Letters.METHODS.contains(method)
                ? Letters.method(method, text, given)
                : Texts.method(method, text, given);
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
                        assertThat(Functions.joined(pieces, separator)).isEqualTo(whole);
                        assertThat(pieces.size()).isLessThanOrEqualTo(most < 0 ? 99 : (int) most + 1);
                    }
                }
                assertThat((Long) call(whole, "count", separator))
                        .isEqualTo(((List<?>) call(whole, "split", separator)).size() - 1L);
                assertThat(Functions.joined(call(whole, "partition", separator), ""))
                        .isEqualTo(whole);
                assertThat(Functions.joined(call(whole, "rpartition", separator), ""))
                        .isEqualTo(whole);
                assertThat(call(whole, "replace", separator, separator)).isEqualTo(whole);
            }
            assertThat(Functions.joined(call(whole, "splitlines", true), "")).isEqualTo(whole);
        }
    }

    @Test
    void partitionCutsOnce() {
        assertThat(shown("a=b=c", "partition", "=")).isEqualTo("('a', '=', 'b=c')");
        assertThat(shown("a=b=c", "rpartition", "=")).isEqualTo("('a=b', '=', 'c')");
        assertThat(shown("abc", "partition", "=")).isEqualTo("('abc', '', '')");
        assertThat(shown("abc", "rpartition", "=")).isEqualTo("('', '', 'abc')");
    }

    @Test
    void linesEndWherePythonEndsThem() {
        assertThat(shown("a\nb\r\nc\rd", "splitlines")).isEqualTo("['a', 'b', 'c', 'd']");
        assertThat(shown("a\u000bb\fc\u001cd\u0085e\u2028f\u2029g", "splitlines"))
                .isEqualTo("['a', 'b', 'c', 'd', 'e', 'f', 'g']");
        assertThat(shown("a\n\nb\n", "splitlines")).isEqualTo("['a', '', 'b']");
        assertThat(shown("a\r\nb", "splitlines", true)).isEqualTo("['a\\r\\n', 'b']");
        assertThat(shown("", "splitlines")).isEqualTo("[]");
    }

    @Test
    void replaceReplacesAllOrSome() {
        assertThat(shown("banana", "replace", "an", "x")).isEqualTo("bxxa");
        assertThat(shown("banana", "replace", "a", "", 2L)).isEqualTo("bnna");
        assertThat(shown("abc", "replace", "", "-")).isEqualTo("-a-b-c-");
        assertThat(shown("abc", "replace", "", "-", 2L)).isEqualTo("-a-bc");
        assertThat(shown("", "replace", "", "x")).isEqualTo("x");
        assertThat(shown("🙂", "replace", "", "-")).isEqualTo("-🙂-");
        assertThat(shown("abc", "replace", "", "-", 0L)).isEqualTo("abc");
    }

    @Test
    void lookingCountsCharacters() {
        assertThat(call("🙂b🙂", "find", "b")).isEqualTo(1L);
        assertThat(call("🙂b🙂", "rfind", "🙂")).isEqualTo(2L);
        assertThat(call("hello", "find", "l", 3L)).isEqualTo(3L);
        assertThat(call("hello", "find", "l", 0L, 2L)).isEqualTo(-1L);
        assertThat(call("hello", "find", "l", -2L)).isEqualTo(3L);
        assertThat(call("hello", "find", "")).isEqualTo(0L);
        assertThat(call("hello", "find", "", 9L)).isEqualTo(-1L);
        assertThat(call("hello", "index", "e")).isEqualTo(1L);
        assertThat(call("hello", "rindex", "l")).isEqualTo(3L);
        assertThat(call("banana", "count", "ana")).isEqualTo(1L);
        assertThat(call("banana", "count", "a", 2L, 4L)).isEqualTo(1L);
        assertThat(call("🙂é", "count", "")).isEqualTo(3L);
    }

    @Test
    void beginningsAndEnds() {
        assertThat(call("hello", "startswith", "he")).isEqualTo(true);
        assertThat(call("hello", "endswith", "lo")).isEqualTo(true);
        assertThat(call("hello", "startswith", "l", 2L)).isEqualTo(true);
        assertThat(call("hello", "endswith", "l", 0L, 4L)).isEqualTo(true);
        assertThat(call("hello", "startswith", "", 9L)).isEqualTo(false);
        assertThat(call("hello", "startswith", new Values.Tuple(List.of("x", "h"))))
                .isEqualTo(true);
        assertThat(call("hello", "endswith", new Values.Tuple(List.of()))).isEqualTo(false);
        assertThat(shown("pre-x", "removeprefix", "pre-")).isEqualTo("x");
        assertThat(shown("x.txt", "removesuffix", ".txt")).isEqualTo("x");
        assertThat(shown("x", "removesuffix", "")).isEqualTo("x");
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
                "title~ﬁx ǆ 東京a~Fix ǅ 東京A",
                "capitalize~hELLO World~Hello world",
                "capitalize~ßa~Ssa",
                "capitalize~ŉA~ʼNa",
                "swapcase~aBc ß~AbC SS",
                "casefold~Straße~strasse"
            })
    void caseChangesAsInPython(String method, String text, String changed) {
        assertThat(shown(text, method)).isEqualTo(changed);
        assertThat(shown("", method)).isEmpty();
    }

    @Test
    void theFilterTitleStartsWordsBehindHyphensAndBrackets() {
        assertThat(Letters.titledByFilter("it's o'clock")).isEqualTo("It's O'clock");
        assertThat(Letters.titledByFilter("foo-bar (baz) [x{y<z")).isEqualTo("Foo-Bar (Baz) [X{Y<Z");
        assertThat(Letters.titledByFilter("A.B c_D")).isEqualTo("A.b C_d");
        assertThat(Letters.titledByFilter("ﬁx")).isEqualTo("FIx");
    }

    @ParameterizedTest
    @CsvSource({
        "isdigit,12,true",
        "isdigit,1.2,false",
        "isdigit,²,true",
        "isdigit,½,false",
        "isdigit,٣,true",
        "isdigit,'',false",
        "isdecimal,12,true",
        "isdecimal,²,false",
        "isnumeric,½,true",
        "isnumeric,三,true",
        "isnumeric,a,false",
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
        "isupper,1,false",
        "istitle,Ab Cd,true",
        "istitle,Ab cd,false",
        "istitle,1,false",
        "isascii,abc,true",
        "isascii,é,false",
        "isascii,'',true",
        "isidentifier,a1,true",
        "isidentifier,1a,false",
        "isprintable,a b,true",
        "isprintable,'',true"
    })
    void questions(String method, String text, boolean answer) {
        assertThat(call(text, method)).isEqualTo(answer);
    }

    @Test
    void lineEndsAndInvisibleCharactersAreNotPrintable() {
        for (String text : List.of("\n", "\u200b", "\u0000", "\ue000", "\u2028", "\u00a0")) {
            assertThat(call(text, "isprintable")).as(text).isEqualTo(false);
        }
    }

    @Test
    void paddingPutsTheOddSpaceWherePythonDoes() {
        assertThat(shown("a", "ljust", 3L)).isEqualTo("a  ");
        assertThat(shown("a", "rjust", 3L, "0")).isEqualTo("00a");
        assertThat(shown("ab", "center", 5L, "*")).isEqualTo("**ab*");
        assertThat(shown("abc", "center", 6L, "*")).isEqualTo("*abc**");
        assertThat(shown("abc", "ljust", 2L)).isEqualTo("abc");
        assertThat(shown("🙂", "rjust", 3L)).isEqualTo("  🙂");
        assertThat(shown("-7", "zfill", 4L)).isEqualTo("-007");
        assertThat(shown("+7", "zfill", 4L)).isEqualTo("+007");
        assertThat(shown("7", "zfill", -4L)).isEqualTo("7");
        assertThat(shown("a\tb\n\tc", "expandtabs", 4L)).isEqualTo("a   b\n    c");
        assertThat(shown("a\tb", "expandtabs")).isEqualTo("a       b");
        assertThat(shown("a\tb", "expandtabs", 0L)).isEqualTo("ab");
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
        assertThat(shown("-", "join", new Sequences.Lazy(List.of("a", "b")))).isEqualTo("a-b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{{ 'a'.strip(1) }}~a text~an int",
                "{{ 'a'.split('') }}~a separator to split at~an empty text",
                "{{ 'a'.partition('') }}~a separator to split at~an empty text",
                "{{ 'a'.split(1) }}~a text~an int",
                "{{ 'a'.startswith(['a']) }}~a text~a list",
                "{{ 'a'.startswith(none) }}~a text~None",
                "{{ 'a'.index('b') }}~a text that holds 'b'~one that does not",
                "{{ 'a'.replace('a') }}~an argument 'new' for replace~none",
                "{{ 'a1'.replace(1, 'b') }}~a text~an int",
                "{{ ','.join([1]) }}~a text~an int",
                "{{ ','.join(none) }}~something to loop over~None",
                "{{ 'a'.upper(1) }}~at most 0 arguments for upper~1",
                "{{ 'a'.ljust(3, 'ab') }}~one character to pad with~'ab'",
                "{{ 'a'.ljust(10000000) }}~a width of at most 1000000~10000000",
                "{{ 'a'.encode() }}~an attribute this version knows~'encode' of a str",
                "{{ 'a'.nosuch() }}~a function~nothing called 'nosuch'",
                "{{ 'a'.find('a', 'b') }}~a whole number~a str"
            })
    void refusesWhatPythonRefuses(String source, String expected, String found) {
        Render.refused(source, expected, found);
    }

    /// Every name a text answers to does answer.
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "Ab C 1"})
    void everyMethodAnswersOrAsksForAnArgument(String text) {
        List<String> names = new ArrayList<>(Texts.METHODS);
        names.addAll(Letters.METHODS);
        for (String name : names) {
            Object answer;
            try {
                answer = Functions.method(text, name).orElseThrow().call(List.of(), Map.of());
            } catch (assay.InputException asks) {
                assertThat(asks.getMessage()).as(name).contains("expected an argument '");
                continue;
            }
            assertThat(Arrays.asList("a str", "a bool", "a list", "a tuple"))
                    .as(name)
                    .contains(Values.kind(answer));
        }
    }
}
