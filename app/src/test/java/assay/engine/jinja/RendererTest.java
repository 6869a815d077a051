package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What loops, macros and blocks do with names and with what they print.
class RendererTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "loop.index~123",
                "loop.index0~012",
                "loop.revindex~321",
                "loop.revindex0~210",
                "loop.first~TrueFalseFalse",
                "loop.last~FalseFalseTrue",
                "loop.length~333",
                "loop.depth~111",
                "loop.depth0~000",
                "loop.previtem~ab",
                "loop.nextitem~bc",
                "loop.cycle('x', 'y')~xyx",
                "loop.changed(a)~TrueTrueTrue",
                "loop.changed(1)~TrueFalseFalse",
                "loop.nosuch is defined~FalseFalseFalse",
                "loop.previtem is defined~FalseTrueTrue"
            })
    void whatALoopKnows(String expression, String text) {
        assertThat(Render.of("{% for a in 'abc' %}{{ " + expression + " }}{% endfor %}"))
                .isEqualTo(text);
    }

    @Test
    void whatStandsInFrontAndBehindAddsUp() {
        for (int size = 1; size < 6; size++) {
            assertThat(
                            Render.of(
                                    "{% for a in range(" + size
                                            + ") %}{{ loop.index + loop.revindex0 == loop.length and"
                                            + " loop.first == (loop.index0 == 0) and loop.last == (loop.revindex0 == 0) }}{% endfor %}"))
                    .isEqualTo("True".repeat(size));
        }
    }

    @Test
    void namesSetInALoopEndWithTheTurn() {
        assertThat(Render.of("{% set x = 0 %}{% for a in [1, 2] %}{% set x = x + a %}{{ x }}{% endfor %}{{ x }}"))
                .isEqualTo("120");
        assertThat(Render.of("{% for a in [1, 2] %}{{ s is defined }}{% set s = 1 %}{% endfor %}"))
                .isEqualTo("FalseFalse");
        assertThat(Render.of("{% for a in [1] %}{% endfor %}{{ a is defined }}{{ loop is defined }}"))
                .isEqualTo("FalseFalse");
    }

    @Test
    void namesSetInAnIfStay() {
        assertThat(Render.of("{% if true %}{% set x = 1 %}{% endif %}{{ x }}")).isEqualTo("1");
        assertThat(Render.of("{% for a in [1] %}{% if true %}{% set x = 1 %}{% endif %}{{ x }}{% endfor %}{{ x }}"))
                .isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% filter trim %}{% set x = 1 %}{{ x }}{% endfilter %}{{ x is defined }}",
                "{% generation %}{% set x = 1 %}{{ x }}{% endgeneration %}{{ x is defined }}",
                "{% set y %}{% set x = 1 %}{{ x }}{% endset %}{{ y }}{{ x is defined }}",
                "{% macro m() %}{% set x = 1 %}{{ x }}{% endmacro %}{{ m() }}{{ x is defined }}",
                "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{% set x = 1 %}{{ x }}{% endcall %}{{ x is defined }}",
                "{% for x in [1] %}{{ x }}{% endfor %}{{ x is defined }}",
                "{% for a in [] %}{% else %}{% set x = 1 %}{{ x }}{% endfor %}{{ x is defined }}"
            })
    void everyOtherBlockKeepsItsNames(String source) {
        assertThat(Render.of(source)).isEqualTo("1False");
    }

    @Test
    void namespacesCarryValuesOutOfEveryBlock() {
        String set = "{% set n.x = n.x + 1 %}";
        assertThat(Render.of("{% set n = namespace(x=0) %}{% for a in [1, 2] %}" + set + "{% endfor %}"
                        + "{% filter trim %}" + set + "{% endfilter %}{% generation %}" + set + "{% endgeneration %}"
                        + "{% macro m() %}" + set + "{% endmacro %}{{ m() }}{{ n.x }}"))
                .isEqualTo("5");
    }

    @Test
    void elseRunsWhenNoTurnRanToItsEnd() {
        assertThat(Render.of("{% for a in [] %}x{% else %}none{% endfor %}")).isEqualTo("none");
        assertThat(Render.of("{% for a in [1] if a > 1 %}x{% else %}none{% endfor %}"))
                .isEqualTo("none");
        assertThat(Render.of("{% for a in [1] %}{% break %}{% else %}none{% endfor %}"))
                .isEqualTo("none");
        assertThat(Render.of("{% for a in [1, 2] %}{% continue %}{% else %}none{% endfor %}"))
                .isEqualTo("none");
        assertThat(Render.of("{% for a in [1, 2] %}{% if a == 2 %}{% break %}{% endif %}x{% else %}none{% endfor %}"))
                .isEqualTo("x");
    }

    @Test
    void aFilterOfALoopSeesTheLoopAroundIt() {
        assertThat(
                        Render.of(
                                "{% for a in [1, 2] %}{% for b in 'xy' if loop.index == 1 %}{{ a }}{{ b }}{% endfor %}{% endfor %}"))
                .isEqualTo("1x1y");
        Render.refused(
                "{% for a in [1] if loop.first %}{% endfor %}",
                "something with an attribute 'first'", "nothing called 'loop'");
    }

    @Test
    void targetsAreUnpacked() {
        assertThat(Render.of("{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}"))
                .isEqualTo("123");
        assertThat(Render.of("{% set a, b = 1, 2 %}{% set a, b = b, a %}{{ a }}{{ b }}"))
                .isEqualTo("21");
        assertThat(Render.of("{% set a, b = 'xy' %}{{ b }}")).isEqualTo("y");
        Render.refused("{% set a, b = (1, 2, 3) %}", "2 values to unpack", "3");
        Render.refused("{% set a, b = (1,) %}", "2 values to unpack", "1");
        Render.refused("{% set a, b = 1 %}", "something to loop over", "an int");
    }

    @Test
    void recursiveLoopsAreRefused() {
        Render.refused("{% for n in [] recursive %}{% endfor %}", "'%}'", "'recursive'");
        Render.refused("{% for a in [1] %}{{ loop([]) }}{% endfor %}", "a function", "a loop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "m(1)~1[]3",
                "m(1, 2)~123",
                "m(1, 2, 4)~124",
                "m(b=5, a=4)~453",
                "m(c=9)~[][]9",
                "m(none, false)~NoneFalse3",
                "m(*[1, 2])~123",
                "m(1, *'x')~1x3",
                "m(**{'b': 3, 'a': 4})~433",
                "m(1, **{'c': 4})~1[]4",
                "m(*a)~[][]3"
            })
    void argumentsFindTheirParameters(String call, String text) {
        String source =
                "{% macro m(a, b, c=3) %}{{ a if a is defined else '[]' }}{{ b if b is defined else '[]' }}{{ c }}{% endmacro %}{{ "
                        + call + " }}";
        assertThat(Render.of(source)).isEqualTo(text);
    }

    @Test
    void argumentsAreSpreadFromListsAndDicts() {
        Render.refused("{{ range(*3) }}", "something to loop over", "an int");
        Render.refused("{{ range(**[1]) }}", "a dict of arguments behind **", "a list");
        Render.refused("{{ range(**{1: 2}) }}", "a text", "an int");
    }

    @Test
    void defaultsMayUseEarlierParametersAndNamesOutside() {
        assertThat(Render.of("{% set o = 5 %}{% macro m(a, b=a, c=o) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }}"))
                .isEqualTo("115");
    }

    @Test
    void argumentsWithoutAParameterAreRefused() {
        Render.refused("{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "at most 1 arguments for m", "2");
        Render.refused("{% macro m(a) %}{% endmacro %}{{ m(z=1) }}", "a parameter of m", "'z'");
        Render.refused("{% macro m(a) %}{% endmacro %}{{ m(1, a=2) }}", "a parameter of m", "'a'");
        for (String rest : List.of("varargs", "kwargs")) {
            Render.refused(
                    "{% macro m(a) %}{{ " + rest + " }}{% endmacro %}", "a name this version knows", "'" + rest + "'");
        }
    }

    @Test
    void functionsHaveNoAttributes() {
        for (String source :
                List.of("{% macro m(a) %}{% endmacro %}{{ m.name }}", "{{ range.name }}", "{{ 'a'.upper.name }}")) {
            Render.refused(source, "an attribute this version knows", "'name' of a function");
        }
        Render.refused("{% macro m() %}{% endmacro %}{{ m }}", "something printable", "a function");
    }

    @Test
    void macrosSeeWhereTheyWereWrittenAndNotWhereTheyAreCalled() {
        assertThat(
                        Render.of(
                                "{% macro m() %}[{{ x }}]{% endmacro %}{% for x in [1] %}{{ m() }}{% endfor %}{% set x = 2 %}{{ m() }}"))
                .isEqualTo("[][2]");
    }

    @Test
    void callBlocksHandTheirInsideOver() {
        assertThat(
                        Render.of(
                                "{% macro w(t) %}<{{ t }}>{{ caller() }}</{{ t }}>{% endmacro %}{% call w('b') %}x{% endcall %}"))
                .isEqualTo("<b>x</b>");
        assertThat(Render.of("{% macro e(l) %}{% for a in l %}{{ caller(a, loop.index) }}{% endfor %}{% endmacro %}"
                        + "{% call(x, i) e('ab') %}{{ i }}{{ x }};{% endcall %}"))
                .isEqualTo("1a;2b;");
        assertThat(Render.of(
                        "{% macro w() %}{{ caller is defined }}{% endmacro %}{{ w() }}{% call w() %}{% endcall %}"))
                .isEqualTo("FalseTrue");
        assertThat(
                        Render.of(
                                "{% set x = 1 %}{% macro w() %}{% set x = 2 %}{{ caller() }}{% endmacro %}{% call w() %}{{ x }}{% endcall %}"))
                .isEqualTo("1");
        Render.refused("{% macro w() %}{% endmacro %}{% call w() %}{% endcall %}", "a parameter of w", "'caller'");
        Render.refused(
                "{% macro w() %}{{ caller(z=1) }}{% endmacro %}{% call w() %}{% endcall %}",
                "a parameter of None", "'z'");
    }

    @Test
    void blocksOfTextCanBeFilteredAndNamed() {
        assertThat(Render.of("{% filter upper | replace('B', '-') %}abc{% endfilter %}"))
                .isEqualTo("A-C");
        assertThat(Render.of("{% set x | trim | length %} abc {% endset %}{{ x + 1 }}"))
                .isEqualTo("4");
        assertThat(Render.of("{% set n = namespace() %}{% set n.x %}text{% endset %}{{ n.x }}"))
                .isEqualTo("text");
        assertThat(Render.of("{% set x %}1{% endset %}{{ x is string }}")).isEqualTo("True");
        Render.refused("{% filter nosuch %}x{% endfilter %}", "a filter this version knows", "'nosuch'");
    }

    @Test
    void onlyNamespacesHaveFieldsToSet() {
        Render.refused("{% set x = {} %}{% set x.a = 1 %}", "a namespace to set an attribute of", "a dict");
        Render.refused("{% set x.a = 1 %}", "a namespace to set an attribute of", "nothing called 'x'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a[1:]~(2, 3)",
                "a[::-1]~(3, 2, 1)",
                "a[-1]~3",
                "a[9] is defined~False",
                "{'a': 1}[[1]] is defined~False",
                "{'a': 1}[(1, 2)] is defined~False",
                "a['x'] is defined~False",
                "'a🙂b'[1]~🙂",
                "'a🙂b'[::-1]~b🙂a",
                "range(9)[2:4] | list~[2, 3]",
                "{'keys': 1}['keys']~1",
                "{'keys': 1}.keys() | list~['keys']",
                "5.nosuch is defined~False",
                "n.nosuch is defined~False",
                "n['x'] is defined~False",
                "none.x is defined~False"
            })
    void lookingUp(String expression, String text) {
        String source = "{% set a = (1, 2, 3) %}{% set n = 5 %}{{ " + expression + " }}";
        assertThat(Render.of(source)).isEqualTo(text);
    }

    @Test
    void whatIsUndefinedMayBeAskedAboutButNotUsed() {
        assertThat(Render.of(
                        "[{{ x }}{{ x or 'y' }}{{ x is defined }}{{ x | default('d') }}{% for a in x %}{% endfor %}]"))
                .isEqualTo("[yFalsed]");
        Render.refused("{{ x.y }}", "something with an attribute 'y'", "nothing called 'x'");
        Render.refused("{{ x['y'] }}", "something to look up in", "nothing called 'x'");
        Render.refused("{{ x() }}", "a function", "nothing called 'x'");
        Render.refused("{{ {}.a.b }}", "something with an attribute 'b'", "nothing called 'a'");
        Render.refused("{{ x[1:] }}", "a text or list to slice", "nothing called 'x'");
    }
}
