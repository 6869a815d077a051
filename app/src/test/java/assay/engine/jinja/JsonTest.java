package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class JsonTest {
    private static String json(Object value) {
        return Json.of(Values.of(value), new Arguments("filter tojson", List.of(), Map.of()));
    }

    private static String json(Object value, Map<String, Object> options) {
        return Json.of(Values.of(value), new Arguments("filter tojson", List.of(), options));
    }

    @Test
    void writesWhatPythonWrites() {
        Map<String, Object> nothing = new LinkedHashMap<>();
        nothing.put("a", null);
        assertThat(json(nothing)).isEqualTo("{\"a\": null}");
        assertThat(json(List.of(1, 1.0, true, "x", List.of(), Map.of()))).isEqualTo("[1, 1.0, true, \"x\", [], {}]");
        assertThat(json(1e20)).isEqualTo("1e+20");
        assertThat(Json.of(Values.tuple(List.of(1L)), new Arguments("tojson", List.of(), Map.of())))
                .isEqualTo("[1]");
    }

    @Test
    void escapesForJsonAndNotForHtml() {
        assertThat(json("<a href='x'>&\"\\/")).isEqualTo("\"<a href='x'>&\\\"\\\\/\"");
        assertThat(json("\n\r\t\b\f\u0000\u001f\u007f\u2028"))
                .isEqualTo("\"\\n\\r\\t\\b\\f\\u0000\\u001f\u007f\u2028\"");
    }

    @Test
    void otherScriptsAreEscapedOnlyWhenAsked() {
        assertThat(json("é🙂")).isEqualTo("\"é🙂\"");
        assertThat(json("é🙂\u007f", Map.of("ensure_ascii", true))).isEqualTo("\"\\u00e9\\ud83d\\ude42\\u007f\"");
    }

    @Test
    void indentsByNumbersAndTexts() {
        Map<String, Object> value = Map.of("a", List.of(1, 2));
        assertThat(json(value, Map.of("indent", 2L))).isEqualTo("{\n  \"a\": [\n    1,\n    2\n  ]\n}");
        assertThat(json(value, Map.of("indent", "\t"))).isEqualTo("{\n\t\"a\": [\n\t\t1,\n\t\t2\n\t]\n}");
        assertThat(json(value, Map.of("indent", 0L))).isEqualTo("{\n\"a\": [\n1,\n2\n]\n}");
        assertThat(json(List.of(), Map.of("indent", 2L))).isEqualTo("[]");
        assertThat(json(Map.of(), Map.of("indent", 2L))).isEqualTo("{}");
    }

    @Test
    void keysAreTextsWhateverTheyWere() {
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put(1L, 1L);
        map.put(Values.NONE, 2L);
        assertThat(json(map)).isEqualTo("{\"1\": 1, \"null\": 2}");
    }

    @Test
    void keysAreSortedOnlyWhenAsked() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", 1);
        map.put("a", 2);
        assertThat(json(map)).isEqualTo("{\"b\": 1, \"a\": 2}");
        assertThat(json(map, Map.of("sort_keys", true))).isEqualTo("{\"a\": 2, \"b\": 1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{{ missing | tojson }}~something JSON can hold~nothing called 'missing'",
                "{{ [range] | tojson }}~something JSON can hold~a function",
                "{{ range(3) | tojson }}~something JSON can hold~a range or view",
                "{{ {'a': namespace()} | tojson }}~something JSON can hold~a namespace",
                "{{ {(1, 2): 3} | tojson }}~a text, whole number or none as a key~a tuple",
                "{{ (1e308 * 10) | tojson }}~a float of a usual size~Infinity",
                "{{ 1 | tojson(nosuch=1) }}~an argument filter tojson takes~'nosuch'",
                "{{ 1 | tojson(1, 2, 3, 4, 5) }}~at most 4 arguments for filter tojson~5",
                "{{ {} | tojson(separators=',') }}~two separators~1",
                "{{ {} | tojson(separators=(1, 2)) }}~a text~an int",
                "{{ {} | tojson(indent=1.5) }}~a whole number~a float",
                "{{ {'a': 1, 2: 1} | tojson(sort_keys=true) }}~two numbers or texts to compare~an int and a str"
            })
    void refusesWhatJsonCannotHold(String source, String expected, String found) {
        Render.refused(source, expected, found);
    }

    /// Whatever is written can be read again, by a library that is not ours.
    @Test
    void whatIsWrittenIsJson() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 300; i++) {
            Object value = any(random, 0);
            for (Map<String, Object> options : List.of(
                    Map.<String, Object>of(),
                    Map.<String, Object>of("indent", 3L),
                    Map.<String, Object>of("ensure_ascii", true),
                    Map.<String, Object>of("separators", List.of(",", ":")))) {
                Object again = JsonMapper.shared().readValue(json(value, options), Object.class);
                assertThat(Values.equal(Values.of(again), Values.of(value)))
                        .as(json(value, options))
                        .isTrue();
            }
        }
    }

    private static Object any(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 6)) {
            case 0 -> random.nextLong(-1000, 1000);
            case 1 -> random.nextBoolean();
            case 2 -> random.nextDouble(-10, 10);
            case 3 -> text(random);
            case 4 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(any(random, depth + 1));
                }
                yield list;
            }
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(text(random), any(random, depth + 1));
                }
                yield map;
            }
        };
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            int c = random.nextInt(3) == 0 ? random.nextInt(0x20000) : random.nextInt(128);
            text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 'x' : c);
        }
        return text.toString();
    }
}
