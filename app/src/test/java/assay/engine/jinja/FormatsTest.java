package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatsTest {
    private static String percent(String form, Object... values) {
        return Formats.percent(form, values.length == 1 ? values[0] : new Values.Tuple(List.of(values)));
    }

    @Test
    void percentPutsValuesInPlaces() {
        assertThat(percent("<%s>", "a")).isEqualTo("<a>");
        assertThat(percent("%s-%s", "a", 1L)).isEqualTo("a-1");
        assertThat(percent("%r %s", "it's", Values.NONE)).isEqualTo("\"it's\" None");
        assertThat(percent("100%%")).isEqualTo("100%");
        assertThat(percent("%s", List.of(1L, "a"))).isEqualTo("[1, 'a']");
        assertThat(percent("$1 \\ %s", "$2 \\")).isEqualTo("$1 \\ $2 \\");
    }

    @Test
    void percentPutsDictsByName() {
        assertThat(percent("%(a)s/%(b)d", Map.of("a", "x", "b", 2L))).isEqualTo("x/2");
        assertThat(percent("%s", Map.of("a", "x"))).isEqualTo("{'a': 'x'}");
        assertThat(percent("none", Map.of())).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "%5d~   42",
                "%-5d~42   ",
                "%05d~00042",
                "%+d~+42",
                "% d~ 42",
                "%x~2a",
                "%X~2A",
                "%o~52",
                "%i~42",
                "%c~*"
            })
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
        assertThat(percent("%.1f", Double.POSITIVE_INFINITY)).isEqualTo("inf");
    }

    @Test
    void textsAreCutByCharacters() {
        assertThat(percent("%.2s|%5s|%-5s|", "🙂🙃x", "ab", "cd")).isEqualTo("🙂🙃|   ab|cd   |");
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
                "{{ '%(a)s' % {'b': 1} }}~a value for %(a)~a dict",
                "{{ '%(a)s' % 'x' }}~a value for %(a)~a str",
                "{{ '%e' % 1.5 }}~a place like %s, %d, %f or %x~'%e'",
                "{{ '%' % 1 }}~a place like %s, %d, %f or %x~'%'",
                "{{ '%99999d' % 1 }}~a place of at most 10000 characters~99999",
                "{{ '%d' | format(1, a=2) }}~values by place or by name~both"
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
                "{{ '{} {}'.format('a') }}~a value for every place of '{} {}'~none for '{}'",
                "{{ '{x}'.format('a') }}~a value for every place of '{x}'~none for '{x}'",
                "{{ '{3}'.format('a') }}~a value for every place of '{3}'~none for '{3}'",
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
                "%A %a %w %u~Sunday Sun 0 7",
                "%H:%M:%S %I %p~07:05:02 07 AM",
                "%e|%k|%l~ 9| 7| 7",
                "%-d %-m %-H %-I %-j~9 3 7 7 68",
                "%j %y %C~068 25 20",
                "%D %F %T %R %r~03/09/25 2025-03-09 07:05:02 07:05 07:05:02 AM",
                "%c~Sun Mar  9 07:05:02 2025",
                "%x %X %h~03/09/25 07:05:02 Mar",
                "%f~000000",
                "[%z%Z]~[]",
                "%%Y~%Y",
                "no field~no field"
            })
    void datesAreWrittenAsInPython(String form, String text) {
        assertThat(Formats.date(form, MOMENT)).isEqualTo(text);
    }

    @Test
    void anEmptyFormIsAnEmptyDate() {
        assertThat(Formats.date("", MOMENT)).isEmpty();
        assertThat(Formats.date("%n%t", MOMENT)).isEqualTo("\n\t");
    }

    /// Weeks begin on Sundays for %U, on Mondays for %W and %V; the laws hold on every day of thirty years.
    @Test
    void weeksOfTheYearGrowByOneOnTheirFirstDay() {
        int sundays = 0;
        int mondays = 0;
        for (LocalDate day = LocalDate.of(2000, 1, 1); day.getYear() < 2030; day = day.plusDays(1)) {
            boolean first = day.getDayOfYear() == 1;
            sundays = (first ? 0 : sundays) + (day.getDayOfWeek() == DayOfWeek.SUNDAY ? 1 : 0);
            mondays = (first ? 0 : mondays) + (day.getDayOfWeek() == DayOfWeek.MONDAY ? 1 : 0);
            assertThat(Formats.date("%U %W", day.atStartOfDay()))
                    .as(day.toString())
                    .isEqualTo(String.format("%02d %02d", sundays, mondays));
        }
    }

    @Test
    void noonAndMidnightAreTwelve() {
        assertThat(Formats.date("%I %p %l", MOMENT.withHour(0))).isEqualTo("12 AM 12");
        assertThat(Formats.date("%I %p %l", MOMENT.withHour(12))).isEqualTo("12 PM 12");
        assertThat(Formats.date("%I %p", MOMENT.withHour(23))).isEqualTo("11 PM");
    }

    @Test
    void theYearOfAWeekMayBeAnotherThanThatOfItsDay() {
        assertThat(Formats.date("%G-%V", LocalDate.of(2024, 12, 30).atStartOfDay()))
                .isEqualTo("2025-01");
        assertThat(Formats.date("%G-%V", LocalDate.of(2027, 1, 1).atStartOfDay()))
                .isEqualTo("2026-53");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Q", "E", "s", "+", "_", "N", "v"})
    void unknownFieldsAreRefusedByName(String field) {
        Render.refused("{{ strftime_now('%" + field + "') }}", "a date field this version knows", "'%" + field + "'");
    }
}
