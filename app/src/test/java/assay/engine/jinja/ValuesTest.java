package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What values are equal, how they are ordered and printed, and what dicts and sequences do.
class ValuesTest {
    private static final Values.Undefined MISSING = new Values.Undefined("'x'");

    private static final List<Object> SOME = Arrays.asList(
            "a",
            "",
            0L,
            1L,
            1.5,
            true,
            false,
            Values.NONE,
            List.of(),
            List.of(1L),
            Map.of(),
            Map.of("a", 1L),
            MISSING,
            Values.tuple(List.of(1L)),
            new Values.Sequence(Values.Sequence.Kind.RANGE, List.of("a")));

    @Test
    void javaValuesBecomeTemplateValues() {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("a", null);
        given.put("b", Arrays.asList(1, 2.5f, null));
        Object made = Values.of(given);
        assertThat(Values.text(made)).isEqualTo("{'a': None, 'b': [1, 2.5, None]}");
        assertThat(Values.of(7)).isEqualTo(7L);
        assertThat(Values.of(null)).isEqualTo(Values.NONE);
    }

    @Test
    void valuesPrintAsInPython() {
        assertThat(Values.text("a")).isEqualTo("a");
        assertThat(Values.text(true)).isEqualTo("True");
        assertThat(Values.text(Values.NONE)).isEqualTo("None");
        assertThat(Values.text(1.0)).isEqualTo("1.0");
        assertThat(Values.text(MISSING)).isEmpty();
        assertThat(Values.text(List.of("a", 1L, true))).isEqualTo("['a', 1, True]");
        assertThat(Values.text(Values.tuple(List.of(1L)))).isEqualTo("(1,)");
        assertThat(Values.text(Values.tuple(List.of()))).isEqualTo("()");
        assertThat(Values.text(List.of(MISSING))).isEqualTo("[Undefined]");
        assertThat(Values.text(Map.of("k", List.of("v")))).isEqualTo("{'k': ['v']}");
        assertThat(Values.shown("it's")).isEqualTo("\"it's\"");
    }

    @Test
    void whatHasNoTextIsRefused() {
        for (Object value : List.of(
                new Values.Namespace(new LinkedHashMap<>()),
                (Values.Callable) _ -> "",
                new Values.Sequence(Values.Sequence.Kind.VIEW, List.of()),
                new Loop(List.of()),
                new Values.Lazy(List.of()))) {
            assertThatThrownBy(() -> Values.text(value))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected something printable, found " + Values.kind(value));
        }
    }

    @Test
    void emptyThingsAreFalse() {
        assertThat(SOME.stream().filter(value -> !Values.truth(value)).map(Values::shown))
                .containsExactly("''", "0", "False", "None", "[]", "{}", "Undefined");
        assertThat(Values.truth(0.0)).isFalse();
        assertThat(Values.truth(-0.0)).isFalse();
        assertThat(Values.truth(Double.NaN)).isTrue();
        assertThat(Values.truth(new Values.Lazy(List.of()))).isTrue();
        assertThat(Values.truth(new Values.Namespace(new LinkedHashMap<>()))).isTrue();
    }

    /// Equality is the same from both sides and holds of everything with itself.
    @Test
    void equalityIsEven() {
        for (Object a : SOME) {
            assertThat(Values.equal(a, a)).as(Values.kind(a)).isTrue();
            for (Object b : SOME) {
                assertThat(Values.equal(a, b))
                        .as(Values.kind(a) + " " + Values.kind(b))
                        .isEqualTo(Values.equal(b, a));
            }
        }
    }

    @Test
    void numbersAreEqualAcrossKinds() {
        assertThat(Values.equal(1L, 1.0)).isTrue();
        assertThat(Values.equal(1L, true)).isTrue();
        assertThat(Values.equal(0.0, -0.0)).isTrue();
        assertThat(Values.equal("1", 1L)).isFalse();
        assertThat(Values.equal(List.of(1L), List.of(1.0))).isTrue();
        assertThat(Values.equal(Map.of("a", 1L), Map.of("a", true))).isTrue();
        assertThat(Values.equal(Map.of(1L, "a"), Map.of(1L, "b"))).isFalse();
        assertThat(Values.equal(Map.of("a", 1L), Map.of("b", 1L))).isFalse();
        assertThat(Values.equal(Map.of("a", 1L), Map.of())).isFalse();
    }

    @Test
    void sequencesOfDifferentKindsAreNotEqual() {
        assertThat(Values.equal(List.of(), Values.tuple(List.of()))).isFalse();
        assertThat(Values.equal(List.of(0L), new Values.Sequence(Values.Sequence.Kind.RANGE, List.of(0L))))
                .isFalse();
        assertThat(Values.equal(List.of(), Values.NONE)).isFalse();
        assertThat(Values.equal(MISSING, new Values.Undefined("'y'"))).isTrue();
        assertThat(Values.equal(MISSING, Values.NONE)).isFalse();
    }

    @Test
    void textsAreOrderedByCharacter() {
        assertThat(Values.compare("a", "b")).isNegative();
        assertThat(Values.compare("a", "B")).isPositive();
        assertThat(Values.compare("", "a")).isNegative();
        assertThat(Values.compare("🙂", "\uffff")).isPositive();
        assertThat(Values.compare("é", "z")).isPositive();
    }

