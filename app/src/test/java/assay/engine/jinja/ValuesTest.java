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
            new Values.Tuple(List.of(1L)),
            Sequences.Special.view("keys", List.of("a")));

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
        assertThat(Values.text(new Values.Tuple(List.of(1L)))).isEqualTo("(1,)");
        assertThat(Values.text(new Values.Tuple(List.of()))).isEqualTo("()");
        assertThat(Values.text(List.of(MISSING))).isEqualTo("[Undefined]");
        assertThat(Values.text(Map.of("k", List.of("v")))).isEqualTo("{'k': ['v']}");
        assertThat(Values.shown("it's")).isEqualTo("\"it's\"");
    }

    @Test
    void rangesAndViewsPrintWhatTheyAre() {
        assertThat(Values.text(Sequences.Special.range(0, 3, 1, List.of(0L, 1L, 2L))))
                .isEqualTo("range(0, 3)");
        assertThat(Values.text(Sequences.Special.range(1, 9, 2, List.of(1L)))).isEqualTo("range(1, 9, 2)");
        assertThat(Values.text(Sequences.Special.view("keys", List.of("a")))).isEqualTo("dict_keys(['a'])");
        assertThat(Values.text(List.of(Sequences.Special.view("values", List.of(1L)))))
                .isEqualTo("[dict_values([1])]");
    }

    @Test
    void whatHasNoTextIsRefused() {
        for (Object value : List.of(
                new Values.Namespace(new LinkedHashMap<>()),
                (Values.Callable) (_, _) -> "",
                new Sequences.Lazy(List.of()))) {
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
        assertThat(Values.truth(new Sequences.Lazy(List.of()))).isTrue();
        assertThat(Values.truth(new Values.Namespace(new LinkedHashMap<>()))).isTrue();
    }

    /// Equality is the same from both sides and holds of everything with itself.
    @Test
    void equalityIsEven() {
        for (Object a : SOME) {
            assertThat(Values.equal(a, a)).as(Values.shown(a)).isTrue();
            for (Object b : SOME) {
                assertThat(Values.equal(a, b))
                        .as(Values.shown(a) + " " + Values.shown(b))
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
        assertThat(Values.equal(Map.of(1L, "a"), Map.of(1.0, "a"))).isTrue();
        assertThat(Values.equal(Map.of("a", 1L), Map.of("b", 1L))).isFalse();
        assertThat(Values.equal(Map.of("a", 1L), Map.of())).isFalse();
    }

    @Test
    void sequencesOfDifferentKindsAreNotEqual() {
        assertThat(Values.equal(List.of(), new Values.Tuple(List.of()))).isFalse();
        assertThat(Values.equal(List.of(0L), Sequences.Special.range(0, 1, 1, List.of(0L))))
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
    void listsAreOrderedByTheirFirstDifference() {
        assertThat(Values.compare(List.of(1L, 2L), List.of(1L, 3L))).isNegative();
        assertThat(Values.compare(List.of(1L), List.of(1L, 0L))).isNegative();
        assertThat(Values.compare(new Values.Tuple(List.of("b")), new Values.Tuple(List.of("a"))))
                .isPositive();
        assertThat(Values.compare(true, 0.5)).isPositive();
    }

    @Test
    void lookingIntoThings() {
        assertThat(Values.contains("abc", "b")).isTrue();
        assertThat(Values.contains(List.of(1L), 1.0)).isTrue();
        assertThat(Values.contains(Map.of(1L, "x"), true)).isTrue();
        assertThat(Values.contains(Map.of("a", 1L), "b")).isFalse();
        assertThat(Values.contains(MISSING, "a")).isFalse();
        assertThat(Values.contains(new Sequences.Lazy(List.of("a")), "a")).isTrue();
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
        Sequences.Lazy lazy = new Sequences.Lazy(List.of(1L, 2L));
        assertThat(Values.text(Values.items(lazy))).isEqualTo("[1, 2]");
        assertThat(Values.items(lazy)).isEmpty();
    }

    @Test
    void oneKeyForAllNumbersThatAreEqual() {
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put(1L, "one");
        assertThat(Dicts.keyIn(map, true)).isEqualTo(1L);
        assertThat(Dicts.keyIn(map, 1.0)).isEqualTo(1L);
        assertThat(Dicts.keyIn(map, 2.0)).isEqualTo(2.0);
        assertThat(Dicts.keyIn(map, "1")).isEqualTo("1");
        assertThat(Render.of("{{ {1: 'a', true: 'b', 1.0: 'c'} }}")).isEqualTo("{1: 'c'}");
        assertThat(Render.of("{{ {true: 'b'}[1] }}{{ {1: 'a'}.get(1.0) }}")).isEqualTo("ba");
    }

    @Test
    void keysThatCanChangeAreRefused() {
        assertThat(Dicts.hashable(new Values.Tuple(List.of(1L)))).isNotNull();
        assertThatThrownBy(() -> Dicts.hashable(List.of()))
                .hasMessageContaining("expected a key that cannot change, found a list");
        assertThatThrownBy(() -> Dicts.hashable(Map.of())).hasMessageContaining("found a dict");
        Render.refused("{{ {[1]: 2} }}", "a key that cannot change", "a list");
        Render.refused("{{ {}.get({}) }}", "a key that cannot change", "a dict");
    }

    @Test
    void dictsAreMadeOfDictsPairsAndNames() {
        assertThat(Render.of("{{ dict({'x': 1}, y=2) }} {{ dict([('p', 1)]) }} {{ dict() }}"))
                .isEqualTo("{'x': 1, 'y': 2} {'p': 1} {}");
        assertThat(Render.of("{% set n = namespace({'a': 1}, b=2) %}{{ n.a }}{{ n.b }}"))
                .isEqualTo("12");
        Render.refused("{{ dict([1]) }}", "something to loop over", "an int");
        Render.refused("{{ dict([(1, 2, 3)]) }}", "pairs of a key and a value", "3 values");
        Render.refused("{{ dict({}, {}) }}", "at most 1 arguments for dict", "2");
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
        assertThat(new Arguments("f", List.of("a", "b"), Map.of()).rest(1)).isEqualTo(List.of("b"));
        assertThatThrownBy(() -> given.allow("first"))
                .hasMessageContaining("expected an argument f takes, found 'second'");
        assertThatThrownBy(() -> given.allow()).hasMessageContaining("expected at most 0 arguments for f, found 1");
        assertThatThrownBy(() -> given.required(5, "sixth"))
                .hasMessageContaining("expected an argument 'sixth' for f, found none");
    }
}
