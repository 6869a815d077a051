package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.engine.jinja.TemplateLexer.Kind;
import assay.engine.jinja.TemplateLexer.Token;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateLexerTest {
    private static List<Token> tokens(String source) {
        return TemplateLexer.tokens(source);
    }

    /// Kinds and texts, such as `TEXT:a PRINT_BEGIN:{{ NAME:x OPERATOR:}} END:`.
    private static String shown(String source) {
        return tokens(source).stream().map(one -> one.kind() + ":" + one.text()).collect(Collectors.joining(" "));
    }

    /// What is left of a template's own text, pieces apart.
    private static List<String> texts(String source) {
        return tokens(source).stream()
                .filter(one -> one.kind() == Kind.TEXT)
                .map(Token::text)
                .toList();
    }

    private static Token inside(String expression) {
        List<Token> all = tokens("{{ " + expression + " }}");
        assertThat(all).as(expression).hasSize(4);
        return all.get(1);
    }

    @Test
    void everythingEndsWithAnEnd() {
        assertThat(shown("")).isEqualTo("END:");
        assertThat(shown("a")).isEqualTo("TEXT:a END:");
        assertThat(shown("{{ x }}")).isEqualTo("PRINT_BEGIN:{{ NAME:x OPERATOR:}} END:");
        assertThat(shown("{%if x%}")).isEqualTo("BLOCK_BEGIN:{% NAME:if NAME:x OPERATOR:%} END:");
    }

    @Test
    void aTokenKnowsItsLine() {
        List<Token> all = tokens("a\nb {{ x\n + y }}\n{% set\nz = 1 %}");
        assertThat(all.stream().filter(one -> one.kind() == Kind.NAME).map(one -> one.text() + one.line()))
                .containsExactly("x2", "y3", "set4", "z5");
        assertThat(all.getLast().line()).isEqualTo(5);
    }

    @Test
    void aTokenNamesItselfInMessages() {
        assertThat(new Token(Kind.NAME, "x", 1).shown()).isEqualTo("'x'");
        assertThat(new Token(Kind.END, "", 1).shown()).isEqualTo("the end of the template");
        assertThat(new Token(Kind.NAME, "x", 1).is("x")).isTrue();
        assertThat(new Token(Kind.STRING, "x", 1).is("x")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "42", "1000", "9223372036854775807", "99999999999999999999"})
    void wholeNumbers(String number) {
        assertThat(inside(number)).isEqualTo(new Token(Kind.NUMBER, number, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "2.50", "1e3", "1.5e-3", "1E10", "1e+5", "0.0"})
    void floats(String number) {
        assertThat(inside(number)).isEqualTo(new Token(Kind.NUMBER, number, 1));
    }

    /// What follows is a name, which no parser takes there.
    @Test
    void numbersWithBasesAndUnderscoresEndEarly() {
        assertThat(shown("{{ 0x1F }}")).isEqualTo("PRINT_BEGIN:{{ NUMBER:0 NAME:x1F OPERATOR:}} END:");
        assertThat(shown("{{ 1_000 }}")).isEqualTo("PRINT_BEGIN:{{ NUMBER:1 NAME:_000 OPERATOR:}} END:");
        assertThat(shown("{{ 007 }}")).isEqualTo("PRINT_BEGIN:{{ NUMBER:0 NUMBER:0 NUMBER:7 OPERATOR:}} END:");
    }

    @Test
    void aNumberBehindAPointIsWhole() {
        assertThat(shown("{{ a.0.1 }}"))
                .isEqualTo("PRINT_BEGIN:{{ NAME:a OPERATOR:. NUMBER:0 OPERATOR:. NUMBER:1 OPERATOR:}} END:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "_", "a1", "été", "名前", "if", "__x__"})
    void names(String name) {
        assertThat(inside(name)).isEqualTo(new Token(Kind.NAME, name, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"==", "!=", "<=", ">=", "//", "**", "+", "~", "%", "<", ">", "=", ".", ":", "|", ",", ";"})
    void operators(String operator) {
        assertThat(inside(operator)).isEqualTo(new Token(Kind.OPERATOR, operator, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'a'~a",
                "\"a\"~a",
                "'it\\'s'~it's",
                "\"q\\\"q\"~q\"q",
                "'\\x41'~A",
                "'\\u00e9'~é",
                "'\\U0001F642'~🙂",
                "'\\d'~\\d",
                "'\\9'~\\9",
                "'\\ud83d\\ude42'~🙂",
                "'a\\\\b'~a\\b",
                "'}}'~}}",
                "'{%'~{%"
            })
    void textsInQuotes(String literal, String text) {
        assertThat(inside(literal)).isEqualTo(new Token(Kind.STRING, text, 1));
    }

    @Test
    void escapesOfSpace() {
        assertThat(inside("'\\n\\t\\r\\b\\f\\a\\v'").text()).isEqualTo("\n\t\r\b\f\u0007\u000b");
        assertThat(inside("'a\\\nb'").text()).isEqualTo("ab");
        assertThat(inside("'a\nb'").text()).isEqualTo("a\nb");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'\\xZZ'~'\\x'",
                "'\\u12'~'\\u'",
                "'\\UFFFFFFFF'~'\\U'",
                "'\\U00110000'~'\\U'",
                "'\\N{BULLET}'~'\\N'",
                "'\\101'~'\\1'",
                "'\\0'~'\\0'"
            })
    void brokenAndRareEscapesAreRefused(String literal, String found) {
        assertThatThrownBy(() -> tokens("a\n{{ " + literal + " }}"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("chat template: expected an escape like \\n, \\x41 or \\u00e9, found " + found)
                .hasMessageContaining("(line 2)");
    }

    @Test
    void blocksTakeTheirLineAndPrintsKeepIt() {
        assertThat(texts("a\n  {% x %}\nb")).containsExactly("a\n", "b");
        assertThat(texts("a\n  {{ x }}\nb")).containsExactly("a\n  ", "\nb");
        assertThat(texts("a\n  {# x #}\nb")).containsExactly("a\n", "b");
        assertThat(texts("a {% x %} \nb")).containsExactly("a ", " \nb");
        assertThat(texts("  {% x %}")).isEmpty();
        assertThat(texts("\t{% x %}\n\nb")).containsExactly("\nb");
    }

    @Test
    void minusTakesAllSpace() {
        assertThat(texts("a \n {%- x -%} \n b")).containsExactly("a", "b");
        assertThat(texts("a \n {{- x -}} \n b")).containsExactly("a", "b");
        assertThat(texts("a \n {#- x -#} \n b")).containsExactly("a", "b");
        assertThat(texts("a\u00a0\u2003{{- x -}}\u3000\u0085b")).containsExactly("a", "b");
        assertThat(texts("a\u200b{{- x -}}\ufeffb")).containsExactly("a\u200b", "\ufeffb");
    }

    @Test
    void plusKeepsSpace() {
        assertThat(texts("a\n  {%+ x +%}\nb")).containsExactly("a\n  ", "\nb");
        assertThat(texts("a\n  {#+ x +#}\nb")).containsExactly("a\n  ", "\nb");
    }

    @Test
    void onlyTheLineABlockStartsIsTrimmed() {
        assertThat(texts("{{ a }}  {% x %}")).containsExactly("  ");
        assertThat(texts("{% a %}  {% x %}")).containsExactly("  ");
        assertThat(texts("{% a %}\n  {% x %}")).isEmpty();
        assertThat(texts("{# a #}\n  {% x %}")).isEmpty();
    }

    @Test
    void oneLineEndAtTheEndIsDropped() {
        assertThat(texts("a\n")).containsExactly("a");
        assertThat(texts("a\n\n")).containsExactly("a\n");
        assertThat(texts("a\r\nb\rc\r\n")).containsExactly("a\nb\nc");
    }

    @Test
    void rawTextIsLeftAlone() {
        assertThat(texts("{% raw %}{{ x }}{# y #}{% if %}{% endraw %}")).containsExactly("{{ x }}{# y #}{% if %}");
        assertThat(texts("a {%- raw -%} b {%- endraw -%} c")).containsExactly("a", "b", "c");
        assertThat(texts("a\n {% raw %}\n x\n {% endraw %}\nc")).containsExactly("a\n", "\n x\n", "c");
    }

    @Test
    void loneBracesAreText() {
        assertThat(texts("{ a } { % b % } {")).containsExactly("{ a } { % b % } {");
        assertThat(shown("{{ {'a': {}} }}")).endsWith("OPERATOR:} OPERATOR:} OPERATOR:}} END:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{{ x~a closing }}~none",
                "{% x~a closing %}~none",
                "{# x~a closing #}~none",
                "{% raw %}x~{% endraw %}~none",
                "{{ 'x }}~a Jinja expression~'''",
                "{{ $x }}~a Jinja expression~'$'",
                "{{ 🙂 }}~a Jinja expression~'🙂'"
            })
    void whatIsOpenOrUnknownIsRefusedWithItsLine(String source, String expected, String found) {
        assertThatThrownBy(() -> tokens("\n\n" + source))
                .isInstanceOf(InputException.class)
                .hasMessage("chat template: expected " + expected + ", found " + found
                        + " (line 3). Use a template this version reads, or another model.");
    }

    /// Cutting never loses or invents text between tags where nothing asks for trimming.
    @Test
    void textAndPrintsTogetherAreTheWholeTemplate() {
        String source = "one {{ a }} two\n{{ b }}\n\nthree {{ 'c' }} {four}";
        StringBuilder again = new StringBuilder();
        for (Token token : tokens(source)) {
            switch (token.kind()) {
                case TEXT -> again.append(token.text());
                case PRINT_BEGIN -> again.append("{{ ");
                case OPERATOR -> again.append(" ").append(token.text());
                case STRING -> again.append('\'').append(token.text()).append('\'');
                default -> again.append(token.text());
            }
        }
        assertThat(again).hasToString(source);
    }
}