    @Test
    void numbersAreOrderedAcrossKinds() {
        assertThat(Values.compare(true, 0.5)).isPositive();
        assertThat(Values.compare(2L, 2.5)).isNegative();
        assertThatThrownBy(() -> Values.compare(List.of(1L), List.of(2L)))
                .hasMessageContaining("expected two numbers or texts to compare, found a list and a list");
    }

    @Test
    void lookingIntoThings() {
        assertThat(Values.contains("abc", "b")).isTrue();
        assertThat(Values.contains(List.of(1L), 1.0)).isTrue();
        assertThat(Values.contains(Map.of(1L, "x"), 1L)).isTrue();
        assertThat(Values.contains(Map.of("a", 1L), "b")).isFalse();
        assertThat(Values.contains(MISSING, "a")).isFalse();
        assertThat(Values.contains(new Values.Lazy(List.of("a")), "a")).isTrue();
        assertThat(Values.contains(List.of(List.of(1L)), List.of(1L))).isTrue();
    }

    @Test
    void lengthsCountCharacters() {
        assertThat(Values.length("a🙂é")).isEqualTo(3);
        assertThat(Values.length(List.of(1L, 2L))).isEqualTo(2);
        assertThat(Values.length(Map.of("a", 1L))).isEqualTo(1);
        assertThat(Values.length(MISSING)).isZero();
        assertThatThrownBy(() -> Values.length(Values.NONE))
                .hasMessageContaining("expected something with a length, found None");
    }

    @Test
    void itemsOfTextsAreCharacters() {
        assertThat(Values.text(Values.items("a🙂"))).isEqualTo("['a', '🙂']");
        assertThat(Values.text(Values.items(new LinkedHashMap<>(Map.of("k", 1L)))))
                .isEqualTo("['k']");
        assertThat(Values.items(MISSING)).isEmpty();
    }

    @Test
    void lazyItemsComeOnce() {
        Values.Lazy lazy = new Values.Lazy(List.of(1L, 2L));
        assertThat(Values.text(Values.items(lazy))).isEqualTo("[1, 2]");
        assertThat(Values.items(lazy)).isEmpty();
    }

    /// Of the others Python knows which are one and the same: `1`, `1.0` and `True` are.
    @Test
    void keysAreTextsWholeNumbersOrNone() {
        assertThat(Render.of("{{ {1: 'a', '1': 'b', none: 'c'} }}")).isEqualTo("{1: 'a', '1': 'b', None: 'c'}");
        for (Object key : List.of(true, 1.0, List.of(), Map.of(), Values.tuple(List.of(1L)))) {
            assertThatThrownBy(() -> Values.key(key))
                    .hasMessageContaining("expected a text, whole number or none as a key, found " + Values.kind(key));
        }
        Render.refused("{{ {1: 'a'}[true] }}", "a text, whole number or none as a key", "a bool");
        Render.refused("{{ {[1]: 2} }}", "a text, whole number or none as a key", "a list");
        Render.refused("{{ {}.get({}) }}", "a text, whole number or none as a key", "a dict");
    }

    @Test
    void dictsAndNamespacesAreMadeOfNames() {
        assertThat(Render.of("{{ dict(x=1, y=2) }} {{ dict() }}")).isEqualTo("{'x': 1, 'y': 2} {}");
        assertThat(Render.of("{% set n = namespace(a=1, b=2) %}{{ n.a }}{{ n.b }}"))
                .isEqualTo("12");
        Render.refused("{{ dict([1]) }}", "arguments with names for dict", "a list");
        Render.refused("{{ namespace({}) }}", "arguments with names for namespace", "a dict");
    }

    @Test
    void aFaultSaysWhereItIs() {
        assertThat(Values.fault("a", "b", 3))
                .hasMessage(
                        "chat template: expected a, found b (line 3). Use a template this version reads, or another model.");
        assertThat(Values.fault("a", "b"))
                .hasMessage(
                        "chat template: expected a, found b (while rendering). Use a template this version reads, or another"
                                + " model.");
    }

    @Test
    void argumentsAreTakenByPlaceAndByName() {
        Arguments given = new Arguments("f", List.of("a"), Map.of("second", "b"));
        assertThat(given.allow("first", "second").required(0, "first")).isEqualTo("a");
        assertThat(given.required(1, "second")).isEqualTo("b");
        assertThat(given.or(2, "third", "c")).isEqualTo("c");
        assertThat(given.rest(1)).isEmpty();
        assertThat(given.flag(0, "first")).isTrue();
        assertThat(given.flag(2, "third")).isFalse();
        assertThat(new Arguments("f", List.of("a", "b"), Map.of()).rest(1)).isEqualTo(List.of("b"));
        assertThatThrownBy(given::unnamed).hasMessageContaining("expected an argument f takes, found 'second'");
        assertThatThrownBy(() -> given.allow("first"))
                .hasMessageContaining("expected an argument f takes, found 'second'");
        assertThatThrownBy(() -> given.allow()).hasMessageContaining("expected at most 0 arguments for f, found 1");
        assertThatThrownBy(() -> given.required(5, "sixth"))
                .hasMessageContaining("expected an argument 'sixth' for f, found none");
    }
}
