package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.engine.jinja.Node.Expression;
import assay.engine.jinja.Node.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateParserTest {
    private static Statement only(String source) {
        List<Statement> statements = TemplateParser.parse(source);
        assertThat(statements).as(source).hasSize(1);
        return statements.getFirst();
    }

    private static Expression value(String expression) {
        return ((Node.Print) only("{{ " + expression + " }}")).value();
    }

    private static Node.Name name(String name) {
        return new Node.Name(name);
    }

    private static Node.Literal literal(Object value) {
        return new Node.Literal(value);
    }

    private static Node.Binary binary(String operator, Expression left, Expression right) {
        return new Node.Binary(operator, left, right);
    }

    @Test
    void textAndPrintsComeInOrder() {
        assertThat(TemplateParser.parse("a{{ b }}c"))
                .containsExactly(new Node.Text("a"), new Node.Print(name("b")), new Node.Text("c"));
    }

    @Test
    void timesBindsCloserThanPlusAndTildeBetween() {
        assertThat(value("a + b * c")).isEqualTo(binary("+", name("a"), binary("*", name("b"), name("c"))));
        assertThat(value("a + b ~ c")).isEqualTo(binary("+", name("a"), binary("~", name("b"), name("c"))));
        assertThat(value("a ~ b * c")).isEqualTo(binary("~", name("a"), binary("*", name("b"), name("c"))));
    }

    @Test
    void operatorsOfOneRankGoFromLeftToRight() {
        assertThat(value("a - b - c")).isEqualTo(binary("-", binary("-", name("a"), name("b")), name("c")));
        assertThat(value("a / b // c")).isEqualTo(binary("//", binary("/", name("a"), name("b")), name("c")));
    }

    @Test
    void notBindsLooserThanComparisonsAndCloserThanAnd() {
        Expression compared = new Node.Comparison(name("a"), List.of(new Node.Step("==", name("b"))));
        assertThat(value("not a == b")).isEqualTo(new Node.Unary("not", compared));
        assertThat(value("not a and b")).isEqualTo(binary("and", new Node.Unary("not", name("a")), name("b")));
        assertThat(value("a or b and c")).isEqualTo(binary("or", name("a"), binary("and", name("b"), name("c"))));
    }

    @Test
    void comparisonsAreChained() {
        assertThat(value("a < b not in c"))
                .isEqualTo(new Node.Comparison(
                        name("a"), List.of(new Node.Step("<", name("b")), new Node.Step("not in", name("c")))));
    }

    @Test
    void filtersAndTestsBindCloserThanOperators() {
        Expression upper = new Node.Filter(name("b"), "upper", Node.Arguments.NONE);
        assertThat(value("a ~ b | upper")).isEqualTo(binary("~", name("a"), upper));
        Expression odd = new Node.Test(name("b"), "odd", List.of(), false);
        assertThat(value("a and b is odd")).isEqualTo(binary("and", name("a"), odd));
        assertThat(value("not b is odd")).isEqualTo(new Node.Unary("not", odd));
        assertThat(value("b is not odd")).isEqualTo(new Node.Test(name("b"), "odd", List.of(), true));
        assertThat(value("-a | abs"))
                .isEqualTo(new Node.Filter(new Node.Unary("-", name("a")), "abs", Node.Arguments.NONE));
    }

    @Test
    void aTestTakesOneArgumentWithoutBrackets() {
        assertThat(value("a is divisibleby 3"))
                .isEqualTo(new Node.Test(name("a"), "divisibleby", List.of(literal(3L)), false));
        assertThat(value("a is in b.c"))
                .isEqualTo(new Node.Test(name("a"), "in", List.of(new Node.Attribute(name("b"), "c")), false));
        assertThat(value("a is eq 'x' or b"))
                .isEqualTo(binary("or", new Node.Test(name("a"), "eq", List.of(literal("x")), false), name("b")));
        assertThat(value("a is defined if b"))
                .isEqualTo(new Node.Conditional(
                        new Node.Test(name("a"), "defined", List.of(), false),
                        name("b"),
                        Node.Literal.undefined("the else of an inline if")));
    }

    @Test
    void attributesCallsAndSlicesFollowEachOther() {
        Expression split = new Node.Call(
                new Node.Attribute(name("a"), "split"), new Node.Arguments(List.of(literal(",")), java.util.Map.of()));
        assertThat(value("a.split(',')[-1]")).isEqualTo(new Node.Index(split, new Node.Unary("-", literal(1L))));
        assertThat(value("a[1:]"))
                .isEqualTo(new Node.Slice(name("a"), literal(1L), literal(Values.NONE), literal(Values.NONE)));
        assertThat(value("a[::-1]"))
                .isEqualTo(new Node.Slice(
                        name("a"), literal(Values.NONE), literal(Values.NONE), new Node.Unary("-", literal(1L))));
        assertThat(value("a.0")).isEqualTo(new Node.Index(name("a"), literal(0L)));
        assertThat(value("a[1, 2]"))
                .isEqualTo(new Node.Index(name("a"), new Node.Items(List.of(literal(1L), literal(2L)), true)));
    }

    @Test
    void literalsOfEveryKind() {
        assertThat(value("true")).isEqualTo(literal(true));
        assertThat(value("False")).isEqualTo(literal(false));
        assertThat(value("None")).isEqualTo(literal(Values.NONE));
        assertThat(value("12")).isEqualTo(literal(12L));
        assertThat(value("1.5e3")).isEqualTo(literal(1500.0));
        assertThat(value("'a' \"b\"")).isEqualTo(literal("ab"));
        assertThat(value("[]")).isEqualTo(new Node.Items(List.of(), false));
        assertThat(value("()")).isEqualTo(new Node.Items(List.of(), true));
        assertThat(value("(a,)")).isEqualTo(new Node.Items(List.of(name("a")), true));
        assertThat(value("(a)")).isEqualTo(name("a"));
        assertThat(value("a, b")).isEqualTo(new Node.Items(List.of(name("a"), name("b")), true));
        assertThat(value("{'a': b,}")).isEqualTo(new Node.Pairs(List.of(new Node.Pair(literal("a"), name("b")))));
    }

    @Test
    void conditionsWithAndWithoutElse() {
        assertThat(value("a if b"))
                .isEqualTo(
                        new Node.Conditional(name("a"), name("b"), Node.Literal.undefined("the else of an inline if")));
        assertThat(value("a if b else c")).isEqualTo(new Node.Conditional(name("a"), name("b"), name("c")));
    }

    @Test
    void loopsHaveTargetsAFilterAndAnElse() {
        assertThat(only("{% for a in b if c %}x{% else %}y{% endfor %}"))
                .isEqualTo(new Node.For(
                        name("a"), name("b"), name("c"), List.of(new Node.Text("x")), List.of(new Node.Text("y"))));
        Expression pair = new Node.Items(List.of(name("a"), new Node.Items(List.of(name("b"), name("c")), true)), true);
        assertThat(((Node.For) only("{% for a, (b, c) in d %}{% endfor %}")).target())
                .isEqualTo(pair);
        assertThat(((Node.For) only("{% for a in 1, 2 %}{% endfor %}")).items())
                .isEqualTo(new Node.Items(List.of(literal(1L), literal(2L)), true));
    }

    @Test
    void setTakesNamesFieldsAndBlocks() {
        assertThat(only("{% set a = 1, 2 %}"))
                .isEqualTo(new Node.Assign(name("a"), new Node.Items(List.of(literal(1L), literal(2L)), true)));
        assertThat(only("{% set n.a = 1 %}"))
                .isEqualTo(new Node.Assign(new Node.Attribute(name("n"), "a"), literal(1L)));
        Expression inside = name(Node.Capture.INSIDE);
        assertThat(only("{% set a %}x{% endset %}"))
                .isEqualTo(new Node.Capture(Optional.of(name("a")), inside, List.of(new Node.Text("x"))));
        assertThat(only("{% set a | upper %}x{% endset %}"))
                .isEqualTo(new Node.Capture(
                        Optional.of(name("a")),
                        new Node.Filter(inside, "upper", Node.Arguments.NONE),
                        List.of(new Node.Text("x"))));
        assertThat(only("{% filter upper %}x{% endfilter %}"))
                .isEqualTo(new Node.Capture(
                        Optional.empty(),
                        new Node.Filter(inside, "upper", Node.Arguments.NONE),
                        List.of(new Node.Text("x"))));
    }

    @Test
    void aMacroKnowsWhetherItReadsItsCaller() {
        for (String reads : List.of(
                "{% macro m() %}{{ caller() }}{% endmacro %}",
                "{% macro m() %}{% if a %}{{ caller(a) }}{% endif %}{% endmacro %}")) {
            assertThat(((Node.Macro) only(reads)).takesCaller()).as(reads).isTrue();
        }
        for (String other : List.of(
                "{% macro m(a, b=1) %}{{ a }}{% endmacro %}",
                "{% macro m(caller=none) %}{{ caller }}{% endmacro %}",
                "{% macro m(x) %}{{ x.caller }}{{ 'caller' }} caller{% endmacro %}")) {
            assertThat(((Node.Macro) only(other)).takesCaller()).as(other).isFalse();
        }
    }

    @Test
    void aCallBlockHasParametersAndAnInside() {
        Node.CallBlock block = (Node.CallBlock) only("{% call(a, b=2) m(1) %}x{% endcall %}");
        assertThat(block.called().callee()).isEqualTo(name("m"));
        assertThat(block.inside().parameters())
                .containsExactly(
                        new Node.Parameter("a", Node.Literal.undefined("'a'")), new Node.Parameter("b", literal(2L)));
        assertThat(block.inside().body()).containsExactly(new Node.Text("x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% if a %}x{% elif b %}y{% else %}z{% endif %}",
                "{% generation %}x{% endgeneration %}",
                "{% for a in b %}{% break %}{% continue %}{% endfor %}",
                "{% set (a, b) = (1, 2) %}",
                "{% macro m() %}{% endmacro %}"
            })
    void isRead(String source) {
        assertThat(TemplateParser.parse(source)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{% if a %}x~one of [elif, else, endif]~the end of the template",
                "{% for a in b %}x~one of [else, endfor]~the end of the template",
                "{% if a %}{% endfor %}~one of [elif, else, endif]~'endfor'",
                "{% endif %}~an opening tag first~'endif'",
                "{% set %}~a name~'%}'",
                "{% set true = 1 %}~a name to set~'true'",
                "{% for none in a %}{% endfor %}~a name to set~'none'",
                "{% set a, b %}{% endset %}~'='~'%}'",
                "{% set a + 1 %}~'='~'+'",
                "{% for a b %}~'in'~'b'",
                "{% macro m(a,) %}{% endmacro %}~a name~')'",
                "{% macro m(a b) %}{% endmacro %}~','~'b'",
                "{% macro m() %}{% endmacro m %}~'%}'~'m'",
                "{% call m %}{% endcall %}~a call of a macro in front of it~'%}'",
                "{% filter %}{% endfilter %}~a name~'%}'",
                "{% break %}~a loop around it~'break'",
                "{% for a in b %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}~a loop around it~'break'",
                "{% for a in b %}{% set c %}{% continue %}{% endset %}{% endfor %}~a loop around it~'continue'",
                "{% for a in b %}{% generation %}{% break %}{% endgeneration %}{% endfor %}~a loop around it~'break'",
                "{{ }}~an expression~'}}'",
                "{{ a b }}~'}}'~'b'",
                "{{ a. }}~a name~'}}'",
                "{{ a[ }}~a closing }}~none",
                "{{ (a] }}~')'~']'",
                "{{ a) }}~'}}'~')'",
                "{{ a[] }}~an expression~']'",
                "{{ a ** b }}~'}}'~'**'",
                "{{ 99999999999999999999 }}~a number of at most 64 bits~'99999999999999999999'",
                "{% with a = 1 %}{% endwith %}~one of if, for, set, macro, call, filter, generation, break, continue, raw~'with'",
                "{% for a in b recursive %}{% endfor %}~'%}'~'recursive'",
                "{{ kwargs }}~a name this version knows~'kwargs'",
                "{{ [1 2] }}~','~'2'",
                "{{ {1} }}~':'~'}'",
                "{{ a is }}~a name~'}}'",
                "{{ a is b is c }}~one test at a time~'is'",
                "{{ a | }}~a name~'}}'",
                "{{ [*a] }}~an expression~'*'",
                "{% %}~a name~'%}'",
                "{% include 'x' %}~one of if, for, set, macro, call, filter, generation, break, continue, raw~'include'"
            })
    void whatIsBrokenIsRefusedByName(String source, String expected, String found) {
        assertThatThrownBy(() -> TemplateParser.parse("\n" + source))
                .as(source)
                .isInstanceOf(InputException.class)
                .hasMessage("chat template: expected " + expected + ", found " + found
                        + " (line 2). Use a template this version reads, or another model.");
    }
}
