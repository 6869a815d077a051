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

    /// What Jinja renders and this version refuses; the name of such a case is what the refusal says.
    private static final String REFUSED_HERE = "refused";

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

    private static void check(JsonNode row) {
        String source = row.path("template").asString();
        if (isRefusedHere(row)) {
            assertThatThrownBy(() -> render(source))
                    .isInstanceOf(InputException.class)
                    .hasMessageMatching(REFUSAL)
                    .hasMessageStartingWith(
                            "chat template: expected " + row.path("name").asString() + " (");
        } else if (row.has("text")) {
            assertThat(render(source)).isEqualTo(row.path("text").asString());
        } else {
            assertThatThrownBy(() -> render(source))
                    .isInstanceOf(InputException.class)
                    .hasMessageMatching(REFUSAL)
                    .hasMessageContaining(row.path("raised").asString(""));
        }
    }

    private static boolean isRefusedHere(JsonNode row) {
        return row.path("group").asString().equals(REFUSED_HERE);
    }

    private static String render(String source) {
        Map<String, Object> given = new LinkedHashMap<>(Golden.map(GOLDEN.path("variables")));
        given.put("messages", List.of());
        given.put("add_generation_prompt", false);
        given.put("strftime_now", LocalDateTime.parse(GOLDEN.path("clock").asString()));
        return ChatTemplate.parse(source).render(given);
    }

    @Test
    void whatIsRefusedHereIsRenderedByJinja() {
        int refusedHere = 0;
        for (JsonNode row : GOLDEN.path("rows")) {
            if (isRefusedHere(row)) {
                assertThat(row.has("text")).as(row.path("name").asString()).isTrue();
                refusedHere++;
            }
        }
        assertThat(refusedHere).isBetween(100, GOLDEN.path("rows").size() / 4);
    }
}
