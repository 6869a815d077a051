package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {
    private static final Map<String, Object> GIVEN = Map.of(
            "items",
            List.of(3, 1, 2),
            "words",
            List.of("b", "A", "c"),
            "pets",
            List.of(
                    Map.of("name", "Rex", "kind", "dog", "age", 4),
                    Map.of("name", "Tom", "kind", "cat", "age", 2),
                    Map.of("name", "Ada", "kind", "dog", "age", 3)),
            "messages",
            List.of(
                    Map.of("role", "system", "content", "S"),
                    Map.of("role", "user", "content", "U"),
                    Map.of("role", "assistant", "content", "A")));

    private static String of(String expression) {
        return Render.of("{{ " + expression + " }}", GIVEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "items | join~312",
                "items | join(', ')~3, 1, 2",
                "pets | join('+', attribute='name')~Rex+Tom+Ada",
                "items | first~3",
                "items | last~2",
                "'abc' | list~['a', 'b', 'c']",
                "items | reverse | list~[2, 1, 3]",
                "'abc' | reverse~cba",
                "[1, 2, 1] | unique | list~[1, 2]",
                "['a', 'A'] | unique | list~['a']",
                "['a', 'A'] | unique(case_sensitive=true) | list~['a', 'A']",
                "pets | unique(attribute='kind') | map(attribute='name') | join~RexTom",
                "items | batch(2) | list~[[3, 1], [2]]",
                "{'b': 1, 'A': 2} | dictsort~[('A', 2), ('b', 1)]",
                "{'b': 1, 'A': 2} | dictsort(true)~[('A', 2), ('b', 1)]",
                "{'b': 1, 'a': 2} | dictsort(by='value')~[('b', 1), ('a', 2)]",
                "{'b': 1, 'a': 2} | dictsort(reverse=true)~[('b', 1), ('a', 2)]",
                "{'a': 1} | items | list~[('a', 1)]"
            })
    void eachDoesWhatItsNameSays(String expression, String text) {
        assertThat(of(expression)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "items | sort~[1, 2, 3]",
                "items | sort(reverse=true)~[3, 2, 1]",
                "words | sort~['A', 'b', 'c']",
                "words | sort(case_sensitive=true)~['A', 'b', 'c']",
                "['b', 'B', 'a'] | sort~['a', 'b', 'B']",
                "['b', 'B', 'a'] | sort(true)~['b', 'B', 'a']",
                "pets | sort(attribute='age') | map(attribute='name') | join~TomAdaRex",
                "[[2, 'x'], [1, 'y']] | sort(attribute=0) | map('last') | join~yx"
            })
    void sortingKnowsFieldsCaseAndOrder(String expression, String text) {
        assertThat(of(expression)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "pets | map(attribute='name') | list~['Rex', 'Tom', 'Ada']",
                "pets | map(attribute='size', default=0) | list~[0, 0, 0]",
                "pets | map(attribute='size') | list~[Undefined, Undefined, Undefined]",
                "[{'a': {'b': 1}}, {}] | map(attribute='a.b', default='-') | join~1-",
                "[[1, 2]] | map(attribute=1) | list~[2]",
                "words | map('upper') | join~BAC",
                "['1', 'x'] | map('int', 9) | list~[1, 9]",
                "['x'] | map('indent', width=2, first=true) | list~['  x']",
            })
    void mapTakesFieldsOrFilters(String expression, String text) {
        assertThat(of(expression)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "items | select('odd') | list~[3, 1]",
                "items | reject('odd') | list~[2]",
                "items | select('gt', 1) | list~[3, 2]",
                "[0, 1, '', none] | select | list~[1]",
                "[0, 1, '', none] | reject | list~[0, '', None]",
                "pets | selectattr('kind', 'equalto', 'dog') | map(attribute='name') | join~RexAda",
                "pets | rejectattr('kind', 'in', ['dog']) | map(attribute='name') | join~Tom",
                "pets | selectattr('age', 'defined') | list | length~3",
                "pets | selectattr('size') | list~[]",
                "messages | selectattr('role', 'eq', 'user') | map(attribute='content') | join~U",
                "messages | rejectattr('role', 'eq', 'system') | map(attribute='role') | join(',')~user,assistant"
            })
    void selectAndRejectAskTests(String expression, String text) {
        assertThat(of(expression)).isEqualTo(text);
    }

    /// In Jinja a test of such a list without `| list` is always true, a mistake templates really make.
    @Test
    void whatIsNotYetAListIsTrueEvenIfEmpty() {
        assertThat(of("'y' if [] | map('upper') else 'n'")).isEqualTo("y");
        assertThat(of("'y' if [] | map('upper') | list else 'n'")).isEqualTo("n");
        assertThat(of("'y' if pets | selectattr('kind', 'eq', 'cow') else 'n'")).isEqualTo("y");
    }

    @Test
    void whatIsNotYetAListIsGoneOnceLoopedOver() {
        assertThat(Render.of("{% set l = items | map('string') %}{{ l | join }}|{{ l | join }}", GIVEN))
                .isEqualTo("312|");
        assertThat(Render.of("{% set l = items | map('string') | list %}{{ l | join }}|{{ l | join }}", GIVEN))
                .isEqualTo("312|312");
    }

    @Test
    void theEndsOfNothingAreUndefined() {
        assertThat(of("([] | first) is defined")).isEqualTo("False");
        assertThat(of("('' | last) is defined")).isEqualTo("False");
        assertThat(of("(missing | first) is defined")).isEqualTo("False");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{{ 5 | first }}~something to loop over~an int",
                "{{ 5 | indent }}~a text~an int",
                "{{ range(3)[1:] }}~something printable~a range or view",
                "{{ none | join }}~something to loop over~None",
                "{{ [1] | map('upper') | last }}~a list to find the last of~what map, select and their like give (add | list)",
                "{{ [1] | map('upper') | length }}~something with a length~what map, select and their like give (add | list)",
                "{{ [1] | map('upper') }}~something printable~what map, select and their like give (add | list)",
                "{{ [1] | map('upper') + [2] }}~values '+' works on~what map, select and their like give (add | list) and a list",
                "{{ (1, 'a') | sort }}~two numbers or texts to compare~a str and an int",
                "{{ [[1], [1]] | unique | list }}~a text, whole number or none as a key~a list",
                "{{ [1] | dictsort }}~a dict with items~a list",
                "{{ {} | dictsort(by='size') }}~dictsort by 'key' or 'value'~another",
                "{{ [1] | items | list }}~a dict with items~a list",
                "{{ [1] | map }}~an argument 'filter' for filter map~none",
                "{{ [1] | map(attribute='a', nosuch=1) }}~an argument filter map takes~'nosuch'",
                "{{ [1] | map('nosuch') | list }}~a filter this version knows~'nosuch'",
                "{{ [1] | select('nosuch') | list }}~a test this version knows~'is nosuch' with 0 arguments",
                "{{ [1] | selectattr }}~an argument 'attribute' for filter selectattr~none",
                "{{ [1] | batch(0) }}~batches of at least 1~0",
                "{{ [1] | sort(1, 2, 3, 4) }}~at most 3 arguments for filter sort~4",
                "{{ [1] | first(1) }}~at most 0 arguments for filter first~1",
                "{{ [1] | join(nosuch=1) }}~an argument filter join takes~'nosuch'"
            })
    void refusesWhatJinjaRefuses(String source, String expected, String found) {
        Render.refused(source, expected, found);
    }

    /// Sorting changes the order and nothing else; reversing twice, or the parts of a batch, give the list again.
    @Test
    void lawsOfLists() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 100; i++) {
            List<Long> numbers = new ArrayList<>();
            for (int n = random.nextInt(8); n > 0; n--) {
                numbers.add(random.nextLong(-5, 5));
            }
            Map<String, Object> given = Map.of("l", numbers);
            List<Long> sorted = numbers.stream().sorted().toList();
            assertThat(Render.of("{{ l | sort }}", given)).isEqualTo(sorted.toString());
            assertThat(Render.of("{{ l | reverse | list | reverse | list == l }}", given))
                    .isEqualTo("True");
            assertThat(Render.of("{{ l | unique | list | length <= l | length }}", given))
                    .isEqualTo("True");
            assertThat(Render.of("{{ l | batch(3) | map('join', ',') | join(',') == l | join(',') }}", given))
                    .isEqualTo("True");
            assertThat(Render.of(
                            "{{ l | select('odd') | list | length + l | reject('odd') | list | length == l | length }}",
                            given))
                    .isEqualTo("True");
        }
    }
}
