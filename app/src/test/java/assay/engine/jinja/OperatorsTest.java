package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorsTest {
    private static Object apply(String operator, Object left, Object right) {
        return Operators.apply(operator, left, right);
    }

    @Test
    void plusAddsNumbersTextsAndLists() {
        assertThat(apply("+", 1L, 2L)).isEqualTo(3L);
        assertThat(apply("+", 1L, 0.5)).isEqualTo(1.5);
        assertThat(apply("+", true, true)).isEqualTo(2L);
        assertThat(apply("+", "a", "b")).isEqualTo("ab");
        assertThat(apply("+", List.of(1L), List.of(2L))).isEqualTo(List.of(1L, 2L));
        assertThat(Values.text(apply("+", Values.tuple(List.of(1L)), Values.tuple(List.of(2L)))))
                .isEqualTo("(1, 2)");
    }

    @Test
    void timesRepeatsTextsAndListsFromEitherSide() {
        assertThat(apply("*", "ab", 2L)).isEqualTo("abab");
        assertThat(apply("*", 2L, "ab")).isEqualTo("abab");
        assertThat(apply("*", "ab", -1L)).isEqualTo("");
        assertThat(apply("*", "ab", true)).isEqualTo("ab");
        assertThat(apply("*", List.of(1L), 2L)).isEqualTo(List.of(1L, 1L));
        assertThat(Values.text(apply("*", 2L, Values.tuple(List.of(1L))))).isEqualTo("(1, 1)");
    }

    @ParameterizedTest
    @CsvSource({"7,//,2,3", "-7,//,2,-4", "7,//,-2,-4", "7,%,3,1", "-7,%,3,2", "7,%,-3,-2", "6,-,7,-1", "6,*,7,42"})
    void wholeNumbersStayWhole(long left, String operator, long right, long result) {
        assertThat(apply(operator, left, right)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"7,/,2,3.5", "6,/,3,2.0", "7.5,+,2,9.5", "7.5,-,2,5.5", "7.5,*,2,15.0"})
    void floatsAreWorkedOutAsInPython(double left, String operator, double right, double result) {
        assertThat(apply(operator, left, right)).isEqualTo(result);
    }

    @Test
    void tildeJoinsAnything() {
        assertThat(apply("~", 1L, Values.NONE)).isEqualTo("1None");
        assertThat(apply("~", List.of("a"), true)).isEqualTo("['a']True");
        assertThat(apply("~", new Values.Undefined("x"), 1.0)).isEqualTo("1.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'a' + 1~values '+' works on~a str and an int",
                "1 + 'a'~values '+' works on~an int and a str",
                "'a' + none~values '+' works on~a str and None",
                "missing + 'a'~values '+' works on~nothing called 'missing' and a str",
                "[1] + (2,)~values '+' works on~a list and a tuple",
                "{} + {}~values '+' works on~a dict and a dict",
                "range(2) + [1]~values '+' works on~a range or view and a list",
                "'a' - 'b'~values '-' works on~a str and a str",
                "'a' * 'b'~values '*' works on~a str and a str",
                "'a' * 2.0~values '*' works on~a str and a float",
                "[1] / 2~values '/' works on~a list and an int",
                "-'a'~a whole number~a str",
                "-none~a whole number~None",
                "1 < 'a'~two numbers or texts to compare~an int and a str",
                "none < 1~two numbers or texts to compare~None and an int",
                "[1] < (2,)~two numbers or texts to compare~a list and a tuple",
                "{} < {}~two numbers or texts to compare~a dict and a dict",
                "missing < 1~two numbers or texts to compare~nothing called 'missing' and an int",
                "'a' in none~a text, list or dict to look in~None",
                "'a' in 5~a text, list or dict to look in~an int",
                "1 in 'a'~a text, list or dict to look in~a str",
                "[1] in {}~a text, whole number or none as a key~a list",
                "'ab' * 5000000~at most 8000000 characters~more",
                "[1] * 300000~a list of at most 200000 items~more"
            })
    void whatDoesNotGoTogetherIsRefused(String expression, String expected, String found) {
        Render.refused("{{ " + expression + " }}", expected, found);
    }

    private static boolean test(String name, Object value, Object... arguments) {
        return Operators.test(name, value, List.of(arguments));
    }

    /// Which tests hold of one value of each kind.
    @Test
    void kinds() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("string iterable sequence lower", "a");
        values.put("number integer odd", 1L);
        values.put("number float", 1.5);
        values.put("number boolean true odd", true);
        values.put("none", Values.NONE);
        values.put("iterable sequence", List.of(1L));
        values.put("iterable sequence ", Values.tuple(List.of()));
        values.put("iterable sequence mapping", Map.of("k", 1L));
        values.put("iterable", new Values.Sequence(Values.Sequence.Kind.VIEW, List.of("k")));
        values.put("iterable  ", new Values.Lazy(List.of()));
        values.put("iterable sequence  ", new Values.Sequence(Values.Sequence.Kind.RANGE, List.of(0L)));
        values.put("iterable sequence undefined callable", new Values.Undefined("x"));
        values.put("callable", (Values.Callable) _ -> "");
        values.forEach((holds, value) -> {
            List<String> expected = List.of(holds.strip().split(" ", -1));
            for (String name : List.of(
                    "string",
                    "number",
                    "integer",
                    "float",
                    "boolean",
                    "true",
                    "false",
                    "none",
                    "mapping",
                    "sequence",
                    "iterable",
                    "callable",
                    "undefined")) {
                assertThat(test(name, value)).as(name + " of " + holds).isEqualTo(expected.contains(name));
            }
            assertThat(test("defined", value)).isNotEqualTo(test("undefined", value));
        });
    }

    @Test
    void oddAndEvenOfWholeNumbers() {
        assertThat(test("odd", -1L)).isTrue();
        assertThat(test("even", 2L)).isTrue();
        assertThat(test("odd", true)).isTrue();
        assertThat(test("even", true)).isFalse();
        assertThat(test("divisibleby", 9L, 3L)).isTrue();
        assertThat(test("divisibleby", 7L, 2L)).isFalse();
    }

    @Test
    void comparingByName() {
        assertThat(test("eq", 1L, 1.0)).isTrue();
        assertThat(test("equalto", "a", "a")).isTrue();
        assertThat(test("ne", 1L, 2L)).isTrue();
        assertThat(test("lt", 1L, 2L)).isTrue();
        assertThat(test("ge", 2L, 2L)).isTrue();
        assertThat(test("in", "a", List.of("a"))).isTrue();
        assertThat(test("in", "a", Map.of("a", 1L))).isTrue();
        assertThat(test(">", "b", "a")).isTrue();
    }

    @Test
    void lowerAndUpperNeedALetter() {
        assertThat(test("lower", "a1")).isTrue();
        assertThat(test("lower", "1")).isFalse();
        assertThat(test("upper", "A-B")).isTrue();
        assertThat(test("upper", "")).isFalse();
        assertThat(test("lower", "ß")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch", "filter", "test", "escaped", "None", "sameas", "divisibleby", "in"})
    void unknownTestsAndTooFewArgumentsAreRefusedByName(String name) {
        assertThatThrownBy(() -> test(name, 1L))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a test this version knows, found 'is " + name + "' with 0 arguments");
    }

    @ParameterizedTest
    @ValueSource(strings = {"defined", "odd", "string", "none"})
    void tooManyArgumentsAreRefused(String name) {
        assertThatThrownBy(() -> test(name, 1L, 1L))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found 'is " + name + "' with 1 arguments");
    }
}
