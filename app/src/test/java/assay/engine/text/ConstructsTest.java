package assay.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import assay.InputException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// Every construct of the language by itself, as transformers' Jinja reads it (`bench/golden/chats.py`).
class ConstructsTest {
    private static final JsonNode GOLDEN = Golden.read("constructs.json");
    private static final String REFUSAL = "(?s)chat template: expected .+, found .+ \\(.+\\)\\. .+";

    /// What Jinja renders and this version refuses, with what it says was found.
    private static final Map<String, String> REFUSED_HERE = Map.ofEntries(
            Map.entry("filters / escape", "'e'"),
            Map.entry("filters / escape and then more", "'e'"),
            Map.entry("filters / truncate", "'truncate'"),
            Map.entry("filters / wordcount", "'wordcount'"),
            Map.entry("filters / pprint", "'pprint'"),
            Map.entry("filters / urlencode", "'urlencode'"),
            Map.entry("filters / striptags", "'striptags'"),
            Map.entry("filters / wordwrap", "'wordwrap'"),
            Map.entry("filters / filesizeformat", "'filesizeformat'"),
            Map.entry("filters / xmlattr", "'xmlattr'"),
            Map.entry("filters / random", "'random'"),
            Map.entry("filters / forceescape", "'forceescape'"),
            Map.entry("filters / urlize", "'urlize'"),
            Map.entry("macros / cycler", "'cycler'"),
            Map.entry("macros / lipsum", "'lipsum'"),
            Map.entry("methods / encode", "'encode' of a str"),
            Map.entry("methods / format with widths", "'{:>5}'"),
            Map.entry("methods / format with a conversion", "'{!r}'"),
            Map.entry("methods / format with a field", "'{0[0]}'"),
            Map.entry("methods / method on a literal number", "'bit_length' of an int"),
            Map.entry("methods / numbers have methods", "'bit_length' of an int"),
            Map.entry("methods / float methods", "'is_integer' of a float"),
            Map.entry("methods / numbers have parts", "'real' of an int"),
            Map.entry("numbers / root of a negative number", "not real"),
            Map.entry("numbers / percent formats of this kind are rare", "'%e'"),
            Map.entry("numbers / percent format with a star", "'%*'"),
            Map.entry("numbers / sums beyond 64 bits", "larger ones"),
            Map.entry("numbers / products beyond 64 bits", "larger ones"),
            Map.entry("numbers / numbers beyond 64 bits in the text", "'99999999999999999999'"),
            Map.entry("numbers / float to whole beyond 64 bits", "larger ones"),
            Map.entry("operators / whole numbers beyond 64 bits", "larger ones"),
            Map.entry("scopes / a block named block", "'block' (line 1)"),
            Map.entry("scopes / autoescape", "'autoescape' (line 1)"),
            Map.entry("tests / filter and test as tests", "'is filter'"),
            Map.entry("tests / escaped", "'is escaped'"));

    @TestFactory
    List<DynamicContainer> everyConstructReadsAsInJinja() {
        Map<String, List<DynamicTest>> groups = new LinkedHashMap<>();
        for (JsonNode row : GOLDEN.path("rows")) {
            groups.computeIfAbsent(row.path("group").asString(), _ -> new ArrayList<>())
                    .add(dynamicTest(row.path("name").asString(), () -> check(row)));
        }
        return groups.entrySet().stream()
                .map(group -> dynamicContainer(group.getKey(), group.getValue()))
                .toList();
    }

    private static String name(JsonNode row) {
        return row.path("group").asString() + " / " + row.path("name").asString();
    }

    private static void check(JsonNode row) {
        String source = row.path("template").asString();
        String refusedHere = REFUSED_HERE.get(name(row));
        if (row.has("text") && refusedHere == null) {
            assertThat(render(source)).isEqualTo(row.path("text").asString());
            return;
        }
        assertThatThrownBy(() -> render(source))
                .isInstanceOf(InputException.class)
                .hasMessageMatching(REFUSAL)
                .hasMessageContaining(refusedHere == null ? row.path("raised").asString("") : refusedHere);
    }

    private static String render(String source) {
        Map<String, Object> given = new LinkedHashMap<>(Golden.map(GOLDEN.path("variables")));
        given.put("messages", List.of());
        given.put("add_generation_prompt", false);
        given.put("strftime_now", LocalDateTime.parse(GOLDEN.path("clock").asString()));
        return ChatTemplate.parse(source).render(given);
    }

    @Test
    void everythingRefusedHereAloneIsInTheGoldens() {
        List<String> rendered = new ArrayList<>();
        GOLDEN.path("rows").forEach(row -> {
            if (row.has("text")) {
                rendered.add(name(row));
            }
        });
        assertThat(rendered).containsAll(REFUSED_HERE.keySet());
        assertThat(rendered.size()).isGreaterThan(10 * REFUSED_HERE.size());
    }
}
