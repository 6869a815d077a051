package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    private static Object whole(Object input, Object... positional) {
        return Numbers.whole(input, new Arguments("int", List.of(positional), Map.of()));
    }

    private static Object real(Object input) {
        return Numbers.real(input, new Arguments("float", List.of(), Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "42,42",
        "' 7 ',7",
        "-5,-5",
        "+5,5",
        "1_000,1000",
        "3.9,3",
        "-3.9,-3",
        "1e3,1000",
        "٣,3",
        "x,0",
        "'',0",
        "1__0,0",
        "_1,0",
        "1_,0",
        "0x10,0"
    })
    void textsBecomeWholeNumbers(String text, long number) {
        assertThat(whole(text)).isEqualTo(number);
    }

    @Test
    void otherValuesBecomeWholeNumbersOrTheDefault() {
        assertThat(whole(3.99)).isEqualTo(3L);
        assertThat(whole(true)).isEqualTo(1L);
        assertThat(whole(Values.NONE, 7L)).isEqualTo(7L);
        assertThat(whole(List.of(), 7L)).isEqualTo(7L);
        assertThat(whole(Double.NaN, 7L)).isEqualTo(7L);
        assertThat(whole(Double.POSITIVE_INFINITY)).isEqualTo(0L);
    }

    @ParameterizedTest
    @CsvSource({
        "4.5,4.5",
        "' 2 ',2.0",
        ".5,0.5",
        "5.,5.0",
        "1e3,1000.0",
        "+1.5E-2,0.015",
        "1_0.5,10.5",
        "٣.٥,3.5",
        "x,0.0",
        ".,0.0",
        "1e,0.0",
        "1f,0.0",
        "1d,0.0",
        "0x10,0.0",
        "infinit,0.0"
    })
    void textsBecomeFloats(String text, double number) {
        assertThat(real(text)).isEqualTo(number);
    }

    @Test
    void floatsKeepTheDefaultAsItIs() {
        assertThat(Numbers.real("x", new Arguments("float", List.of("none"), Map.of())))
                .isEqualTo("none");
        assertThat(real(3L)).isEqualTo(3.0);
        assertThat(real(true)).isEqualTo(1.0);
    }

    @Test
    void negativeZeroStaysNegative() {
        assertThat(real("-0")).isEqualTo(-0.0);
        assertThat(Numbers.shown(-0.0)).isEqualTo("-0.0");
    }

    @ParameterizedTest
    @CsvSource({
        "1.0,1.0",
        "100.0,100.0",
        "0.1,0.1",
        "1e15,1000000000000000.0",
        "1e16,1e+16",
        "123456789012345680.0,1.2345678901234568e+17",
        "0.0001,0.0001",
        "0.00001,1e-05",
        "1.5e-7,1.5e-07",
        "1e22,1e+22",
        "1e100,1e+100",
        "1.7976931348623157e308,1.7976931348623157e+308",
        "12345.678,12345.678",
        "-0.5,-0.5"
    })
    void floatsAreWrittenAsByRepr(double number, String text) {
        assertThat(Numbers.shown(number)).isEqualTo(text);
    }

    /// A float that is written and read again is the same float, and no shorter text would do.
    @Test
    void writtenFloatsReadBack() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 20_000; i++) {
            double number = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(number) && Math.abs(number) >= Double.MIN_NORMAL) {
                String text = Numbers.shown(number);
                assertThat(Double.parseDouble(text)).as(text).isEqualTo(number);
                assertThat(real(text)).as(text).isEqualTo(number);
            }
        }
    }

    /// Python's law: `a == a // b * b + a % b`, and the remainder has the sign of the divisor.
    @Test
    void quotientAndRemainderMakeTheNumberAgain() {
        SplittableRandom random = new SplittableRandom(13);
        for (int i = 0; i < 5_000; i++) {
            long a = random.nextLong(-1000, 1000);
            long b = random.nextLong(1, 50) * (random.nextBoolean() ? 1 : -1);
            long quotient = (Long) Operators.apply("//", a, b);
            long rest = (Long) Operators.apply("%", a, b);
            assertThat(quotient * b + rest).isEqualTo(a);
            assertThat(rest == 0 || (rest < 0) == (b < 0)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 9223372036854775807 + 1 }}",
                "{{ 9223372036854775807 * 2 }}",
                "{{ -9223372036854775807 - 2 }}",
                "{{ 1e20 | int }}",
                "{{ '99999999999999999999' | int }}",
                "{{ (-9223372036854775807 - 1) | abs }}"
            })
    void wholeNumbersBeyond64BitsAreRefused(String source) {
        Render.refused(source, "whole numbers of at most 64 bits", "larger ones");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{{ 1 / 0 }}~a divisor other than 0~0",
                "{{ 1.5 // 0 }}~a divisor other than 0~0",
                "{{ 1.5 % 0.0 }}~a divisor other than 0~0",
                "{{ 'inf' | float }}~a finite number~'inf'",
                "{{ '-nan' | int }}~a finite number~'-nan'",
                "{{ ('9' * 401) | int }}~a number of at most 400 digits~401 characters",
                "{{ ('9' * 8000000) | float }}~a number of at most 400 digits~8000000 characters",
                "{{ 1e308 * 10 }}~a float of a usual size~Infinity",
                "{{ 5e-324 }}~a float of a usual size~4.9E-324",
                "{{ 1 % 0 }}~a divisor other than 0~0",
                "{{ missing | int }}~a number~nothing called 'missing'",
                "{{ missing | float }}~a number~nothing called 'missing'",
                "{{ 'a' | abs }}~a whole number~a str"
            })
    void whatIsNoNumberIsRefused(String source, String expected, String found) {
        Render.refused(source, expected, found);
    }
}
