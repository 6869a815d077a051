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

    /// Kinds and texts, such as `TEXT:a PRINT_BEGIN:{{ NAME:x PRINT_END:}} END:`.
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
        assertThat(shown("{{ x }}")).isEqualTo("PRINT_BEGIN:{{ NAME:x PRINT_END:}} END:");
        assertThat(shown("{%if x%}")).isEqualTo("BLOCK_BEGIN:{% NAME:if NAME:x BLOCK_END:%} END:");
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
        assertThat(new Token(Kind.NAME, "x", 1).is(Kind.NAME, "x")).isTrue();
        assertThat(new Token(Kind.NAME, "x", 1).is(Kind.STRING, "x")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "42", "1_000", "00", "0x1F", "0XfF", "0b101", "0o17", "0_0"})
    void wholeNumbers(String number) {
        assertThat(inside(number)).isEqualTo(new Token(Kind.INTEGER, number, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "2.50", "1e3", "1.5e-3", "1E10", "1_0.2_5", "1e+5", "0.0", "00.5"})
    void floats(String number) {
        assertThat(inside(number)).isEqualTo(new Token(Kind.FLOAT, number, 1));
    }

    @Test
    void aNumberBehindAPointIsWhole() {
        assertThat(shown("{{ a.0.1 }}"))
                .isEqualTo("PRINT_BEGIN:{{ NAME:a OPERATOR:. INTEGER:0 OPERATOR:. INTEGER:1 PRINT_END:}} END:");
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
                "'\\101'~A",
                "'\\1018'~A8",
                "'\\N{BULLET}'~•",
                "'\\N{greek small letter alpha}'~α",
                "'\\d'~\\d",
                "'\\9'~\\9",
                "'a\\\\b'~a\\b",
                "'}}'~}}",
                "'{%'~{%"
            })
    void textsInQuotes(String literal, String text) {
        assertThat(inside(literal)).isEqualTo(new Token(Kind.STRING, text, 1));
    }

    @Test
    void escapesOfSpace() {
        assertThat(inside("'\\n\\t\\r\\b\\f\\a\\v\\0'").text()).isEqualTo("\n\t\r\b\f\u0007\u000b\0");
        assertThat(inside("'a\\\nb'").text()).isEqualTo("ab");
        assertThat(inside("'a\nb'").text()).isEqualTo("a\nb");
        assertThat(inside("'\\7z'").text()).isEqualTo("\u0007z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'\\xZZ'~2 hexadecimal digits after a backslash",
                "'\\u12'~4 hexadecimal digits after a backslash",
                "'\\UFFFFFFFF'~8 hexadecimal digits after a backslash",
                "'\\N{NO SUCH}'~the name of a character behind \\N",
                "'\\N'~the name of a character behind \\N",
                "'\\N{BULLET'~the name of a character behind \\N"
            })
    void brokenEscapesAreRefused(String literal, String expected) {
        assertThatThrownBy(() -> tokens("a\n{{ " + literal + " }}"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("chat template: expected " + expected)
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
        assertThat(shown("{{ {'a': {}} }}")).endsWith("OPERATOR:} OPERATOR:} PRINT_END:}} END:");
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
                "{{ (x]~matching brackets~']'",
                "{{ x) }}~matching brackets~')'",
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
                case PRINT_END -> again.append(" }}");
                case STRING -> again.append('\'').append(token.text()).append('\'');
                default -> again.append(token.text());
            }
        }
        assertThat(again).hasToString(source);
    }
}
