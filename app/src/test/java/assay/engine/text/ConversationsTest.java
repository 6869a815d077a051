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
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// Templates in the style of every family, with conversations of every kind, as transformers writes them
/// (`bench/golden/chats.py`).
class ConversationsTest {
    private static final JsonNode GOLDEN = Golden.read("chats.json");
    private static final LocalDateTime CLOCK =
            LocalDateTime.parse(GOLDEN.path("clock").asString());
    private static final String REFUSAL = "(?s)chat template: expected .+, found .+ \\(.+\\)\\. .+";

    @TestFactory
    List<DynamicContainer> everyFamilyWritesEveryConversationAsTransformersDoes() {
        Map<String, List<DynamicTest>> families = new LinkedHashMap<>();
        for (JsonNode row : GOLDEN.path("rows")) {
            String name =
                    row.path("conversation").asString() + (row.path("prompt").asBoolean() ? ", opening an answer" : "");
            families.computeIfAbsent(row.path("template").asString(), _ -> new ArrayList<>())
                    .add(dynamicTest(name, () -> check(row)));
        }
        return families.entrySet().stream()
                .map(family -> dynamicContainer(family.getKey(), family.getValue()))
                .toList();
    }

    private static void check(JsonNode row) {
        ChatTemplate template = template(row.path("template").asString());
        Map<String, Object> given = given(row.path("conversation").asString());
        given.put("add_generation_prompt", row.path("prompt").asBoolean());
        if (row.has("text")) {
            assertThat(template.render(given)).isEqualTo(row.path("text").asString());
            return;
        }
        assertThatThrownBy(() -> template.render(given))
                .isInstanceOf(InputException.class)
                .hasMessageMatching(REFUSAL)
                .hasMessageContaining(row.path("raised").asString(""));
    }

    private static ChatTemplate template(String name) {
        return ChatTemplate.parse(GOLDEN.path("templates").path(name).asString());
    }

    private static Map<String, Object> given(String conversation) {
        JsonNode said = GOLDEN.path("conversations").path(conversation);
        Map<String, Object> given = new LinkedHashMap<>(Golden.map(said.path("variables")));
        given.put("messages", Golden.list(said.path("messages")));
        given.put("strftime_now", CLOCK);
        return given;
    }

    @Test
    void thereAreTemplatesOfMoreThanThirtyFamiliesAndConversationsOfAllKinds() {
        assertThat(GOLDEN.path("templates").size()).isGreaterThan(30);
        assertThat(GOLDEN.path("conversations").size()).isGreaterThan(25);
        assertThat(GOLDEN.path("rows").size())
                .isEqualTo(2
                        * GOLDEN.path("templates").size()
                        * GOLDEN.path("conversations").size());
    }

    /// A refusal of the template's own reaches the user in its words.
    @Test
    void whatATemplateRaisesIsSaidInItsOwnWords() {
        Set<String> raised = new TreeSet<>();
        for (JsonNode row : GOLDEN.path("rows")) {
            if (row.has("raised")) {
                raised.add(row.path("raised").asString());
            }
        }
        assertThat(raised)
                .contains(
                        "No system messages here",
                        "Who is \"narrator\"?",
                        "Turns must go user, assistant, user, assistant and so on.");
        assertThatThrownBy(() -> template("gemma2").render(given("system")))
                .hasMessage("chat template: expected a conversation it accepts, found one it refuses with"
                        + " \"No system messages here\" (raise_exception). Change the roles, or use another model.");
    }

    /// Most people give a role and a text: what the public method takes must be what the goldens were made of.
    @Test
    void messagesOfARoleAndATextAreRenderedTheSameWayByThePublicMethod() {
        Map<String, Object> given = given("dialogue");
        List<ChatTemplate.Message> messages = new ArrayList<>();
        for (JsonNode turn : GOLDEN.path("conversations").path("dialogue").path("messages")) {
            messages.add(new ChatTemplate.Message(
                    turn.path("role").asString(), turn.path("content").asString()));
        }
        for (String name : GOLDEN.path("templates").propertyNames()) {
            given.put("add_generation_prompt", true);
            String whole = template(name).render(given);
            Map<String, Object> others = new LinkedHashMap<>(given);
            others.keySet().removeAll(Set.of("messages", "add_generation_prompt"));
            assertThat(template(name).render(messages, true, others)).as(name).isEqualTo(whole);
        }
    }

    /// Without a clock, templates that ask fall back to a date of their own; for the others it stands still.
    @Test
    void withoutAClockEveryDayIsTheSame() {
        Map<String, Object> given = given("user");
        given.remove("strftime_now");
        given.put("add_generation_prompt", true);
        assertThat(template("llama32").render(given)).contains("Date: 26 Jul 2024");
        assertThat(template("smollm3").render(given)).contains("Date: 26 July 2024");
        assertThat(template("tekken").render(given)).contains("Today is 2024-07-26.");
        assertThat(template("gpt-oss").render(given)).contains("Date: 2024-07-26");
        given.put("strftime_now", CLOCK);
        assertThat(template("llama32").render(given)).contains("Date: 09 Mar 2025");
        assertThat(template("tekken").render(given)).contains("Today is 2025-03-09.");
    }

    /// Rendering leaves nothing behind: a template may be used for any number of conversations.
    @Test
    void aTemplateGivesTheSameTextEachTime() {
        for (String name : GOLDEN.path("templates").propertyNames()) {
            ChatTemplate template = template(name);
            Map<String, Object> given = given("dialogue");
            String first = template.render(given);
            template.render(given("user"));
            assertThat(template.render(given)).as(name).isEqualTo(first);
        }
    }

    /// What the user says reaches the model even if it looks like a template.
    @Test
    void tagsInWhatIsSaidAreNotRun() {
        for (String name : GOLDEN.path("templates").propertyNames()) {
            for (JsonNode row : GOLDEN.path("rows")) {
                if (row.path("template").asString().equals(name)
                        && row.path("conversation").asString().equals("padded")
                        && row.has("text")) {
                    assertThat(row.path("text").asString()).as(name).contains("{{ no }} {% tag %}");
                }
            }
        }
    }
}
