package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatsTest {
    private static String percent(String form, Object... values) {
        return Formats.percent(form, values.length == 1 ? values[0] : Values.tuple(List.of(values)));
    }

    @Test
    void percentPutsValuesInPlaces() {
        assertThat(percent("<%s>", "a")).isEqualTo("<a>");
        assertThat(percent("%s-%s", "a", 1L)).isEqualTo("a-1");
        assertThat(percent("%s %s", "it's", Values.NONE)).isEqualTo("it's None");
        assertThat(percent("100%%")).isEqualTo("100%");
        assertThat(percent("%s", List.of(1L, "a"))).isEqualTo("[1, 'a']");
        assertThat(percent("$1 \\ %s", "$2 \\")).isEqualTo("$1 \\ $2 \\");
    }

    @Test
    void percentPutsADictIntoOnePlaceOrNone() {
        assertThat(percent("%s", Map.of("a", "x"))).isEqualTo("{'a': 'x'}");
        assertThat(percent("none", Map.of())).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"%5d~   42", "%-5d~42   ", "%05d~00042", "%+d~+42", "% d~ 42"})
    void wholeNumbersHaveWidthsAndBases(String form, String text) {
        assertThat(percent(form, 42L)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "%f,-2.500000",
        "%.2f,-2.50",
        "%.0f,-2",
        "%8.1f,'    -2.5'",
        "%08.1f,-00002.5",
        "%d,-2",
        "%-8.1f|,'-2.5    |'"
    })
    void floatsHaveDigits(String form, String text) {
        assertThat(percent(form, -2.5)).isEqualTo(text);
    }

    @Test
    void halvesAreDecidedByWhatTheFloatReallyIs() {
        assertThat(percent("%.2f", 1.005)).isEqualTo("1.00");
        assertThat(percent("%.1f", 0.25)).isEqualTo("0.2");
        assertThat(percent("%.0f", 3.5)).isEqualTo("4");
        assertThat(percent("%.3f", 2.0005)).isEqualTo("2.001");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{{ '%s %s' % 'a' }}~a value for every place of '%s %s'~only 1",
                "{{ '%s' % ('a', 'b') }}~a place in '%s' for every value~only 1",
                "{{ 'abc' % 3 }}~a place in 'abc' for every value~only 0",
                "{{ '%d' % 'a' }}~a whole number~a str",
                "{{ '%f' % 'a' }}~a whole number~a str",
                "{{ '%e' % 1.5 }}~a place like %s, %5d or %.2f~'%e'",
                "{{ '%(a)s' % {'a': 1} }}~a place like %s, %5d or %.2f~'%('",
                "{{ '%5s' % 'a' }}~a place like %s, %5d or %.2f~'%5s'",
                "{{ '%.2d' % 1 }}~a place like %s, %5d or %.2f~'%.2d'",
                "{{ '%' % 1 }}~a place like %s, %5d or %.2f~'%'",
                "{{ '%999d' % 1 }}~a place like %s, %5d or %.2f~'%999'",
                "{{ '%d' | format(1, a=2) }}~an argument filter format takes~'a'"
            })
    void percentRefusesWhatDoesNotFit(String source, String expected, String found) {
        Render.refused(source, expected, found);
    }

    private static String braces(String form, List<Object> positional, Map<String, Object> named) {
        return Formats.braces(form, new Arguments("format", positional, named));
    }

    @Test
    void bracesPutValuesByOrderNumberAndName() {
        assertThat(braces("{} {}", List.of("a", 1L), Map.of())).isEqualTo("a 1");
        assertThat(braces("{1}{0}{1}", List.of("a", "b"), Map.of())).isEqualTo("bab");
        assertThat(braces("{x}-{y}", List.of(), Map.of("x", true, "y", Values.NONE)))
                .isEqualTo("True-None");
        assertThat(braces("{{}} {{{}}}", List.of("$a\\"), Map.of())).isEqualTo("{} {$a\\}");
        assertThat(braces("none", List.of(), Map.of())).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{{ '{} {}'.format('a') }}~an argument '' for format~none",
                "{{ '{x}'.format('a') }}~an argument 'x' for format~none",
                "{{ '{3}'.format('a') }}~an argument '3' for format~none",
                "{{ '{:>5}'.format('a') }}~a place like {}, {0} or {name}~'{:>5}'",
                "{{ '{!r}'.format('a') }}~a place like {}, {0} or {name}~'{!r}'",
                "{{ '{a.b}'.format(a=1) }}~a place like {}, {0} or {name}~'{a.b}'",
                "{{ '{'.format(1) }}~braces in pairs~'{' in '{'",
                "{{ 'a}'.format(1) }}~braces in pairs~'}' in 'a}'"
            })
    void bracesRefuseWhatDoesNotFit(String source, String expected, String found) {
        Render.refused(source, expected, found);
    }

    private static final LocalDateTime MOMENT = LocalDateTime.of(2025, 3, 9, 7, 5, 2);

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "%Y-%m-%d~2025-03-09",
                "%d %b %Y~09 Mar 2025",
                "%B %d, %Y~March 09, 2025",
                "%A %a~Sunday Sun",
                "%H:%M:%S %I %p~07:05:02 07 AM",
                "%e~ 9",
                "%-d %-m %-H %-I %-j~9 3 7 7 68",
                "%j %y~068 25",
                "%F %T~2025-03-09 07:05:02",
                "%%Y~%Y",
                "no field~no field"
            })
    void datesAreWrittenAsInPython(String form, String text) {
        assertThat(Formats.date(form, MOMENT)).isEqualTo(text);
    }

    @Test
    void anEmptyFormIsAnEmptyDate() {
        assertThat(Formats.date("", MOMENT)).isEmpty();
    }

    @Test
    void noonAndMidnightAreTwelve() {
        assertThat(Formats.date("%I %p", MOMENT.withHour(0))).isEqualTo("12 AM");
        assertThat(Formats.date("%I %p", MOMENT.withHour(12))).isEqualTo("12 PM");
        assertThat(Formats.date("%I %p", MOMENT.withHour(23))).isEqualTo("11 PM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Q", "E", "s", "+", "_", "N", "v", "w", "U", "V", "G", "c", "z", "Z"})
    void unknownFieldsAreRefusedByName(String field) {
        Render.refused("{{ strftime_now('%" + field + "') }}", "a date field this version knows", "'%" + field + "'");
    }
}
